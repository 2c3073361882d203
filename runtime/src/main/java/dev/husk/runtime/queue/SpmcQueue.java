package dev.husk.runtime.queue;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * An unbounded FIFO queue with a single producer and many consumers: the run queue of one core.
 *
 * <p>The owner (one thread at a time) calls {@link #offer} and {@link #forgetConsumed}; any thread
 * may call {@link #poll} and {@link #size}. Nothing here blocks and nothing waits for another
 * thread: a preempted consumer delays nobody.
 *
 * <p>Implementation notes. The array part of Chase and Lev's work-stealing deque ("Dynamic circular
 * work-stealing deque", SPAA 2005) with the owner, too, taking from the old end, so that the order
 * is first in, first out. {@code head} and {@code tail} only ever grow, so a compare-and-set of
 * {@code head} can't suffer from ABA. The owner publishes an element by a release store of {@code
 * tail}; a consumer reads {@code head}, then {@code tail}, then the array, all acquire, then the
 * element, and owns it once its compare-and-set of {@code head} succeeds. A slot is written again
 * only when {@code head} has passed it, so an element read before a successful compare-and-set is
 * the one that was there at that position. When the array is full the owner copies it into one of
 * twice the length and publishes that before the tail that needs it; positions keep their meaning,
 * so a consumer that still holds the old array reads the same element there.
 *
 * <p>A consumer doesn't clear the slot it took (the owner may already be writing it again); the
 * owner clears what has been consumed by {@link #forgetConsumed} before it sleeps, so that a
 * finished thread isn't kept reachable by an idle queue.
 */
public final class SpmcQueue<E> {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long HEAD = U.objectFieldOffset(SpmcQueue.class, "head");
  private static final long TAIL = U.objectFieldOffset(SpmcQueue.class, "tail");
  private static final long ELEMENTS = U.objectFieldOffset(SpmcQueue.class, "elements");
  private static final long BASE = Unsafe.ARRAY_OBJECT_BASE_OFFSET;
  private static final int SHIFT =
      31 - Integer.numberOfLeadingZeros(Unsafe.ARRAY_OBJECT_INDEX_SCALE);

  /** Written by the owner alone, release; read acquire. The length is a power of two. */
  private Object[] elements;

  /** The next position to write. Written by the owner alone, release. */
  private long tail;

  /** Positions below this one have been cleared by the owner. Owner only. */
  private long forgotten;

  // Keeps the consumers' compare-and-sets off the owner's cache line.
  @SuppressWarnings("unused")
  private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14;

  /** The next position to take. Changed by compare-and-set alone. */
  @SuppressWarnings("unused")
  private long head;

  // And keeps what the JVM lays out behind, the array's reference among it, off the consumers'
  // line.
  @SuppressWarnings("unused")
  private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14;

  /**
   * @param capacity elements that fit before the array grows; rounded up to a power of two
   */
  public SpmcQueue(int capacity) {
    elements = new Object[Math.max(2, Integer.highestOneBit(Math.max(1, capacity - 1)) << 1)];
  }

  /**
   * Appends an element. Owner only; never fails but for want of memory, in which case nothing
   * changed.
   */
  public void offer(E element) {
    long tail = this.tail;
    Object[] elements = this.elements;
    if (tail - U.getLongAcquire(this, HEAD) >= elements.length) {
      elements = grow(elements, tail);
    }
    U.putReference(elements, slot(elements, tail), element);
    U.putLongRelease(this, TAIL, tail + 1);
  }

  /** Takes the oldest element, or returns {@code null} when there is none. Any thread. */
  @SuppressWarnings("unchecked")
  public @Nullable E poll() {
    for (; ; ) {
      long head = U.getLongAcquire(this, HEAD);
      if (head >= U.getLongAcquire(this, TAIL)) {
        return null;
      }
      Object[] elements = (Object[]) U.getReferenceAcquire(this, ELEMENTS);
      Object element = U.getReferenceOpaque(elements, slot(elements, head));
      if (U.compareAndSetLong(this, HEAD, head, head + 1)) {
        return (E) element;
      }
    }
  }

  /**
   * The oldest element, or {@code null}. A hint: another consumer may take it at any moment, so the
   * next {@link #poll} need not return it.
   */
  @SuppressWarnings("unchecked")
  public @Nullable E peek() {
    long head = U.getLongAcquire(this, HEAD);
    if (head >= U.getLongAcquire(this, TAIL)) {
      return null;
    }
    Object[] elements = (Object[]) U.getReferenceAcquire(this, ELEMENTS);
    return (E) U.getReferenceOpaque(elements, slot(elements, head));
  }

  /** Elements waiting; exact for the owner when no consumer is active, else a recent value. */
  public int size() {
    long head = U.getLongAcquire(this, HEAD);
    long size = U.getLongAcquire(this, TAIL) - head;
    return size <= 0 ? 0 : (int) Math.min(size, Integer.MAX_VALUE);
  }

  public boolean isEmpty() {
    return U.getLongAcquire(this, HEAD) >= U.getLongAcquire(this, TAIL);
  }

  /** Drops the references to elements that were taken. Owner only. */
  public void forgetConsumed() {
    long head = U.getLongAcquire(this, HEAD);
    Object[] elements = this.elements;
    long from = Math.max(forgotten, head - elements.length);
    for (long i = from; i < head; i++) {
      // The slot of position i may hold position i + length by now.
      if (i + elements.length >= tail) {
        U.putReference(elements, slot(elements, i), null);
      }
    }
    forgotten = head;
  }

  private Object[] grow(Object[] old, long tail) {
    Object[] larger = new Object[old.length << 1];
    for (long i = tail - old.length; i < tail; i++) {
      U.putReference(larger, slot(larger, i), U.getReference(old, slot(old, i)));
    }
    U.putReferenceRelease(this, ELEMENTS, larger);
    return larger;
  }

  private static long slot(Object[] elements, long position) {
    return BASE + ((position & (elements.length - 1)) << SHIFT);
  }
}
