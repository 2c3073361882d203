package dev.husk.scheduler;

import java.util.concurrent.Executor;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler knows about one virtual thread. It is the thread's {@code scheduler} (an
 * {@link Executor} of one thread), so that the JDK leads from a thread to it without a map, and
 * {@link #execute}, which the JDK calls for start, unpark and yield alike, is a method on the thing
 * to be queued.
 *
 * <p>The JDK's state machine submits a thread at most once until it has run again; the fields below
 * therefore have one writer at a time: the carrier that runs the task, or whoever queues it.
 */
class Task implements Executor {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long SUMMONED = U.objectFieldOffset(Task.class, "summoned");

  /** A run that nobody would wake another core for, ns; see {@link #charge}. */
  private static final long SHORT_RUN = 8_000;

  /** The JDK's {@code runContinuation} of the thread: mounts it and runs it until it yields. */
  @Nullable Runnable continuation;

  /** The core whose epoll set and timers this thread used last. */
  @Nullable Core home;

  /** CPU time it has consumed on carriers, ns. Written by the carrier that runs it. */
  long consumed;

  /** Runs that have ended, and those of them that ended at a monitor it could not enter. */
  int runs;

  int blocks;

  /** Of {@link #consumed}, what wasn't CPU time; and bytes allocated. See {@link Usage}. */
  long offCpu;

  long allocated;

  /** Mean of what runs took, outliers cut, ns; exponential, over about four. 0 before the first. */
  long meanRun;

  /** Virtual time at which it competes, see {@link RunQueue}; written where it is queued. */
  long virtualTime;

  /** When it was queued, the core's clock; 0 where nobody looked at one. */
  long queuedAt;

  /** Times it lost its core lately: a thread that keeps doing so gets a carrier of its own. */
  int losses;

  /** The carrier that runs nothing but this task, once there is one. */
  @Nullable Carrier own;

  /** Set when a task with a carrier of its own has become runnable. */
  private volatile boolean summoned;

  /**
   * Called by the JDK, on any thread; on a virtual one with its continuation pinned. Never blocks.
   */
  @Override
  public final void execute(Runnable continuation) {
    this.continuation = continuation;
    Carrier own = this.own;
    if (own == null) {
      Scheduler.submit(this);
    } else {
      summoned = true;
      U.unpark(own);
    }
  }

  /**
   * What a run counts in fairness; notes also what the next one is expected to take.
   *
   * <p>The clock on the wall can't tell a thread that computes from one whose carrier the kernel
   * has taken off its processor for others; beside busy processes that befalls some short run every
   * few milliseconds. A run many times as long as the task's runs are is therefore charged in part,
   * and expected again in a smaller part yet: one such run must not make others wake a core for
   * what follows. A thread that has turned to computing is known as such after a few runs.
   */
  final long charge(long ran) {
    long mean = meanRun;
    long charged = Math.min(ran, Math.max(mean << 3, Scheduler.slice >> 4));
    if (mean == 0) {
      meanRun = Math.max(1, charged);
    } else {
      long expected = Math.min(ran, Math.max(mean << 3, SHORT_RUN));
      meanRun = Math.max(1, mean + ((expected - mean) >> 2));
    }
    return charged;
  }

  final void summon() {
    summoned = true;
  }

  /** Takes the summons. The task's own carrier only. */
  final boolean takeSummons() {
    return summoned && U.compareAndSetBoolean(this, SUMMONED, true, false);
  }

  /** The virtual thread, or null where the JDK's continuation doesn't tell. */
  @Nullable Thread thread() {
    Runnable continuation = this.continuation;
    return continuation == null ? null : Continuations.thread(continuation);
  }

  /** Whether the thread has ended; exact between its runs. */
  final boolean isOver() {
    Thread thread = thread();
    return thread != null && thread.getState() == Thread.State.TERMINATED;
  }
}
