package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jdk.internal.misc.Unsafe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The safety mode tells of each mistake, with where the block came from, and of nothing else. */
final class ChecksTest {
  private static final Unsafe U = Unsafe.getUnsafe();

  @BeforeAll
  static void pastTheFirstBlocks() {
    // Those are the C library's.
    for (int i = 0; i < 200; i++) {
      Allocator.free(Allocator.allocate(10));
    }
  }

  /** What is written to standard error meanwhile. */
  private static String told(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void free(long address) {
    Checks.free(PageMap.find(address), address);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 100, 5_000, 300_000, 50_000_000})
  void rightUseIsQuiet(long bytes) {
    String told =
        told(
            () -> {
              long address = Checks.allocate(bytes, true);
              for (long at = 0; at < bytes; at += Math.max(1, bytes / 100)) {
                assertEquals(0, U.getByte(address + at));
              }
              U.setMemory(address, bytes, (byte) 7);
              long moved = Checks.reallocate(PageMap.find(address), address, bytes + 10);
              assertEquals(7, U.getByte(moved + bytes - 1));
              free(moved);
              Quarantine.empty();
            });
    assertEquals("", told);
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 1 << 20})
  void aWritePastTheEnd(long bytes) {
    String told =
        told(
            () -> {
              long address = Checks.allocate(bytes, false);
              U.putByte(address + bytes + 3, (byte) 1);
              free(address);
            });
    assertTrue(told.contains("written past its end, first at byte " + (bytes + 3)), told);
    assertTrue(told.contains("allocated by thread"), told);
    assertTrue(told.contains("ChecksTest.lambda$aWritePastTheEnd"), told);
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 1 << 20})
  void aSecondFree(long bytes) {
    String told =
        told(
            () -> {
              long address = Checks.allocate(bytes, false);
              free(address);
              free(address);
            });
    assertTrue(told.contains("was freed twice"), told);
    assertTrue(told.contains("the first time by"), told);
    assertTrue(told.contains("the block of " + bytes + " bytes"), told);
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 1 << 20})
  void aWriteAfterTheFree(long bytes) {
    String told =
        told(
            () -> {
              long address = Checks.allocate(bytes, false);
              free(address);
              U.putByte(address + 11, (byte) 1);
              Quarantine.empty();
            });
    assertTrue(told.contains("was written after it was freed, first at byte 11"), told);
    assertTrue(told.contains("freed by thread"), told);
  }

  @Test
  void aFreeOfSomethingInside() {
    String told =
        told(
            () -> {
              long address = Checks.allocate(100, false);
              free(address + 16);
              free(address);
            });
    assertTrue(told.contains("no block begins at"), told);
    assertTrue(told.contains("it is within one of 100 bytes"), told);
  }

  @Test
  void aFreeOfPagesThatNothingLivesIn() {
    long[] address = new long[1];
    told(
        () -> {
          address[0] = Checks.allocate(1 << 20, false);
          free(address[0]);
          Quarantine.empty();
        });
    long before = Misuse.count();
    told(() -> Allocator.free(address[0]));
    assertEquals(before + 1, Misuse.count());
  }

  @Test
  void manyBlocksOfManyThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long before = Misuse.count();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread thread =
          new Thread(
              () -> {
                List<Long> own = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                  if (own.size() < 100 && random.nextBoolean()) {
                    own.add(Checks.allocate(1 + random.nextInt(20_000), random.nextBoolean()));
                  } else if (!own.isEmpty()) {
                    free(own.remove(random.nextInt(own.size())));
                  }
                }
                own.forEach(ChecksTest::free);
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Quarantine.empty();
    assertEquals(before, Misuse.count());
  }

  @Test
  void samplesTellWhoHoldsHowMuch() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 120_000; i++) {
      blocks.add(holdOn(4_000));
    }
    String holders = Holders.top(3);
    blocks.forEach(Allocator::free);
    String line =
        holders
            .lines()
            .filter(each -> each.contains("ChecksTest.holdOn"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(holders));
    assertTrue(line.matches("[0-9.]+ MB in [0-9]+ blocks, age .*"), line);
    double megabytes = Double.parseDouble(line.substring(0, line.indexOf(' ')));
    // Some 114 samples: five standard deviations are 47 %.
    assertEquals(480e6 / (1 << 20), megabytes, 220, line);
    assertFalse(Holders.top(100).contains("ChecksTest.holdOn"));
  }

  private static long holdOn(long bytes) {
    return Allocator.allocate(bytes);
  }
}
