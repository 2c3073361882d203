package dev.husk.bench.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Keeps many blocks of random sizes alive and replaces them at random; then it rests, frees nine of
 * ten, and rests again. Prints how much resident memory a live byte takes: at the peak, and at the
 * end of each rest. What the process took before is left out; run it with a heap that is touched at
 * the start.
 */
public final class Churn {
  private static final int MIN_BITS = 4;
  private static final int MAX_BITS = 15;
  private static final int WARM_UP_BLOCKS = 1_000;

  private Churn() {}

  /**
   * Arguments: {@code by}, {@code blocks}, {@code seconds} of load, {@code rest} seconds after it.
   */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    OffHeapLoop memory = OffHeapLoop.of(probe.text("by", "unsafe"));
    Random random = new Random(probe.number("seed", 1));
    int blocks = probe.number("blocks", 100_000);
    long[] addresses = new long[blocks];
    int[] sizes = new int[blocks];
    for (int i = 0; i < WARM_UP_BLOCKS; i++) {
      replace(memory, random, addresses, sizes, i);
    }
    System.gc();
    for (int i = 0; i < WARM_UP_BLOCKS; i++) {
      memory.free(addresses[i]);
      addresses[i] = 0;
      sizes[i] = 0;
    }
    long before = resident();
    for (int i = 0; i < blocks; i++) {
      replace(memory, random, addresses, sizes, i);
    }
    double peak = 0;
    long replaced = 0;
    long end = System.nanoTime() + probe.measureNanos();
    while (System.nanoTime() < end) {
      for (int i = 0; i < 10_000; i++) {
        replace(memory, random, addresses, sizes, random.nextInt(blocks));
      }
      replaced += 10_000;
      peak = Math.max(peak, (double) (resident() - before) / live(sizes));
    }
    Metrics.print("peak/live", peak);
    Metrics.print("Mreplaced", replaced / 1e6);
    int rest = probe.number("rest", 30);
    Thread.sleep(rest * 1000L);
    Metrics.print("later/live", (double) (resident() - before) / live(sizes));
    for (int i = 0; i < blocks; i++) {
      if (random.nextInt(10) != 0) {
        memory.free(addresses[i]);
        addresses[i] = 0;
        sizes[i] = 0;
      }
    }
    Thread.sleep(rest * 1000L);
    Metrics.print("few/live", (double) (resident() - before) / live(sizes));
  }

  private static void replace(
      OffHeapLoop memory, Random random, long[] addresses, int[] sizes, int at) {
    if (addresses[at] != 0) {
      memory.free(addresses[at]);
    }
    int bytes = 1 << (MIN_BITS + random.nextInt(MAX_BITS - MIN_BITS));
    bytes += random.nextInt(bytes);
    addresses[at] = memory.allocate(bytes);
    sizes[at] = bytes;
    OffHeapLoop.touch(addresses[at], bytes);
  }

  private static long live(int[] sizes) {
    long sum = 0;
    for (int size : sizes) {
      sum += size;
    }
    return sum;
  }

  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
  }
}
