package dev.husk.it.scenarios;

import java.io.File;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Random threads for a long time: started, put to sleep, parked, interrupted, notified, joined.
 *
 * <p>Each thread ends only when the one wake-up that it waits for arrives, so a wake-up that is
 * lost shows as a thread that never ends. Arguments: seconds, threads alive at once, seed.
 */
final class SoakProgram {
  private static final int DRIVERS = 4;
  private static final AtomicLong STARTED = new AtomicLong();
  private static final AtomicLong ENDED = new AtomicLong();
  private static final AtomicLong WRONG = new AtomicLong();

  private SoakProgram() {}

  /** One thread and the one thing that ends it. */
  private static final class Subject implements Runnable {
    private static final int KINDS = 8;

    private final int kind;
    private final long nanos;
    private final ReentrantLock lock;
    private final Thread thread;
    private volatile boolean released;

    Subject(SplittableRandom random, ReentrantLock lock) {
      kind = random.nextInt(KINDS);
      nanos = random.nextLong(1, 20_000_000);
      this.lock = lock;
      thread = new Thread(this);
    }

    @Override
    public void run() {
      if (Thread.currentThread() != thread) {
        WRONG.incrementAndGet();
      }
      switch (kind) {
        case 0 -> sleepUntilInterrupted();
        case 1 -> {
          while (!released) {
            LockSupport.park(this);
          }
        }
        case 2 -> waitUntilNotified(0);
        case 3 -> waitUntilNotified(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        case 4 -> Help.pause(TimeUnit.NANOSECONDS.toMillis(nanos));
        case 5 -> {
          while (!released) {
            LockSupport.parkNanos(nanos);
          }
        }
        case 6 -> joinChild();
        default -> {
          for (int i = 0; i < 10; i++) {
            lock.lock();
            try {
              Thread.yield();
            } finally {
              lock.unlock();
            }
          }
        }
      }
      ENDED.incrementAndGet();
    }

    private void sleepUntilInterrupted() {
      try {
        Thread.sleep(TimeUnit.DAYS.toMillis(1));
        WRONG.incrementAndGet();
      } catch (InterruptedException e) {
        if (Thread.currentThread().isInterrupted()) {
          WRONG.incrementAndGet();
        }
      }
    }

    private synchronized void waitUntilNotified(long millis) {
      while (!released) {
        try {
          wait(millis);
        } catch (InterruptedException e) {
          WRONG.incrementAndGet();
        }
      }
    }

    private void joinChild() {
      boolean[] ran = new boolean[1];
      Thread child =
          new Thread(
              () -> {
                LockSupport.parkNanos(nanos);
                ran[0] = true;
                ENDED.incrementAndGet();
              });
      STARTED.incrementAndGet();
      child.start();
      try {
        child.join();
      } catch (InterruptedException e) {
        WRONG.incrementAndGet();
      }
      if (!ran[0] || child.isAlive()) {
        WRONG.incrementAndGet();
      }
    }

    void start() {
      STARTED.incrementAndGet();
      thread.start();
    }

    /** Gives the thread what it waits for, once. */
    void release() {
      released = true;
      switch (kind) {
        case 0 -> thread.interrupt();
        case 1, 5 -> LockSupport.unpark(thread);
        case 2, 3 -> {
          synchronized (this) {
            notify();
          }
        }
        default -> Reference.reachabilityFence(this);
      }
    }
  }

  public static void main(String[] args) throws InterruptedException {
    long seconds = Long.parseLong(args[0]);
    int alive = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[2]);
    System.out.println("soak begins");
    round(1, Math.min(alive, 1_000), seed);
    long heap = heap();
    int kernelThreads = kernelThreads();
    int javaThreads = Thread.activeCount();

    round(seconds, alive, seed + 1);
    check("started and ended", STARTED.get() == ENDED.get());
    check("nothing went wrong", WRONG.get() == 0);
    check("threads of the group", Help.until(() -> Thread.activeCount() == javaThreads));
    check(
        "threads of the kernel " + kernelThreads + " " + kernelThreads(),
        Help.until(() -> kernelThreads() <= kernelThreads + 8));
    long grown = heap() - heap;
    // What a thread leaves behind would add up: 100 bytes are 10 MB in 100,000 threads.
    check("heap grew by " + (grown >> 10) + " KB", grown < (16L << 20));
    System.out.println("threads: " + STARTED);
    System.out.println("soak passed");
  }

  private static void check(String what, boolean holds) {
    System.out.println(what + ": " + (holds ? "ok" : "FAILED"));
    if (!holds) {
      System.out.println("started " + STARTED + " ended " + ENDED + " wrong " + WRONG);
      System.exit(1);
    }
  }

  private static void round(long seconds, int alive, long seed) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Thread> drivers = new ArrayList<>();
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < DRIVERS; i++) {
      SplittableRandom random = seeds.split();
      Thread driver = new Thread(() -> drive(random, alive / DRIVERS, deadline), "driver-" + i);
      driver.start();
      drivers.add(driver);
    }
    for (Thread driver : drivers) {
      driver.join();
    }
  }

  private static void drive(SplittableRandom random, int alive, long deadline) {
    ArrayDeque<Subject> subjects = new ArrayDeque<>();
    ReentrantLock lock = new ReentrantLock();
    while (System.nanoTime() < deadline) {
      if (subjects.size() < alive) {
        Subject subject = new Subject(random, lock);
        subject.start();
        subjects.add(subject);
        if (random.nextInt(4) != 0) {
          continue;
        }
      }
      Subject oldest = subjects.poll();
      if (oldest.kind == 6 || random.nextInt(3) != 0) {
        finish(oldest);
      } else {
        subjects.add(oldest);
      }
    }
    // Release all, then join all: they end in whatever order.
    subjects.forEach(Subject::release);
    for (Iterator<Subject> i = subjects.iterator(); i.hasNext(); i.remove()) {
      join(i.next());
    }
  }

  private static void finish(Subject subject) {
    subject.release();
    join(subject);
  }

  private static void join(Subject subject) {
    try {
      subject.thread.join(60_000);
    } catch (InterruptedException e) {
      WRONG.incrementAndGet();
    }
    if (subject.thread.isAlive()) {
      System.out.println("lost: kind " + subject.kind + " is " + subject.thread.getState());
      WRONG.incrementAndGet();
      System.exit(2);
    }
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Help.pause(50);
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static int kernelThreads() {
    return new File("/proc/self/task").list().length;
  }
}
