package dev.husk.scheduler;

import dev.husk.runtime.timer.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Takes cores from carriers that are stuck: in a task that overruns its slice, or in a native call
 * that blocks. One platform thread.
 *
 * <p>It doesn't tick. It is armed by a carrier that starts a run, or queues a task behind one,
 * while something waits for that core; it then sleeps until the slice of that run has passed. When
 * it finds every core asleep, or nothing waiting behind what runs, it disarms and sleeps until it
 * is armed again: an idle process doesn't wake for it.
 */
final class SliceMonitor extends Thread {
  /** What {@link #look} returns when no run may become one that has to be handed off. */
  private static final long NOTHING = 0;

  /** The part of a slice that a thread has for coming to a point where it can yield by itself. */
  private static final int PARTS = 8;

  /** The part of a slice that a thread has in any case, though a sleeper is due meanwhile. */
  private static final int SHORTEST_PARTS = 4;

  private static volatile boolean armed;
  private static @Nullable SliceMonitor instance;
  private static volatile boolean started;

  private SliceMonitor(ThreadGroup group) {
    super(group, null, "husk-slice-monitor", 0, false);
    setDaemon(true);
  }

  static void prepare(ThreadGroup group) {
    instance = new SliceMonitor(group);
  }

  static boolean isArmed() {
    return armed;
  }

  /** Asks for a look after one slice; any thread. */
  static void arm() {
    if (armed) {
      return;
    }
    armed = true;
    SliceMonitor monitor = instance;
    if (started) {
      Jdk.U.unpark(monitor);
    } else {
      startOnce(monitor);
    }
  }

  private static synchronized void startOnce(SliceMonitor monitor) {
    if (!started) {
      started = true;
      monitor.start();
    }
  }

  @Override
  public void run() {
    long slice = Scheduler.slice;
    for (; ; ) {
      while (!armed) {
        Jdk.U.park(false, 0);
      }
      sleepUntil(System.nanoTime() + slice);
      for (long wait; (wait = look(slice)) != NOTHING; ) {
        sleepUntil(System.nanoTime() + wait);
      }
      armed = false;
      // A run may have begun, or a task been queued, before the store and have seen the monitor
      // armed; one slice later that carrier's stores are visible here for certain, and none later
      // relied on it.
      sleepUntil(System.nanoTime() + slice);
      if (look(slice) != NOTHING) {
        armed = true;
      }
    }
  }

  private static void sleepUntil(long deadline) {
    for (long left; (left = deadline - System.nanoTime()) > 0; ) {
      Jdk.U.park(false, left);
    }
  }

  /**
   * Asks those who have had their slice to yield, and hands off the cores of those who can't.
   *
   * @return ns until the first of the runs that go on will have had its slice, or {@link #NOTHING}
   */
  private static long look(long slice) {
    long now = System.nanoTime();
    long left = Long.MAX_VALUE;
    long grace = slice / PARTS;
    for (Core core : Scheduler.cores) {
      Carrier carrier = core.carrier;
      if (carrier == null) {
        continue;
      }
      int word = carrier.phaseWord();
      if (!Carrier.isRunning(word) || !core.needsCarrier()) {
        continue;
      }
      long start = carrier.runStart;
      long ran = now - start;
      long allowed = allowed(core, start, slice);
      if (ran < allowed) {
        left = Math.min(left, allowed - ran);
      } else if (carrier.overdueRun != start) {
        carrier.yieldAsked = true;
        overdue(carrier, start, now);
        left = Math.min(left, grace);
      } else if (now - carrier.overdueAt < grace) {
        left = Math.min(left, grace - (now - carrier.overdueAt));
      } else if (isStuck(carrier, grace)) {
        Scheduler.handOff(core, carrier, word);
        left = Math.min(left, slice);
        continue;
      } else {
        left = Math.min(left, grace);
      }
      if (!core.queue.isEmpty()) {
        // The run may be long against its history, by which no other core came to help.
        Scheduler.wakeHelper(ran);
      }
    }
    if (left == Long.MAX_VALUE) {
      return NOTHING;
    }
    // Runs that are over sooner follow each other: not more often than their slices end.
    return Math.max(left, grace);
  }

  private static void overdue(Carrier carrier, long start, long now) {
    CarrierClock clock = carrier.clock;
    carrier.overdueRun = start;
    carrier.overdueAt = now;
    carrier.overdueCpu = clock == null ? -1 : clock.onProcessor();
    // So that the next look, but none before, can find that nothing was used.
    carrier.lastCpu = -1;
  }

  /**
   * Whether an overdue run is to lose its core: it has had its grace on a processor, or it waits
   * for something else than a processor. One that the kernel has taken off its processor, for
   * another process, a limit of the container's or a pause of the collector's, doesn't keep the
   * core by itself, and a second thread would have to wait for a processor just as well.
   */
  private static boolean isStuck(Carrier carrier, long grace) {
    CarrierClock clock = carrier.clock;
    long cpu = clock == null ? -1 : clock.onProcessor();
    if (cpu < 0 || carrier.overdueCpu < 0) {
      return true;
    }
    if (cpu - carrier.overdueCpu >= grace / 2) {
      return true;
    }
    boolean still = cpu == carrier.lastCpu;
    carrier.lastCpu = cpu;
    return still && !clock.isRunnable();
  }

  /**
   * How long a run may take: a slice, or until a timer is due that expires in it, but not less than
   * a part of a slice. Who sleeps has been waiting already, and needs the core but for a moment.
   */
  private static long allowed(Core core, long start, long slice) {
    Timer first = core.firstTimer();
    return first == null
        ? slice
        : Math.max(slice / SHORTEST_PARTS, Math.min(slice, first.deadline - start));
  }
}
