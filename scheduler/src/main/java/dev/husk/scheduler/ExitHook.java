package dev.husk.scheduler;

/**
 * Calls idle carriers out of {@code epoll_wait} when the JVM goes down: it waits for threads that
 * are in native code, up to 300 ms, before it ends. The last thing that runs, after the app's hooks
 * and the JDK's.
 */
final class ExitHook implements Runnable {
  /** The last slot; the JDK uses the first three. */
  private static final int SLOT = 9;

  /** The longest wait for carriers to leave, ns. */
  private static final long PATIENCE = 5_000_000;

  private ExitHook() {}

  static void register() {
    try {
      Jdk.JLA.registerShutdownHook(SLOT, false, new ExitHook());
    } catch (InternalError | IllegalStateException e) {
      // The slot is taken, or the JVM goes down already: then it takes the 300 ms.
    }
  }

  @Override
  public void run() {
    EpollSet.stayOut();
    long deadline = System.nanoTime() + PATIENCE;
    for (Core core : Scheduler.cores) {
      core.epoll.callOut();
    }
    for (Core core : Scheduler.cores) {
      while (core.epoll.isWaiting() && System.nanoTime() < deadline) {
        Thread.yield();
      }
    }
  }
}
