package dev.husk.agent;

import dev.husk.allocator.HuskMemory;
import dev.husk.netpath.HuskSockets;
import dev.husk.scheduler.HuskThreads;

/** Prints the counters when the JVM goes down. */
final class StatsPrinter extends Thread {
  StatsPrinter() {
    super("husk-stats");
  }

  @Override
  public void run() {
    System.err.print(HuskThreads.statistics());
    System.err.print(HuskSockets.statistics());
    System.err.print(HuskMemory.statistics());
  }
}
