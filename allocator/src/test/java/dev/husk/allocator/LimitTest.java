package dev.husk.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.VM;
import org.junit.jupiter.api.Test;

/** The limit is exact, wherever credit lies. It books only: no memory is behind these numbers. */
final class LimitTest {
  private static final long MB = 1 << 20;

  @Test
  void creditOfOthersDoesNotCountAgainstTheLimit() throws InterruptedException {
    // Each of these threads leaves, or keeps, credit in its heap.
    List<Thread> threads = new ArrayList<>();
    AtomicInteger ready = new AtomicInteger();
    Object end = new Object();
    for (int i = 0; i < 8; i++) {
      boolean stays = i % 2 == 0;
      Thread thread =
          new Thread(
              () -> {
                Limit.reserve(100, 100);
                Limit.unreserve(100, 100);
                ready.incrementAndGet();
                synchronized (end) {
                  while (stays && ready.get() < 100) {
                    try {
                      end.wait();
                    } catch (InterruptedException e) {
                      return;
                    }
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    while (ready.get() < 8) {
      Thread.onSpinWait();
    }
    long all = VM.maxDirectMemory() - Tenure.capacity();
    Limit.reserve(all, all);
    OutOfMemoryError error = assertThrows(OutOfMemoryError.class, () -> Limit.reserve(10, 1));
    assertTrue(
        error
            .getMessage()
            .startsWith("Cannot reserve 10 bytes of direct buffer memory (allocated: "),
        error.getMessage());
    Limit.unreserve(all, all);
    Limit.reserve(10, 1);
    Limit.unreserve(10, 1);
    synchronized (end) {
      ready.set(100);
      end.notifyAll();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, Tenure.capacity());
    assertEquals(0, Tenure.buffers());
    assertEquals(0, Tenure.reserved());
  }

  @Test
  void whatIsLargerThanAnyLimitIsRefused() {
    assertThrows(OutOfMemoryError.class, () -> Limit.reserve(Long.MIN_VALUE, Long.MAX_VALUE));
    assertThrows(OutOfMemoryError.class, () -> Limit.reserve(Long.MAX_VALUE, Long.MAX_VALUE - 10));
    assertEquals(0, Tenure.capacity());
    assertEquals(0, Tenure.reserved());
  }

  @Test
  void threadsTogetherStayBelowIt() throws InterruptedException {
    long part = VM.maxDirectMemory() / 8;
    AtomicLong reserved = new AtomicLong();
    AtomicLong most = new AtomicLong();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int k = 0; k < 3_000; k++) {
                  boolean small = k % 500 != 0;
                  long bytes = small ? 64 << 10 : part * 3;
                  try {
                    Limit.reserve(bytes, bytes);
                  } catch (OutOfMemoryError e) {
                    refused.incrementAndGet();
                    continue;
                  }
                  most.accumulateAndGet(reserved.addAndGet(bytes), Math::max);
                  if (!small) {
                    Thread.yield();
                  }
                  reserved.addAndGet(-bytes);
                  Limit.unreserve(bytes, bytes);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(most.get() <= VM.maxDirectMemory(), () -> most + " of " + VM.maxDirectMemory());
    assertTrue(most.get() > MB, "nothing was reserved at once");
    assertEquals(0, Tenure.capacity());
  }
}
