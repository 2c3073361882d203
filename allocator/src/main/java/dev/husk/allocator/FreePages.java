package dev.husk.allocator;

import org.jspecify.annotations.Nullable;

/** Where nothing lives at the moment, in a region of ours: so a stray address is known for one. */
final class FreePages extends Tenant {
  static final FreePages INSTANCE = new FreePages();

  private FreePages() {
    super(new PageRun(0, 0));
  }

  @Override
  long sizeOf(long address) {
    return -1;
  }

  @Override
  void hold(long address, Object holder) {
    throw new IllegalStateException();
  }

  @Override
  void watch(long address, Watch watch) {
    throw new IllegalStateException();
  }

  @Override
  void keep(long address, Watch watch) {
    throw new IllegalStateException();
  }

  @Override
  @Nullable Watch watched(long address) {
    return null;
  }

  @Override
  void show(WatchVisitor visitor) {}
}
