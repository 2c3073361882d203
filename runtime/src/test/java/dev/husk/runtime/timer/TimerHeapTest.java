package dev.husk.runtime.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimerHeapTest {
  private static final class T extends Timer {
    T(long deadline) {
      super(deadline);
    }
  }

  @Test
  void emptyAtFirst() {
    TimerHeap heap = new TimerHeap();
    assertNull(heap.peek());
    assertNull(heap.pollDue(Long.MAX_VALUE));
    assertEquals(0, heap.size());
    assertFalse(heap.remove(new T(1)));
  }

  @Test
  void dueOnTheInstant() {
    TimerHeap heap = new TimerHeap();
    Timer timer = new T(100);
    heap.add(timer);
    assertTrue(timer.isArmed());
    assertNull(heap.pollDue(99));
    assertSame(timer, heap.pollDue(100));
    assertFalse(timer.isArmed());
    assertNull(heap.pollDue(100));
  }

  @Test
  void takenOutOnce() {
    TimerHeap heap = new TimerHeap();
    Timer timer = new T(1);
    heap.add(timer);
    assertTrue(heap.remove(timer));
    assertFalse(timer.isArmed());
    assertFalse(heap.remove(timer));
    assertEquals(0, heap.size());
    heap.add(timer);
    assertTrue(timer.isArmed(), "one that was taken out can be added again");
  }

  @Test
  void anExpiredOneCannotBeTakenOut() {
    TimerHeap heap = new TimerHeap();
    Timer first = new T(1);
    Timer second = new T(2);
    heap.add(first);
    heap.add(second);
    assertSame(first, heap.pollDue(1));
    assertFalse(heap.remove(first));
    assertSame(second, heap.peek());
    assertEquals(1, heap.size());
  }

  /** The clock may have any value and wraps; so {@code start} stands for the clock at the start. */
  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "2, -4611686018427387904",
    "3, 9223372036854775000",
    "4, 9223372036854770000",
    "5, -9223372036854775808",
    "6, 123456789",
  })
  void behavesLikeAPriorityQueue(long seed, long start) {
    Random random = new Random(seed);
    TimerHeap heap = new TimerHeap();
    PriorityQueue<Timer> model =
        new PriorityQueue<>(Comparator.comparingLong(timer -> timer.deadline - start));
    List<Timer> armed = new ArrayList<>();
    long now = start;
    for (int i = 0; i < 100_000; i++) {
      int action = random.nextInt(10);
      if (action < 5) {
        // Many equal deadlines, and some that are over already.
        Timer timer = new T(now + random.nextInt(200) - 5);
        heap.add(timer);
        model.add(timer);
        armed.add(timer);
      } else if (action < 8 && !armed.isEmpty()) {
        Timer timer = take(armed, random.nextInt(armed.size()));
        assertEquals(model.remove(timer), heap.remove(timer));
      } else {
        now += random.nextInt(20);
        for (Timer due; (due = heap.pollDue(now)) != null; ) {
          Timer expected = model.peek();
          assertNotNull(expected);
          assertEquals(expected.deadline, due.deadline);
          assertTrue(due.deadline - now <= 0);
          assertTrue(model.remove(due));
        }
        assertTrue(model.isEmpty() || model.peek().deadline - now > 0, "one was left behind");
      }
      assertEquals(model.size(), heap.size());
      Timer first = heap.peek();
      assertEquals(model.isEmpty(), first == null);
      if (first != null) {
        assertEquals(model.peek().deadline, first.deadline);
      }
    }
    long last = now - 10_000;
    for (Timer due; (due = heap.pollDue(now + 1000)) != null; last = due.deadline) {
      assertTrue(due.deadline - last >= 0);
    }
    assertEquals(0, heap.size());
  }

  private static Timer take(List<Timer> list, int index) {
    Timer timer = list.get(index);
    list.set(index, list.getLast());
    list.removeLast();
    return timer;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 500_000})
  void aMillion(long start) {
    int count = 1_000_000;
    Random random = new Random(1);
    TimerHeap heap = new TimerHeap();
    Timer[] timers = new Timer[count];
    for (int i = 0; i < count; i++) {
      timers[i] = new T(start + random.nextInt(count));
      heap.add(timers[i]);
    }
    assertEquals(count, heap.size());
    int left = count;
    for (int i = 0; i < count; i += 2) {
      assertTrue(heap.remove(timers[i]));
      left--;
    }
    long last = start;
    for (Timer due; (due = heap.pollDue(start + count)) != null; left--) {
      assertTrue(due.deadline - last >= 0);
      last = due.deadline;
    }
    assertEquals(0, left);
    for (Timer timer : timers) {
      assertFalse(timer.isArmed());
    }
  }

  /**
   * The longest that a park may ask for beside one that is due: a comparison by value would fail.
   */
  @Test
  void theLongestWait() {
    TimerHeap heap = new TimerHeap();
    long now = Long.MAX_VALUE - 10;
    Timer soon = new T(now + 100);
    Timer never = new T(now + (Long.MAX_VALUE >> 1));
    heap.add(never);
    heap.add(soon);
    assertSame(soon, heap.peek());
    assertNull(heap.pollDue(now));
    assertSame(soon, heap.pollDue(now + 100));
    assertNull(heap.pollDue(now + 1_000_000));
    assertSame(never, heap.peek());
  }
}
