package dev.husk.it.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Thousands of threads in parks of one or two milliseconds, more wake-ups than the cores can serve,
 * and beside them one thread of each other kind, which must all get on.
 *
 * <p>Arguments: seconds, sleepers, the longest pause in ms that one of the others may have.
 */
final class FloodProgram {
  private static volatile boolean over;
  private static volatile long sink;

  private FloodProgram() {}

  /** One turn of a thread that must get on. */
  private interface Turn {
    void take() throws InterruptedException;
  }

  private static final class Watched {
    final String name;
    final AtomicLong turns = new AtomicLong();
    volatile long last = System.nanoTime();
    volatile long longest;

    Watched(String name, Turn turn) {
      this.name = name;
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (!over) {
                    turn.take();
                    long now = System.nanoTime();
                    longest = Math.max(longest, now - last);
                    last = now;
                    turns.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              name);
      thread.setDaemon(true);
      thread.start();
    }
  }

  public static void main(String[] args) throws InterruptedException {
    long seconds = Long.parseLong(args[0]);
    int sleepers = Integer.parseInt(args[1]);
    long limit = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[2]));
    for (int i = 0; i < sleepers; i++) {
      long nanos = 1_000_000 + i % 1000 * 1_000L;
      Thread thread =
          new Thread(
              () -> {
                while (!over) {
                  LockSupport.parkNanos(nanos);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
    Object monitor = new Object();
    List<Watched> all = new ArrayList<>();
    all.add(new Watched("hog", () -> compute(20_000_000)));
    all.add(new Watched("worker", () -> compute(100_000)));
    all.add(
        new Watched(
            "yielder",
            () -> {
              compute(10_000);
              Thread.yield();
            }));
    all.add(new Watched("sleeper", () -> Thread.sleep(10)));
    all.add(
        new Watched(
            "starter",
            () -> {
              Thread child = new Thread(() -> compute(1_000));
              child.start();
              child.join();
            }));
    all.add(
        new Watched(
            "waiter",
            () -> {
              synchronized (monitor) {
                monitor.wait();
              }
            }));
    all.add(
        new Watched(
            "notifier",
            () -> {
              Thread.sleep(1);
              synchronized (monitor) {
                monitor.notifyAll();
              }
            }));
    Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
    long now = System.nanoTime();
    boolean fine = true;
    for (Watched watched : all) {
      long longest = Math.max(watched.longest, now - watched.last);
      boolean holds = longest <= limit;
      fine &= holds;
      System.out.printf(
          "%s: %d turns, longest pause %d ms%s%n",
          watched.name, watched.turns.get(), longest / 1_000_000, holds ? "" : ": TOO LONG");
    }
    over = true;
    System.out.println("flood " + (fine ? "passed" : "FAILED"));
    System.exit(fine ? 0 : 1);
  }

  private static void compute(long nanos) {
    long until = System.nanoTime() + nanos;
    long value = sink;
    while (System.nanoTime() - until < 0) {
      value = value * 31 + 7;
    }
    sink = value;
  }
}
