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

  /** The one that is at work. Whoever is started while there is one leaves the rest to it. */
  private static volatile @Nullable Keeper running;

  /** The facade whose end it waits for. Written by this thread. */
  private volatile @Nullable Facade watched;

  private Keeper() {
    super(null, null, "husk-keeper", 0, false);
    setDaemon(false);
  }

  /** From here on the main platform thread waits for its facade. */
  static void mainWaits() {
    mainWaits = true;
  }

  /** The main platform thread is about to end. */
  static void mainEnds() {
    mainWaits = false;
    if (Facade.Live.keepingUp() != null) {
      ensureRunning();
    }
  }

  /** A facade was started, and is among the live ones. Any thread. */
  static void started(@Nullable Facade facade) {
    if (!mainWaits && running == null && facade != null && facade.keepsJvmUp()) {
      ensureRunning();
    }
  }

  /** A facade has ended. Any thread. */
  static void ended(@Nullable Facade facade) {
    Keeper keeper = running;
    if (keeper != null && facade != null && keeper.watched == facade) {
      Jdk.U.unpark(keeper);
    }
  }

  private static void ensureRunning() {
    Keeper keeper = new Keeper();
    if (keeper.takesOver()) {
      keeper.start();
    }
  }

  private boolean takesOver() {
    synchronized (Keeper.class) {
      if (running != null) {
        return false;
      }
      running = this;
      return true;
    }
  }

  @Override
  public void run() {
    for (; ; ) {
      Facade facade = Facade.Live.keepingUp();
      if (facade == null) {
        running = null;
        // One that started before this relied on it, and is to be seen now; one that starts later
        // finds no keeper.
        facade = Facade.Live.keepingUp();
        if (facade == null || !takesOver()) {
          return;
        }
      }
      watched = facade;
      while (facade.keepsJvmUp()) {
        Jdk.U.park(false, 0);
      }
    }
  }
}
