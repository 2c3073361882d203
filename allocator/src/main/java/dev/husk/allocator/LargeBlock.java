package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** A block that has a page run to itself. It is always watched. */
final class LargeBlock extends Tenant {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FREED = U.objectFieldOffset(LargeBlock.class, "freed");
  private static final long HOLDER = U.objectFieldOffset(LargeBlock.class, "holder");

  /** Set once, by the thread that frees it. */
  private volatile boolean freed;

  private volatile @Nullable Object holder;
  private volatile @Nullable Watch watch;

  LargeBlock(PageRun run) {
    super(run);
  }

  /** Whether the caller is the one that frees it. */
  boolean free() {
    return !freed && U.compareAndSetBoolean(this, FREED, false, true);
  }

  @Override
  long sizeOf(long address) {
    return address == base ? run.bytes : -1;
  }

  @Override
  void hold(long address, Object holder) {
    this.holder = holder;
  }

  /** Lets go of an object; true for one caller only. */
  boolean letGo(Object holder) {
    return this.holder == holder && U.compareAndSetReference(this, HOLDER, holder, null);
  }

  @Override
  void watch(long address, Watch watch) {
    this.watch = watch;
  }

  @Override
  void keep(long address, Watch watch) {
    this.watch = watch;
  }

  @Override
  @Nullable Watch watched(long address) {
    return address == base ? watch : null;
  }

  @Override
  void show(WatchVisitor visitor) {
    Watch watch = this.watch;
    if (watch != null && watch.freed == null) {
      visitor.visit(watch);
    }
  }
}
