package dev.husk.allocator;

/** What the allocator has and has done, counted while the process goes on. All sizes in bytes. */
public final class MemorySnapshot {
  /** Blocks in use, as they were rounded up to their size class. */
  public final long used;

  /** The number of blocks in use. */
  public final long blocks;

  /** All slabs, whether their blocks are in use or not. */
  public final long slabs;

  /** Blocks that have a page run each. */
  public final long large;

  /** What the page layer holds and the kernel has not got back. */
  public final long freeResident;

  /** Address space. */
  public final long mapped;

  /** What the kernel got back, in all. */
  public final long returned;

  /** Blocks that were freed by another thread than the one that holds their heap. */
  public final long remoteFrees;

  /** Page runs that moved between a heap and the page layer. */
  public final long pageMoves;

  /** Mistakes of the program's: freed twice, freed what isn't a block, written past an end. */
  public final long misuses;

  private final long[] usedBySizeClass;

  MemorySnapshot() {
    Census census = Census.take();
    used = census.used();
    blocks = census.blocks();
    slabs = census.slabs();
    large = census.large();
    freeResident = PageLayer.retained();
    mapped = PageLayer.mapped();
    returned = PageLayer.discarded();
    remoteFrees = Tenure.remoteFrees();
    pageMoves = Tenure.pageMoves();
    misuses = Misuse.count();
    usedBySizeClass = new long[SizeClasses.COUNT];
    for (int i = 0; i < usedBySizeClass.length; i++) {
      usedBySizeClass[i] = census.usedBlocks(i) * SizeClasses.size(i);
    }
  }

  /** The part of slabs and large blocks that no block in use takes, 0 to 1. */
  public double fragmentation() {
    long all = slabs + large;
    return all == 0 ? 0 : Math.max(0, 1 - (double) used / all);
  }

  /** Blocks in use by size class. */
  public long[] usedBySizeClass() {
    return usedBySizeClass.clone();
  }

  /** The size of a class's blocks. */
  public static int size(int sizeClass) {
    return SizeClasses.size(sizeClass);
  }
}
