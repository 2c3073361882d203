package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** A block that has a page run to itself. */
final class LargeBlock extends Tenant {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FREED = U.objectFieldOffset(LargeBlock.class, "freed");
  private static final long HOLDER = U.objectFieldOffset(LargeBlock.class, "holder");

  /** Set once, by the thread that frees it. */
  private volatile boolean freed;

  private volatile @Nullable Object holder;

  LargeBlock(PageRun run) {
    super(run);
  }

  /** Whether the caller is the one that frees it. */
  boolean free() {
    return !freed && U.compareAndSetBoolean(this, FREED, false, true);
  }

  @Override
  long sizeOf(long address) {
    return run.bytes;
  }

  @Override
  void hold(long address, Object holder) {
    this.holder = holder;
  }

  /** Lets go of an object; true for one caller only. */
  boolean letGo(Object holder) {
    return this.holder == holder && U.compareAndSetReference(this, HOLDER, holder, null);
  }
}
