package dev.husk.allocator;

import java.util.function.Consumer;

/** Who uses how much, counted by a walk over the page map while the process goes on. */
final class Census implements Consumer<Tenant> {
  private final long[] usedBlocks = new long[SizeClasses.COUNT];
  private long slabs;
  private long large;
  private long largeBlocks;

  private Census() {}

  static Census take() {
    Census census = new Census();
    PageMap.forEach(census);
    return census;
  }

  @Override
  public void accept(Tenant tenant) {
    switch (tenant) {
      case Slab slab -> {
        slabs += slab.run.bytes;
        usedBlocks[slab.sizeClass] += slab.used();
      }
      case LargeBlock block -> {
        large += block.run.bytes;
        largeBlocks++;
      }
      case FreePages free -> {}
    }
  }

  /** Blocks of a size class in use. */
  long usedBlocks(int sizeClass) {
    return usedBlocks[sizeClass];
  }

  /** All blocks in use. */
  long blocks() {
    long sum = largeBlocks;
    for (long each : usedBlocks) {
      sum += each;
    }
    return sum;
  }

  /** Bytes of blocks in use, as they were rounded up. */
  long used() {
    long sum = large;
    for (int i = 0; i < usedBlocks.length; i++) {
      sum += usedBlocks[i] * SizeClasses.size(i);
    }
    return sum;
  }

  /** Bytes of all slabs. */
  long slabs() {
    return slabs;
  }

  /** Bytes of blocks that have a page run each. */
  long large() {
    return large;
  }
}
