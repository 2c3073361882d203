package dev.husk.scheduler;

import java.util.LinkedHashMap;
import java.util.Map;

/** The counters of the threads group, as the driver shows them. Read racily: none is far off. */
public final class Statistics {
  private Statistics() {}

  /** Threads of the app that ran, or run, on the scheduler. */
  public static long threadsServed() {
    return Placement.served();
  }

  /** Those that run now. */
  public static int threadsLive() {
    return Facade.Live.facades().size();
  }

  /** Threads that stayed on the platform, by reason; reasons that never applied aren't there. */
  public static Map<String, Long> threadsLeft() {
    Map<String, Long> left = new LinkedHashMap<>();
    for (Placement.Reason reason : Placement.Reason.values()) {
      long count = Placement.left(reason);
      if (count != 0) {
        left.put(reason.text, count);
      }
    }
    return left;
  }

  /** Runs of a thread on a core. */
  public static long switches() {
    long sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.switches;
    }
    return sum;
  }

  /** Threads that a core took from another's queue. */
  public static long steals() {
    long sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.steals;
    }
    return sum;
  }

  /** Cores that were given to another carrier because theirs was stuck in a thread. */
  public static long handOffs() {
    return Scheduler.handOffs.get();
  }

  public static long timersArmed() {
    long sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.timersArmed;
    }
    return sum;
  }

  public static long timersExpired() {
    long sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.timersExpired;
    }
    return sum;
  }

  public static int timersPending() {
    int sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.pendingTimers();
    }
    return sum;
  }

  /** Times that a core had nothing to do and its carrier slept. */
  public static long sleeps() {
    long sum = 0;
    for (Core core : Scheduler.cores) {
      sum += core.sleeps;
    }
    return sum;
  }

  /** Times that a core was woken by another, or by a thread that is on none. */
  public static long wakeUps() {
    return Scheduler.wakeUps.get();
  }

  /** Times that a descriptor went to another core's epoll set. */
  public static long descriptorMoves() {
    return Scheduler.moves.get();
  }

  /** Platform threads that run the app's, spares included. */
  public static int carriers() {
    return Scheduler.carriers();
  }

  /** Cores that the scheduler uses. */
  public static int cores() {
    return Scheduler.cores.length;
  }

  /** Whether the VM tells native agents of each switch, which costs every switch. */
  public static boolean mountNotices() {
    return MountNotices.areOn();
  }

  /** Names, states and stacks of the threads on the scheduler, as text. */
  public static String threadDump() {
    StringBuilder out = new StringBuilder();
    for (Thread thread : Facade.Live.facades()) {
      Snapshot snapshot = Snapshot.of(thread);
      if (snapshot == null) {
        continue;
      }
      out.append('"').append(thread.getName()).append("\" #").append(thread.threadId());
      if (thread.isDaemon()) {
        out.append(" daemon");
      }
      out.append(' ').append(snapshot.state()).append('\n');
      for (int i = 0; i < snapshot.stack.length; i++) {
        out.append("    at ").append(snapshot.stack[i]).append('\n');
        if (i == 0 && snapshot.blocker != null) {
          out.append("    - ").append(snapshot.waits()).append(' ');
          identity(out, snapshot.blocker);
        }
        for (int j = 0; j < snapshot.monitors.length; j++) {
          if (snapshot.depths[j] == i) {
            out.append("    - locked ");
            identity(out, snapshot.monitors[j]);
          }
        }
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static void identity(StringBuilder out, Object object) {
    out.append('<')
        .append(object.getClass().getName())
        .append('@')
        .append(Integer.toHexString(System.identityHashCode(object)))
        .append(">\n");
  }
}
