package dev.husk.scheduler;

import dev.husk.runtime.queue.SpmcQueue;
import org.jspecify.annotations.Nullable;

/**
 * The runnable threads of one core, in an order that is fair by consumed time.
 *
 * <p>Implementation notes. Each task has a virtual time, the CPU time it has had; the queue has a
 * virtual clock that advances by what was consumed, divided by the number of those who compete. A
 * task ahead of the clock by more than a slice has had more than its share: it waits among the
 * {@code ahead} until the clock catches up or nobody else is there. All others are {@code due} and
 * run first come, first served. A task that slept is brought up to one slice behind the clock and
 * goes {@code behind}, which is served first: sleep earns a quick start, and no monopoly, since the
 * task leaves by consuming. Before all go the {@code late}, see {@link #addLate}. This is
 * start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) with classes instead of a sorted
 * set, which is what lets other cores steal from either without a lock; OSv sorts, under a lock of
 * the core's own.
 *
 * <p>The core's owner calls everything; {@link #steal} and {@link #size} any thread may call.
 */
final class RunQueue {
  /** Slices that a task can owe at most. */
  private static final int MOST_OWED = 4;

  /**
   * Sleepers that are served before one that waits among the due: a flood of timers starves nobody.
   */
  private static final int MOST_SLEEPERS = 16;

  private final SpmcQueue<Task> due = new SpmcQueue<>(256);
  private final SpmcQueue<Task> ahead = new SpmcQueue<>(16);
  private final SpmcQueue<Task> behind = new SpmcQueue<>(64);
  private final SpmcQueue<Task> late = new SpmcQueue<>(16);
  private final long slice;

  /** Whether something may be among the {@code late}. Owner only. */
  private boolean someLate;

  /**
   * Slices that others may consume while a task waits among the {@code ahead}. Thousands of short
   * runs move the clock by next to nothing, and a debt of one slice would last for minutes.
   */
  private static final int LONGEST_DEBT = 16;

  /** Tasks taken from {@code behind} since the last of another class. Owner only. */
  private int sleepersInARow;

  /** Consumed by others since one of {@code ahead} was taken, or the first came, ns. Owner only. */
  private long aheadWaited;

  /** What was consumed and has not moved the clock by a whole ns yet. Owner only. */
  private long clockRest;

  /** The virtual clock, ns. Written by the owner, read racily by {@link #adopt} of others. */
  private long clock;

  RunQueue(long slice) {
    this.slice = slice;
  }

  /** Adds a runnable task. */
  void add(Task task) {
    place(task, false);
  }

  /**
   * Adds a task that became runnable, by a timer or an event, while nobody served this queue: it
   * has waited for that already, and goes before all others unless it has had more than its share.
   */
  void addLate(Task task) {
    place(task, true);
  }

  private void place(Task task, boolean isLate) {
    long lag = task.virtualTime - clock;
    if (lag > slice) {
      task.virtualTime = clock + Math.min(lag, MOST_OWED * slice);
      ahead.offer(task);
      return;
    }
    if (lag < -slice) {
      task.virtualTime = clock - slice;
    }
    if (isLate) {
      late.offer(task);
      someLate = true;
    } else {
      (lag <= -slice / 2 ? behind : due).offer(task);
    }
  }

  /**
   * Adds a task that competed in another queue before: what counts is how far it is ahead of, or
   * behind, that queue's clock.
   */
  void adopt(Task task, RunQueue from) {
    long lag = task.virtualTime - from.clock;
    task.virtualTime = clock + lag;
    add(task);
  }

  /** Takes the task that is to run next, or null. */
  @Nullable Task next() {
    if (someLate) {
      Task first = late.poll();
      if (first != null) {
        return first;
      }
      someLate = false;
    }
    if (sleepersInARow < MOST_SLEEPERS) {
      Task first = behind.poll();
      if (first != null) {
        sleepersInARow++;
        return first;
      }
    }
    sleepersInARow = 0;
    Task late = ahead.peek();
    if (late != null
        && (late.virtualTime - clock <= slice || aheadWaited >= LONGEST_DEBT * slice)) {
      late = nextAhead();
      if (late != null) {
        return late;
      }
    }
    Task task = due.poll();
    if (task == null) {
      task = behind.poll();
    }
    return task != null || late == null ? task : nextAhead();
  }

  private @Nullable Task nextAhead() {
    aheadWaited = 0;
    return ahead.poll();
  }

  /** Books what a task consumed, ns. */
  void consumed(Task task, long nanos) {
    task.virtualTime += nanos;
    int indebted = ahead.size();
    aheadWaited = indebted == 0 ? 0 : aheadWaited + nanos;
    int competing = behind.size() + due.size() + indebted;
    if (competing == 0) {
      clock += nanos;
    } else {
      // Sleepers by the thousand run for a microsecond each: the rest must not get lost.
      long consumed = clockRest + nanos;
      long step = consumed / (competing + 1);
      clock += step;
      clockRest = consumed - step * (competing + 1);
    }
    if (competing == 0 && task.virtualTime - clock > 0) {
      // Alone on the core: nobody was kept waiting, so nothing is owed.
      task.virtualTime = clock;
    }
  }

  int size() {
    return behind.size() + due.size() + ahead.size() + late.size();
  }

  boolean isEmpty() {
    return behind.isEmpty() && due.isEmpty() && ahead.isEmpty() && late.isEmpty();
  }

  /** Takes the task that has waited longest, for another core. Any thread. */
  @Nullable Task steal() {
    Task task = due.poll();
    if (task == null) {
      task = ahead.poll();
    }
    if (task == null) {
      task = behind.poll();
    }
    return task != null ? task : late.poll();
  }

  /** Drops references to tasks that are gone. */
  void forgetConsumed() {
    behind.forgetConsumed();
    due.forgetConsumed();
    ahead.forgetConsumed();
    late.forgetConsumed();
  }
}
