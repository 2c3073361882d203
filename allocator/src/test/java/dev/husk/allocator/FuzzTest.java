package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.Test;

/**
 * Random allocations, resizes and frees on many threads that come and go and hand blocks over; each
 * block keeps what was written to it. Some seconds, and ten minutes in a long run.
 */
final class FuzzTest {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final int THREADS = 8;
  private static final int MOST = 400;

  private final ConcurrentLinkedQueue<long[]> shared = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void blocksKeepWhatTheyHold() throws InterruptedException {
    Duration time =
        Boolean.getBoolean("husk.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(5);
    long end = System.nanoTime() + time.toNanos();
    long misuses = Misuse.count();
    List<Thread> threads = new ArrayList<>();
    for (int seed = 0; seed < THREADS; seed++) {
      threads.add(start(seed, end));
    }
    for (int seed = THREADS; System.nanoTime() < end; seed++) {
      // A thread at a time ends and is followed by another one.
      Thread last = threads.removeFirst();
      last.interrupt();
      last.join();
      threads.add(start(seed, end));
      Thread.sleep(50);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
    shared.forEach(this::free);
    assertEquals(misuses, Misuse.count());
  }

  private Thread start(long seed, long end) {
    Thread thread = new Thread(() -> run(new Random(seed), end));
    thread.start();
    return thread;
  }

  private void run(Random random, long end) {
    List<long[]> own = new ArrayList<>();
    try {
      while (!Thread.currentThread().isInterrupted() && System.nanoTime() < end) {
        for (int i = 0; i < 1_000; i++) {
          step(random, own);
        }
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    } finally {
      shared.addAll(own);
    }
  }

  private void step(Random random, List<long[]> own) {
    int what = random.nextInt(own.size() > MOST ? 4 : 8);
    if (own.isEmpty() || what > 5) {
      own.add(allocate(random));
      return;
    }
    int at = random.nextInt(own.size());
    long[] block = own.get(at);
    if (what == 5) {
      resize(block, random);
      return;
    }
    own.set(at, own.getLast());
    own.removeLast();
    if (what < 2) {
      shared.add(block);
      block = shared.poll();
    }
    if (block != null) {
      free(block);
    }
  }

  private static long size(Random random) {
    int bits = random.nextInt(200) == 0 ? random.nextInt(25) : random.nextInt(15);
    return 1 + (random.nextLong() & ((1L << bits) - 1));
  }

  private static long[] allocate(Random random) {
    long bytes = size(random);
    boolean zero = random.nextBoolean();
    long address = zero ? Allocator.allocateZero(bytes) : Allocator.allocate(bytes);
    if (zero) {
      assertEquals(0, U.getByte(address));
      assertEquals(0, U.getByte(address + bytes / 2));
      assertEquals(0, U.getByte(address + bytes - 1));
    }
    byte value = (byte) random.nextInt();
    U.setMemory(address, bytes, value);
    return new long[] {address, bytes, value};
  }

  private static void resize(long[] block, Random random) {
    check(block);
    long bytes = size(random);
    long address = Allocator.reallocate(block[0], bytes);
    check(new long[] {address, Math.min(bytes, block[1]), block[2]});
    U.setMemory(address, bytes, (byte) block[2]);
    block[0] = address;
    block[1] = bytes;
  }

  private static void check(long[] block) {
    long bytes = block[1];
    for (long at = 0; at < bytes; at += Math.max(1, bytes / 64)) {
      assertEquals((byte) block[2], U.getByte(block[0] + at));
    }
    assertEquals((byte) block[2], U.getByte(block[0] + bytes - 1));
  }

  private void free(long[] block) {
    check(block);
    Allocator.free(block[0]);
  }
}
