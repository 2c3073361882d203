package dev.husk.it.scenarios;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the programs share: bounded waits, and exceptions as text. */
final class Help {
  /** How long something that is bound to happen may take, on a machine that is busy. */
  static final long SOON_MILLIS = 10_000;

  private Help() {}

  /** A body that may throw what it likes. */
  @FunctionalInterface
  interface Body {
    void run() throws Throwable;
  }

  /** Polls until the condition holds; false after {@link #SOON_MILLIS}. */
  static boolean until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause(1);
    }
    return true;
  }

  /** Waits until the thread is in the state; false when it isn't in time. */
  static boolean reaches(Thread thread, Thread.State state) {
    return until(() -> thread.getState() == state);
  }

  /** Whether the thread waits, or has come to the JDK's channels, whose calls show as runnable. */
  static boolean blocks(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED -> true;
      case RUNNABLE ->
          Arrays.stream(thread.getStackTrace())
              .anyMatch(frame -> frame.getClassName().startsWith("sun.nio.ch."));
      default -> false;
    };
  }

  /** Sleeps; an interrupt ends the sleep and stays set. */
  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts a daemon thread, so that one that never ends doesn't keep the JVM. */
  static Thread go(Body body) {
    return go("case", body);
  }

  /** Starts a named daemon thread; what its body throws is printed to stdout. */
  static Thread go(String name, Body body) {
    Thread thread = new Thread(quietly(body), name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The body as a Runnable that prints what the body throws. */
  static Runnable quietly(Body body) {
    return () -> {
      try {
        body.run();
      } catch (Throwable e) {
        System.out.println("unexpected: " + e);
        e.printStackTrace(System.out);
      }
    };
  }

  /** Runs the body in a new thread and waits for its end, or says so. */
  static String inThread(Body body) throws InterruptedException {
    Thread thread = go(body);
    return ended(thread);
  }

  /** Joins with a bound. */
  static String ended(Thread... threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(SOON_MILLIS);
      if (thread.isAlive()) {
        return "not ended, " + thread.getState();
      }
    }
    return "ended";
  }

  /** What the body throws: the class and the message, or {@code nothing}. */
  static String thrown(Body body) {
    try {
      body.run();
      return "nothing";
    } catch (Throwable e) {
      String message = e.getMessage();
      return e.getClass().getName() + (message == null ? "" : " \"" + message + "\"");
    }
  }

  /** Waits for a latch with a bound. */
  static boolean opened(CountDownLatch latch) throws InterruptedException {
    return latch.await(SOON_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether at least so many milliseconds went by since the start; the clocks may round by one. */
  static boolean passed(long startNanos, long millis) {
    return System.nanoTime() - startNanos >= TimeUnit.MILLISECONDS.toNanos(millis - 1);
  }

  /** Spins without any call that could block or yield. */
  static void spin(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
