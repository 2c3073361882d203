package dev.husk.agent;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.scheduler.HuskThreads;
import java.util.Set;

/** Says what there is to say when the JVM goes down: late findings of the checks, the counters. */
final class LastWords extends Thread {
  private final Set<String> groups;
  private final boolean statistics;

  /**
   * @param groups the groups of seams that are in
   */
  LastWords(Set<String> groups, boolean statistics) {
    super("husk-stats");
    this.groups = groups;
    this.statistics = statistics;
  }

  @Override
  public void run() {
    if (groups.contains(Agent.MEMORY)) {
      HuskMemory.checkNow();
    }
    if (!statistics) {
      return;
    }
    if (groups.contains(Agent.THREADS)) {
      System.err.print(HuskThreads.statistics());
      System.err.print(HuskSockets.statistics());
    }
    if (groups.contains(Agent.MEMORY)) {
      System.err.print(HuskMemory.statistics());
    }
  }
}
