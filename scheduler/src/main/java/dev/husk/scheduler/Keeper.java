package dev.husk.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM up while a facade lives that isn't a daemon: virtual threads are always daemons, so
 * the VM doesn't count them. While {@code main} runs on the scheduler its waiting platform thread
 * does this; after its end, and in a JVM that Husk was attached to, a platform thread of Husk's
 * does.
 */
final class Keeper extends Thread {
  /** True while the JVM's main thread waits for its facade and so keeps the JVM up itself. */
  private static volatile boolean mainWaits;

  private static @Nullable Keeper running;

  private Keeper() {
    super(null, null, "husk-keeper", 0, false);
    setDaemon(false);
  }

  /** From here on the main platform thread waits for its facade. */
  static void mainWaits() {
    mainWaits = true;
  }

  /** A facade was started. */
  static void started(boolean daemon) {
    if (!daemon && !mainWaits) {
      ensureRunning();
    }
  }

  /** The main platform thread is about to end. */
  static void keepWhileNonDaemons() {
    mainWaits = false;
    if (Facade.nonDaemons() > 0) {
      ensureRunning();
    }
  }

  private static synchronized void ensureRunning() {
    if (running == null && Facade.nonDaemons() > 0) {
      running = new Keeper();
      running.start();
    }
  }

  /** The last facade that isn't a daemon has ended. */
  static void lastEnded() {
    Keeper keeper = running;
    if (keeper != null) {
      Jdk.U.unpark(keeper);
    }
  }

  @Override
  public void run() {
    for (; ; ) {
      while (Facade.nonDaemons() > 0) {
        Jdk.U.park(false, 0);
      }
      synchronized (Keeper.class) {
        if (Facade.nonDaemons() == 0) {
          running = null;
          return;
        }
      }
    }
  }
}
