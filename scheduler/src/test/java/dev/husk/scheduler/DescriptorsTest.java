package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of descriptors; numbers here are far beyond those that the test's JVM has open. */
class DescriptorsTest {
  private static final int FIRST = 1 << 20;
  private static final int LAST = (1 << 22) - 1;

  @AfterEach
  void forget() {
    for (int i = 0; i < 3000; i++) {
      Descriptors.forget(FIRST + i);
    }
    Descriptors.forget(LAST);
  }

  @Test
  void madeOnceAndFoundAgain() {
    assertNull(Descriptors.find(FIRST));
    Descriptor made = Descriptors.of(FIRST);
    assertNotNull(made);
    assertEquals(FIRST, made.fd);
    assertSame(made, Descriptors.of(FIRST));
    assertSame(made, Descriptors.find(FIRST));
    assertNull(Descriptors.find(FIRST + 1));
  }

  /** Across the ends of pages each number has an entry of its own. */
  @Test
  void pages() {
    Descriptor[] made = new Descriptor[3000];
    for (int i = 0; i < made.length; i++) {
      made[i] = Descriptors.of(FIRST + i);
      assertEquals(FIRST + i, made[i].fd);
    }
    for (int i = 0; i < made.length; i++) {
      assertSame(made[i], Descriptors.find(FIRST + i));
    }
  }

  @Test
  void theLast() {
    assertEquals(LAST, Descriptors.of(LAST).fd);
    assertSame(Descriptors.of(LAST), Descriptors.find(LAST));
  }

  @ParameterizedTest
  @ValueSource(ints = {LAST + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void outOfRange(int fd) {
    assertNull(Descriptors.of(fd));
    assertNull(Descriptors.find(fd));
    Descriptors.stop(fd, true);
    Descriptors.ready(fd, EpollSet.IN);
    Descriptors.forget(fd);
  }

  @Test
  void aForgottenOneIsReplaced() {
    Descriptor old = Descriptors.of(FIRST);
    Descriptors.forget(FIRST);
    assertNull(Descriptors.find(FIRST));
    assertNotSame(old, Descriptors.of(FIRST));
  }

  @Test
  void whatIsUnknownIsIgnored() {
    Descriptors.stop(FIRST, false);
    Descriptors.ready(FIRST, EpollSet.IN | EpollSet.OUT);
    Descriptors.forget(FIRST);
    assertNull(Descriptors.find(FIRST));
  }

  /** Threads that ask for a new entry at the same time, and for its page, get the same one. */
  @Test
  void oneEntryForAll() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      int fd = FIRST + (1 << 11) + (round << 10);
      Descriptor[] made = new Descriptor[4];
      CountDownLatch start = new CountDownLatch(1);
      Thread[] threads = new Thread[made.length];
      for (int i = 0; i < threads.length; i++) {
        int index = i;
        threads[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        start.await();
                        made[index] = Descriptors.of(fd);
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    });
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      for (Descriptor descriptor : made) {
        assertNotNull(descriptor);
        assertSame(made[0], descriptor);
      }
      Descriptors.forget(fd);
    }
  }
}
