package dev.husk.ab.load;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Processes that must not outlive this one. Any thread may call it. */
final class Children {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Children::kill), "husk-ab-driver-end"));
  }

  private Children() {}

  static void add(Process process) {
    RUNNING.add(process);
  }

  /** Ends a process and what it started, and waits for the end. */
  static void end(Process process) {
    kill(process);
    boolean interrupted = false;
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    RUNNING.remove(process);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
