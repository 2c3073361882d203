package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks against a model: they don't overlap, keep their contents, are aligned and zeroed. */
final class AllocatorTest {
  private static final Unsafe U = Unsafe.getUnsafe();

  /** A block and what was written to it. */
  private record Block(long address, long bytes, long seed) {
    static Block of(Random random) {
      long bytes = randomSize(random);
      boolean zero = random.nextBoolean();
      long address = zero ? Allocator.allocateZero(bytes) : Allocator.allocate(bytes);
      assertEquals(0, address % SizeClasses.ALIGNMENT);
      if (zero) {
        for (long at = 0; at < bytes; at += step(bytes)) {
          assertEquals(0, U.getByte(address + at));
        }
        assertEquals(0, U.getByte(address + bytes - 1));
      }
      Block block = new Block(address, bytes, random.nextLong());
      block.fill();
      return block;
    }

    private static long step(long bytes) {
      return Math.max(1, bytes / 64);
    }

    private void fill() {
      for (long at = 0; at < bytes; at += step(bytes)) {
        U.putByte(address + at, value(at));
      }
      U.putByte(address + bytes - 1, (byte) seed);
    }

    private byte value(long at) {
      return (byte) (seed + at * 31 + 1);
    }

    void free() {
      assertEquals((byte) seed, U.getByte(address + bytes - 1));
      for (long at = 0; at < bytes - 1; at += step(bytes)) {
        assertEquals(value(at), U.getByte(address + at));
      }
      Allocator.free(address);
    }
  }

  /** Sizes of all magnitudes, small ones more often. */
  private static long randomSize(Random random) {
    int bits = random.nextInt(100) == 0 ? random.nextInt(27) : random.nextInt(14);
    return 1 + (random.nextLong() & ((1L << bits) - 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blocksDoNotOverlap(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Block> model = new TreeMap<>();
    List<Block> live = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      if (live.size() < 2_000 && random.nextInt(5) < 3) {
        Block block = Block.of(random);
        Map.Entry<Long, Block> below = model.floorEntry(block.address);
        Map.Entry<Long, Block> above = model.ceilingEntry(block.address);
        assertTrue(below == null || below.getKey() + below.getValue().bytes <= block.address);
        assertTrue(above == null || block.address + block.bytes <= above.getKey());
        assertTrue(Allocator.sizeOf(block.address) >= block.bytes);
        model.put(block.address, block);
        live.add(block);
      } else if (!live.isEmpty()) {
        int at = random.nextInt(live.size());
        Block block = live.get(at);
        live.set(at, live.getLast());
        live.removeLast();
        model.remove(block.address);
        block.free();
      }
    }
    live.forEach(Block::free);
  }

  @Test
  void threadsFreeEachOthersBlocks() throws InterruptedException {
    ConcurrentLinkedQueue<Block> shared = new ConcurrentLinkedQueue<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      long seed = t;
      Thread thread =
          new Thread(
              () -> {
                try {
                  churn(new Random(seed), shared);
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(failure.get());
    shared.forEach(Block::free);
  }

  private static void churn(Random random, ConcurrentLinkedQueue<Block> shared) {
    List<Block> own = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      int what = random.nextInt(10);
      if (what < 5) {
        own.add(Block.of(random));
      } else if (what < 7 && !own.isEmpty()) {
        own.remove(random.nextInt(own.size())).free();
      } else if (what == 7 && !own.isEmpty()) {
        shared.add(own.removeLast());
      } else {
        Block block = shared.poll();
        if (block != null) {
          block.free();
        }
      }
      if (own.size() > 500) {
        own.forEach(shared::add);
        own.clear();
      }
    }
    own.forEach(Block::free);
  }

  @Test
  void whatIsFreedTwiceStays() {
    long first = Allocator.allocate(100);
    Allocator.free(first);
    Allocator.free(first);
    long one = Allocator.allocate(100);
    long two = Allocator.allocate(100);
    assertTrue(one != two);
    Allocator.free(one);
    Allocator.free(two);
  }

  @Test
  void whatIsOfTheCLibraryGoesBackThere() {
    long address = U.allocateMemory(100);
    assertEquals(-1, Allocator.sizeOf(address));
    Allocator.free(address);
  }
}
