package dev.husk.allocator;

import org.jspecify.annotations.Nullable;

/**
 * Whole pages, one behind the other, from one mapping: what a slab or a large block lives in, and
 * what the page layer keeps for the next.
 *
 * <p>In the hands of one thread at a time; the queues that it goes through publish it.
 */
final class PageRun {
  /** The unit of the page layer, bytes: a multiple of what kernels call a page. */
  static final int PAGE_BITS = 16;

  static final int PAGE = 1 << PAGE_BITS;

  final long base;
  final long bytes;

  /** What it is cut from; null for one that the page layer doesn't know. */
  final @Nullable Region region;

  /** How many bytes from the base may have been written to; those behind them are zero. */
  long dirty;

  /** How many bytes of it the kernel has got back, since it was last taken from the page layer. */
  long hole;

  /** When it was given to the page layer, {@link System#nanoTime()}. */
  long freedAt;

  /** A run without a region: one that nobody takes for memory. */
  PageRun(long base, long bytes) {
    this(base, bytes, null);
  }

  PageRun(long base, long bytes, @Nullable Region region) {
    this.base = base;
    this.bytes = bytes;
    this.region = region;
  }

  /**
   * How many bytes from the base may be resident when so many were written to: all of them where
   * huge pages are, which come whole, and which the kernel has back only when no part is left.
   */
  long resident(long written) {
    return region != null && region.kind == Region.Kind.ALIGNED ? bytes : written;
  }
}
