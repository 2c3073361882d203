package dev.husk.runtime.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pending timers of one core: a 4-ary heap by deadline in which each timer knows its place, so
 * that a cancelled one is taken out at once instead of being carried to its deadline (a server that
 * reads with a timeout cancels nearly every timer it arms).
 *
 * <p>Not thread-safe: one owner at a time. A deadline is a value of {@link System#nanoTime()};
 * deadlines are compared by difference, as that clock demands. Arming a timer later than all
 * others, the usual case, costs one comparison; four children to a node keep a million timers ten
 * levels deep and the children of a node on one or two cache lines.
 */
public final class TimerHeap {
  private static final int ARITY_SHIFT = 2;

  private Timer[] heap = new Timer[16];
  private int size;

  /** Adds a timer that is in no heap. */
  public void add(Timer timer) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size << 1);
    }
    siftUp(size++, timer);
  }

  /** Takes a timer out; false when it isn't in a heap (expired, or taken out before). */
  public boolean remove(Timer timer) {
    int index = timer.index;
    if (index < 0) {
      return false;
    }
    Timer last = heap[--size];
    heap[size] = null;
    timer.index = -1;
    if (last != timer) {
      siftDown(index, last);
      if (heap[index] == last) {
        siftUp(index, last);
      }
    }
    return true;
  }

  /** The timer that is due first, or null. */
  public @Nullable Timer peek() {
    return size == 0 ? null : heap[0];
  }

  /**
   * Takes out the timer that is due first when its deadline is not after {@code now}, else null.
   */
  public @Nullable Timer pollDue(long now) {
    if (size == 0) {
      return null;
    }
    Timer first = heap[0];
    if (first.deadline - now > 0) {
      return null;
    }
    remove(first);
    return first;
  }

  public int size() {
    return size;
  }

  private void siftUp(int index, Timer timer) {
    Timer[] heap = this.heap;
    while (index > 0) {
      int parent = (index - 1) >> ARITY_SHIFT;
      Timer other = heap[parent];
      if (timer.deadline - other.deadline >= 0) {
        break;
      }
      heap[index] = other;
      other.index = index;
      index = parent;
    }
    heap[index] = timer;
    timer.index = index;
  }

  private void siftDown(int index, Timer timer) {
    Timer[] heap = this.heap;
    int size = this.size;
    for (; ; ) {
      int first = (index << ARITY_SHIFT) + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + (1 << ARITY_SHIFT), size);
      for (int child = first + 1; child < end; child++) {
        if (heap[child].deadline - heap[least].deadline < 0) {
          least = child;
        }
      }
      if (timer.deadline - heap[least].deadline <= 0) {
        break;
      }
      heap[index] = heap[least];
      heap[index].index = index;
      index = least;
    }
    heap[index] = timer;
    timer.index = index;
  }
}
