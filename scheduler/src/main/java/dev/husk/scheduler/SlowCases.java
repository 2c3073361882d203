package dev.husk.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * The cases that shouldn't be frequent, told to the observer while a flight recording runs.
 * Otherwise they cost one look at a plain field where a task is queued or starts a run.
 */
final class SlowCases {
  /** Told of when a runnable thread waited for longer than this, ns. */
  private static final long LONG_WAIT = 20_000_000;

  /** Told of when a timer expired later than this, ns. */
  private static final long LATE = 2_000_000;

  /** Whether somebody records. Plain: a carrier may see it late. */
  static boolean on;

  private static volatile @Nullable Observer observer;

  private SlowCases() {}

  static void observe(Observer observer) {
    SlowCases.observer = observer;
  }

  static void recording(boolean runs) {
    on = runs && observer != null;
  }

  static void handedOff(Carrier stuck, @Nullable Task task) {
    Thread thread = appThread(task);
    if (thread != null) {
      // The stuck carrier itself calls when its thread is about to block.
      boolean pinned = Jdk.JLA.currentCarrierThread() == stuck;
      observer.handedOff(
          thread,
          stuck.getName(),
          System.nanoTime() - stuck.runStart,
          pinned ? "pinned" : "overrun");
    }
  }

  static void gotOwnCarrier(Carrier carrier, Task task) {
    Thread thread = appThread(task);
    if (thread != null) {
      observer.gotOwnCarrier(thread, carrier.getName(), task.losses);
    }
  }

  static void starts(Core core, Task task, long now) {
    long queuedAt = task.queuedAt;
    if (queuedAt != 0 && now - queuedAt > LONG_WAIT) {
      Thread thread = appThread(task);
      if (thread != null) {
        observer.waitedLong(thread, core.id, now - queuedAt);
      }
    }
  }

  static void expires(Core core, TimedPark timer) {
    long late = System.nanoTime() - timer.deadline;
    if (late > LATE) {
      observer.timerLate(core.id, late);
    }
  }

  private static @Nullable Thread appThread(@Nullable Task task) {
    if (task instanceof Facade facade) {
      return facade.thread;
    }
    return task == null ? null : task.thread();
  }
}
