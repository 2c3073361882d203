package dev.husk.allocator;

/** What lives in a page run; the page map leads from an address to it. */
abstract sealed class Tenant permits Slab, LargeBlock {
  final PageRun run;
  final long base;

  Tenant(PageRun run) {
    this.run = run;
    this.base = run.base;
  }

  /**
   * The size of a block, bytes.
   *
   * @param address one that the tenant has handed out
   */
  abstract long sizeOf(long address);

  /**
   * Keeps an object reachable as long as a block lives.
   *
   * @param address of a block that the caller has got, and nobody else knows of
   */
  abstract void hold(long address, Object holder);
}
