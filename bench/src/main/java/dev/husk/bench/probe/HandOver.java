package dev.husk.bench.probe;

import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.SpscArrayQueue;

/**
 * One thread allocates off-heap memory, another one frees it. Prints millions of blocks a second.
 * Both are on processors of their own where there are two.
 */
public final class HandOver {
  /** Blocks that go over at once: the queue is not what is measured. */
  private static final int BATCH = 256;

  private HandOver() {}

  /** Arguments: {@code by}, {@code size} (bytes), {@code seconds}, {@code warmUp}. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    OffHeapLoop memory = OffHeapLoop.of(probe.text("by", "unsafe"));
    int bytes = probe.number("size", 256);
    SpscArrayQueue<long[]> full = new SpscArrayQueue<>(64);
    SpscArrayQueue<long[]> empty = new SpscArrayQueue<>(64);
    for (int i = 0; i < 32; i++) {
      empty.offer(new long[BATCH]);
    }
    long[] freed = new long[8];
    Thread consumer =
        probe
            .threads()
            .newThread(
                () -> {
                  for (; ; ) {
                    long[] batch = next(full);
                    if (batch[0] == 0) {
                      return;
                    }
                    for (long address : batch) {
                      memory.free(address);
                    }
                    freed[0] += BATCH;
                    empty.offer(batch);
                  }
                });
    consumer.start();
    Thread producer =
        probe
            .threads()
            .newThread(
                () -> {
                  produce(memory, bytes, full, empty, probe.warmUpNanos());
                  long start = System.nanoTime();
                  long blocks = produce(memory, bytes, full, empty, probe.measureNanos());
                  Metrics.print("Mblocks/s", blocks * 1e3 / (System.nanoTime() - start));
                  full.offer(new long[BATCH]);
                });
    producer.start();
    producer.join();
    consumer.join();
  }

  private static long produce(
      OffHeapLoop memory,
      int bytes,
      SpscArrayQueue<long[]> full,
      SpscArrayQueue<long[]> empty,
      long nanos) {
    long start = System.nanoTime();
    long blocks = 0;
    while (System.nanoTime() - start < nanos) {
      long[] batch = next(empty);
      for (int i = 0; i < BATCH; i++) {
        batch[i] = memory.allocate(bytes);
      }
      blocks += BATCH;
      full.offer(batch);
    }
    return blocks;
  }

  private static long[] next(SpscArrayQueue<long[]> queue) {
    for (int spins = 0; ; spins++) {
      long[] batch = queue.poll();
      if (batch != null) {
        return batch;
      }
      if (spins < 1_000) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(50_000);
      }
    }
  }
}
