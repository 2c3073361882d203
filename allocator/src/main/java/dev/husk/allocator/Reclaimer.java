package dev.husk.allocator;

import jdk.internal.misc.InnocuousThread;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Gives memory that stays unused back to the kernel.
 *
 * <p>A thread that begins with the first heap, and that waits without a deadline as long as there
 * is nothing to give back: nothing ticks.
 */
final class Reclaimer implements Runnable {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long AWAKE = field("awake");
  private static final long THREAD = field("thread");

  /** How long memory may lie unused. */
  private static final long DELAY_NANOS = 1_000_000_000L;

  /**
   * How long heaps are left alone between two looks when memory is short. In less time a thread
   * that only waits for a processor looks idle; and one whose heap is taken starts with another,
   * and leaves the free blocks of its own unused.
   */
  private static final long URGENT_NANOS = DELAY_NANOS / 10;

  /** Whether it has something to look at. Set by those who free, cleared by the thread. */
  private static volatile boolean awake;

  /** Whether all is to be given back at once, whatever its age. */
  private static volatile boolean urgent;

  /** Whether the process has come to use so much that {@link #look} may have something to do. */
  private static volatile boolean grown;

  private static volatile @Nullable Thread thread;

  private Reclaimer() {}

  private static long field(String name) {
    try {
      return U.staticFieldOffset(Reclaimer.class.getDeclaredField(name));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** There is memory that may stay unused. Any thread; may be called where nothing may park. */
  static void wake() {
    if (!awake && U.compareAndSetBoolean(Reclaimer.class, AWAKE, false, true)) {
      unpark();
    }
  }

  /** Memory is short: gives back what isn't in use, now. Any thread, as {@link #wake}. */
  static void hurry() {
    urgent = true;
    unpark();
  }

  /** The process has grown, see {@link #look}. Any thread, as {@link #wake}. */
  static void noteGrowth() {
    grown = true;
    unpark();
  }

  private static void unpark() {
    Thread known = thread;
    if (known != null) {
      U.unpark(known);
    }
  }

  /** Starts it, the first time. Called where a thread may be started. */
  static void start() {
    if (thread == null) {
      Thread made = InnocuousThread.newSystemThread("husk-memory", new Reclaimer());
      made.setDaemon(true);
      if (U.compareAndSetReference(Reclaimer.class, THREAD, null, made)) {
        made.start();
      }
    }
  }

  @Override
  public void run() {
    long trimmedAt = System.nanoTime() - DELAY_NANOS;
    for (; ; ) {
      while (!awake && !urgent) {
        look();
        U.park(false, 0);
      }
      long wait = DELAY_NANOS;
      boolean left;
      do {
        pause(wait);
        // Whoever frees from here on wakes it again.
        awake = false;
        boolean all = urgent;
        urgent = false;
        long start = System.nanoTime();
        long before = PageLayer.discarded();
        long sinceTrim = start - trimmedAt;
        if (sinceTrim >= (all ? URGENT_NANOS : DELAY_NANOS)) {
          left = Tenure.trimIdle();
          trimmedAt = start;
          sinceTrim = 0;
        } else {
          left = true;
        }
        // What heaps were trimmed of has come later, and goes at once when memory is short.
        long next = PageLayer.discardUnused(all ? System.nanoTime() : start - DELAY_NANOS);
        tell(PageLayer.discarded() - before, start);
        if (all && next != Long.MAX_VALUE) {
          next = DELAY_NANOS;
        }
        wait = left ? Math.min(next, DELAY_NANOS - sinceTrim) : next;
      } while (wait != Long.MAX_VALUE);
    }
  }

  private static void tell(long returned, long start) {
    MemoryObserver observer = HuskMemory.observer();
    if (observer != null && returned != 0) {
      observer.returned(returned, System.nanoTime() - start);
    }
  }

  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !urgent; left = end - System.nanoTime()) {
      look();
      U.park(false, left);
    }
  }

  /**
   * What a process that uses much has need of. Here, since whoever makes it grow may be in the
   * middle of anything, and this reads files and starts threads.
   */
  private static void look() {
    if (!grown) {
      return;
    }
    grown = false;
    try {
      Zeroing.look();
      if (!HugePages.hasLooked()) {
        HugePages.look();
      }
      if (PageLayer.mapped() >= Pressure.FROM && !Pressure.isAsked()) {
        Pressure.watch();
      }
    } catch (OutOfMemoryError e) {
      // No thread to be had, for instance. Memory goes back all the same.
    }
  }
}
