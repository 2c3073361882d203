package dev.husk.start;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.scheduler.HuskThreads;

/** Says what there is to say when the JVM goes down: late findings of the checks, the counters. */
final class LastWords extends Thread {
  private final Groups groups;
  private final boolean statistics;

  /**
   * @param groups the groups of seams that are in
   */
  LastWords(Groups groups, boolean statistics) {
    super("husk-stats");
    this.groups = groups;
    this.statistics = statistics;
  }

  @Override
  public void run() {
    if (groups.memory()) {
      HuskMemory.checkNow();
    }
    if (!statistics) {
      return;
    }
    if (groups.threads()) {
      System.err.print(HuskThreads.statistics());
      System.err.print(HuskSockets.statistics());
    }
    if (groups.memory()) {
      System.err.print(HuskMemory.statistics());
    }
  }
}
