package dev.husk.scheduler;

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
      while (look(slice)) {
        sleepUntil(System.nanoTime() + slice);
      }
      armed = false;
      // A run may have begun, or a task been queued, before the store and have seen the monitor
      // armed;
      // one slice later that carrier's stores are visible here for certain, and none later relied
      // on it.
      sleepUntil(System.nanoTime() + slice);
      if (look(slice)) {
        armed = true;
      }
    }
  }

  private static void sleepUntil(long deadline) {
    for (long left; (left = deadline - System.nanoTime()) > 0; ) {
      Jdk.U.park(false, left);
    }
  }

  /** Hands off the cores that are stuck; true when there is a run that may become so. */
  private static boolean look(long slice) {
    boolean again = false;
    long now = System.nanoTime();
    for (Core core : Scheduler.cores) {
      Carrier carrier = core.carrier;
      if (carrier == null) {
        continue;
      }
      int word = carrier.phaseWord();
      if (!Carrier.isRunning(word) || !core.needsCarrier()) {
        continue;
      }
      again = true;
      if (now - carrier.runStart >= slice) {
        Scheduler.handOff(core, carrier, word);
      } else if (!core.queue.isEmpty()) {
        // The run may be long against its history, by which no other core came to help.
        Scheduler.wakeHelper(now - carrier.runStart);
      }
    }
    return again;
  }
}
