package dev.husk.runtime.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpmcQueueTest {
  @Test
  void emptyAtFirst() {
    SpmcQueue<String> queue = new SpmcQueue<>(4);
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.size());
    assertNull(queue.poll());
    assertNull(queue.peek());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 255, 256, 257})
  void anyCapacityWorks(int capacity) {
    SpmcQueue<Integer> queue = new SpmcQueue<>(capacity);
    for (int i = 0; i < 1000; i++) {
      queue.offer(i);
    }
    assertEquals(1000, queue.size());
    for (int i = 0; i < 1000; i++) {
      assertEquals(i, queue.poll());
    }
    assertNull(queue.poll());
  }

  @Test
  void peekLeavesTheElement() {
    SpmcQueue<Integer> queue = new SpmcQueue<>(4);
    queue.offer(1);
    queue.offer(2);
    assertEquals(1, queue.peek());
    assertEquals(1, queue.peek());
    assertEquals(1, queue.poll());
    assertEquals(2, queue.peek());
  }

  /** Positions go round the array many times without its growing. */
  @Test
  void wrapsAround() {
    SpmcQueue<Integer> queue = new SpmcQueue<>(4);
    int next = 0;
    for (int i = 0; i < 1000; i++) {
      queue.offer(i);
      if (queue.size() == 3) {
        assertEquals(next++, queue.poll());
        assertEquals(next++, queue.poll());
      }
    }
    while (next < 1000) {
      assertEquals(next++, queue.poll());
    }
    assertTrue(queue.isEmpty());
  }

  /** The array grows while its oldest element stands in the middle. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void growsFromAnyPosition(int start) {
    SpmcQueue<Integer> queue = new SpmcQueue<>(4);
    for (int i = 0; i < start; i++) {
      queue.offer(-1);
      queue.poll();
    }
    for (int i = 0; i < 100; i++) {
      queue.offer(i);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(i, queue.poll());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void behavesLikeADeque(long seed) {
    Random random = new Random(seed);
    SpmcQueue<Integer> queue = new SpmcQueue<>(2);
    ArrayDeque<Integer> model = new ArrayDeque<>();
    for (int i = 0; i < 200_000; i++) {
      // Long phases in which it fills, and others in which it empties.
      int offers = (i >> 10 & 1) == 0 ? 6 : 3;
      int action = random.nextInt(10);
      if (action < offers) {
        queue.offer(i);
        model.add(i);
      } else if (action < 9) {
        assertEquals(model.poll(), queue.poll());
      } else {
        queue.forgetConsumed();
      }
      assertEquals(model.peek(), queue.peek());
      assertEquals(model.size(), queue.size());
      assertEquals(model.isEmpty(), queue.isEmpty());
    }
    while (!model.isEmpty()) {
      assertEquals(model.poll(), queue.poll());
    }
    assertNull(queue.poll());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 17, 100})
  void forgetsWhatWasConsumed(int count) {
    SpmcQueue<Object> queue = new SpmcQueue<>(4);
    List<WeakReference<Object>> references = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object element = new Object();
      references.add(new WeakReference<>(element));
      queue.offer(element);
    }
    for (int i = 0; i < count; i++) {
      assertNotNull(queue.poll());
    }
    queue.forgetConsumed();
    assertCollected(references);
    assertNull(queue.poll());
  }

  /** Consumed by halves around growth and wrap-around: the queued survive, the others go. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void forgetsNothingThatIsQueued(long seed) {
    Random random = new Random(seed);
    SpmcQueue<Object> queue = new SpmcQueue<>(2);
    List<WeakReference<Object>> consumed = new ArrayList<>();
    ArrayDeque<Object> queued = new ArrayDeque<>();
    for (int i = 0; i < 500; i++) {
      for (int n = random.nextInt(12); n > 0; n--) {
        Object element = new Object();
        queue.offer(element);
        queued.add(element);
      }
      for (int n = random.nextInt(12); n > 0 && !queued.isEmpty(); n--) {
        Object element = queue.poll();
        assertSame(queued.poll(), element);
        consumed.add(new WeakReference<>(element));
      }
      if (random.nextInt(4) == 0) {
        queue.forgetConsumed();
      }
    }
    queue.forgetConsumed();
    assertCollected(consumed);
    while (!queued.isEmpty()) {
      assertSame(queued.poll(), queue.poll());
    }
    assertNull(queue.poll());
  }

  private static void assertCollected(List<WeakReference<Object>> references) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          while (references.stream().anyMatch(r -> r.get() != null)) {
            System.gc();
            Thread.sleep(1);
          }
        },
        "consumed elements are still reachable");
  }

  /** One owner and many thieves: each element once, and to each of them in the order offered. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void eachElementOnceAndInOrder(int thieves) throws InterruptedException {
    int total = Boolean.getBoolean("husk.long") ? 50_000_000 : 1_000_000;
    SpmcQueue<Integer> queue = new SpmcQueue<>(2);
    AtomicIntegerArray seen = new AtomicIntegerArray(total);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread[] threads = new Thread[thieves];
    boolean[] done = new boolean[1];
    for (int t = 0; t < thieves; t++) {
      threads[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      int last = -1;
                      for (; ; ) {
                        boolean finished;
                        synchronized (done) {
                          finished = done[0];
                        }
                        for (int i = 0; i < 1000; i++) {
                          Integer element = queue.poll();
                          if (element == null) {
                            if (finished) {
                              return;
                            }
                            Thread.yield();
                          } else {
                            assertTrue(element > last, element + " came after " + last);
                            last = element;
                            seen.incrementAndGet(element);
                          }
                        }
                      }
                    } catch (Throwable e) {
                      failure.compareAndSet(null, e);
                    }
                  });
    }
    Random random = new Random(thieves);
    int last = -1;
    for (int i = 0; i < total; ) {
      for (int n = random.nextInt(64); n >= 0 && i < total; n--) {
        queue.offer(i++);
      }
      for (int n = random.nextInt(48); n > 0; n--) {
        Integer element = queue.poll();
        if (element == null) {
          queue.forgetConsumed();
          break;
        }
        assertTrue(element > last, element + " came after " + last);
        last = element;
        seen.incrementAndGet(element);
      }
      if ((i & 7) == 0) {
        queue.forgetConsumed();
      }
    }
    synchronized (done) {
      done[0] = true;
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertFalse(thread.isAlive());
    }
    assertNull(failure.get(), () -> String.valueOf(failure.get()));
    assertTrue(queue.isEmpty());
    for (int i = 0; i < total; i++) {
      if (seen.get(i) != 1) {
        assertEquals(1, seen.get(i), "element " + i);
      }
    }
  }
}
