package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.Test;

/** Memory that nobody uses goes back to the kernel, from whichever heap. */
final class ReclaimerTest {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final int BLOCKS = 12_000;
  private static final int BYTES = 8_000;

  @Test
  void memoryOfAThreadThatHasEndedGoesBack() throws Exception {
    List<Long> blocks = new ArrayList<>();
    Thread thread = new Thread(() -> fill(blocks));
    thread.start();
    thread.join();
    long before = resident();
    blocks.forEach(Allocator::free);
    assertGoesBack(before);
  }

  @Test
  void memoryOfAThreadThatDoesNothingGoesBack() throws Exception {
    List<Long> blocks = new ArrayList<>();
    CountDownLatch filled = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    long[] afterwards = new long[1];
    Thread thread =
        new Thread(
            () -> {
              fill(blocks);
              filled.countDown();
              try {
                end.await();
              } catch (InterruptedException e) {
                return;
              }
              // Its heap was taken: it gets another.
              afterwards[0] = Allocator.allocate(100);
              Allocator.free(afterwards[0]);
            });
    thread.start();
    filled.await();
    long before = resident();
    blocks.forEach(Allocator::free);
    assertGoesBack(before);
    end.countDown();
    thread.join();
    assertTrue(afterwards[0] != 0);
  }

  @Test
  void memoryThatTheThreadItselfHasFreedGoesBack() throws Exception {
    List<Long> blocks = new ArrayList<>();
    fill(blocks);
    long before = resident();
    blocks.forEach(Allocator::free);
    assertGoesBack(before);
    long again = Allocator.allocateZero(BYTES);
    for (int i = 0; i < BYTES; i++) {
      assertEquals(0, U.getByte(again + i));
    }
    Allocator.free(again);
  }

  @Test
  void allGoesBackAtOnceWhenMemoryIsShort() throws Exception {
    // Settled, so that the thread sleeps.
    Thread.sleep(2_500);
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      long block = Allocator.allocate(1 << 20);
      U.setMemory(block, 1 << 20, (byte) 1);
      blocks.add(block);
    }
    long before = PageLayer.discarded();
    long start = System.nanoTime();
    blocks.forEach(Allocator::free);
    Reclaimer.hurry();
    assertTrue(soon(() -> PageLayer.discarded() - before >= 40 << 20));
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 700, () -> millis + " ms");
  }

  private static void fill(List<Long> blocks) {
    for (int i = 0; i < BLOCKS; i++) {
      long block = Allocator.allocate(BYTES);
      U.setMemory(block, BYTES, (byte) 1);
      blocks.add(block);
    }
  }

  private static void assertGoesBack(long before) throws Exception {
    long all = (long) BLOCKS * BYTES;
    assertTrue(soon(() -> before - resident() > all * 9 / 10), () -> before + " to " + resident());
    assertTrue(soon(() -> PageLayer.retained() < 1 << 20), () -> PageLayer.retained() + " kept");
  }

  private static boolean soon(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    return condition.getAsBoolean();
  }

  private static long resident() {
    try {
      return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
