package dev.husk.allocator;

import org.jspecify.annotations.Nullable;

/** What lives in a page run; the page map leads from an address to it. */
abstract sealed class Tenant permits Slab, LargeBlock, FreePages {
  final PageRun run;
  final long base;

  Tenant(PageRun run) {
    this.run = run;
    this.base = run.base;
  }

  /**
   * The room of a block, bytes; -1 where none begins.
   *
   * @param address within the run
   */
  abstract long sizeOf(long address);

  /**
   * Keeps an object reachable as long as a block lives.
   *
   * @param address of a block that the caller has got, and nobody else knows of
   */
  abstract void hold(long address, Object holder);

  /**
   * Begins to watch a block, which is not watched.
   *
   * @param address as in {@link #hold}
   */
  abstract void watch(long address, Watch watch);

  /**
   * The same in the safety mode: the watch stays until the block is allocated again.
   *
   * @param address as in {@link #hold}
   */
  abstract void keep(long address, Watch watch);

  /** The watch of the block that begins at an address, if there is one. Any thread. */
  abstract @Nullable Watch watched(long address);

  /** Shows all watches of blocks in use; racy. Any thread. */
  abstract void show(WatchVisitor visitor);
}
