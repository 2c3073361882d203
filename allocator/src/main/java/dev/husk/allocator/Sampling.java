package dev.husk.allocator;

/**
 * Watches one block in each {@link #MEAN} bytes that are allocated, so that a look at those in use
 * tells who holds how much. The distances are drawn from an exponential distribution: each byte has
 * the same chance to be the one, whatever the pattern of sizes is. Large blocks are always watched.
 * After the heap profiler of tcmalloc.
 */
final class Sampling {
  /** The mean distance, bytes: at a gigabyte a second 250 blocks a second are watched. */
  static final int MEAN = 4 << 20;

  private static final double UNIT = 0x1p-53;

  private Sampling() {}

  /** Draws a distance, bytes. */
  static long interval(long random) {
    return (long) (-Math.log(((random >>> 11) + 1) * UNIT) * MEAN);
  }

  /** How many blocks of a size one that is watched stands for. */
  static double blocks(long bytes) {
    return 1 / (1 - Math.exp(-(double) bytes / MEAN));
  }

  /** Begins to watch a block that the caller has got. */
  static void watch(long address, long bytes) {
    Tenant tenant = PageMap.find(address);
    if (tenant != null) {
      tenant.watch(address, new Watch(bytes, blocks(bytes)));
    }
  }
}
