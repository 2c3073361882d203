package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.until;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** {@code LockSupport}: permits, times and blockers. */
final class ParkCases {
  private static final long LONG = TimeUnit.SECONDS.toNanos(60);

  private ParkCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ParkCases.class, args);
  }

  @Case
  static Object permitBeforePark() throws InterruptedException {
    String inMain = parksAtOnce();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(() -> seen.add(parksAtOnce()));
    return inMain + " " + seen;
  }

  private static String parksAtOnce() {
    LockSupport.unpark(Thread.currentThread());
    long start = System.nanoTime();
    LockSupport.parkNanos(LONG);
    return System.nanoTime() - start < LONG / 2 ? "at once" : "waited";
  }

  @Case
  static Object permitsDoNotAddUp() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          LockSupport.unpark(Thread.currentThread());
          LockSupport.unpark(Thread.currentThread());
          LockSupport.parkNanos(LONG);
          long start = System.nanoTime();
          LockSupport.parkNanos(30_000_000);
          seen.add(passed(start, 30));
        });
    return seen;
  }

  @Case
  static Object unparkByOther() throws InterruptedException {
    Thread thread = go(() -> LockSupport.park());
    boolean reached = reaches(thread, State.WAITING);
    LockSupport.unpark(thread);
    return reached + " " + ended(thread);
  }

  @Case
  static Object unparkOfThreadThatRuns() throws InterruptedException {
    AtomicBoolean permit = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              while (!permit.get()) {
                Thread.onSpinWait();
              }
              LockSupport.park();
            });
    LockSupport.unpark(thread);
    permit.set(true);
    return ended(thread);
  }

  @Case
  static Object unparkOfUnstarted() throws InterruptedException {
    // The specification promises nothing here; the thread must just live with it.
    Thread thread = new Thread(() -> LockSupport.parkNanos(1_000_000));
    LockSupport.unpark(thread);
    thread.start();
    return ended(thread);
  }

  @Case
  static Object unparkOfFinishedAndNull() throws InterruptedException {
    Thread thread = go(() -> {});
    thread.join();
    for (int i = 0; i < 100; i++) {
      LockSupport.unpark(thread);
    }
    LockSupport.unpark(null);
    return thread.getState();
  }

  @Case
  static Object unparkOfSubclass() throws InterruptedException {
    class Parks extends Thread {
      @Override
      public void run() {
        LockSupport.park(this);
      }
    }

    Parks thread = new Parks();
    thread.start();
    boolean reached = reaches(thread, State.WAITING);
    boolean blocker = LockSupport.getBlocker(thread) == thread;
    LockSupport.unpark(thread);
    return reached + " " + blocker + " " + ended(thread);
  }

  @Case
  static Object unparkOfMainByOthers() throws InterruptedException {
    Thread me = Thread.currentThread();
    Thread other =
        go(
            () -> {
              reaches(me, State.TIMED_WAITING);
              LockSupport.unpark(me);
            });
    long start = System.nanoTime();
    LockSupport.parkNanos(LONG);
    return (System.nanoTime() - start < LONG / 2) + " " + ended(other);
  }

  @Case
  static Object parkNanosWaits() throws InterruptedException {
    // A latch of the case before may have left a permit: AQS unparks who has gone on already.
    LockSupport.parkNanos(1);
    long start = System.nanoTime();
    LockSupport.parkNanos(20_000_000);
    boolean here = passed(start, 20);
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long then = System.nanoTime();
          LockSupport.parkNanos(new Object(), 20_000_000);
          seen.add(passed(then, 20));
          LockSupport.parkNanos(0);
          LockSupport.parkNanos(-5);
        });
    return here + " " + seen;
  }

  @Case
  static Object parkNanosHuge() throws InterruptedException {
    Thread thread = go(() -> LockSupport.parkNanos(Long.MAX_VALUE));
    boolean reached = reaches(thread, State.TIMED_WAITING);
    Help.pause(20);
    boolean still = thread.isAlive();
    LockSupport.unpark(thread);
    return reached + " " + still + " " + ended(thread);
  }

  @Case
  static Object parkUntilWaits() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long start = System.nanoTime();
          LockSupport.parkUntil(System.currentTimeMillis() + 30);
          seen.add(passed(start, 29));
          LockSupport.parkUntil(System.currentTimeMillis() - 1000);
          LockSupport.parkUntil(new Object(), 0);
        });
    return seen;
  }

  @Case
  static Object parkUntilFarIsUnparked() throws InterruptedException {
    Thread thread = go(() -> LockSupport.parkUntil(Long.MAX_VALUE));
    boolean reached = reaches(thread, State.TIMED_WAITING);
    LockSupport.unpark(thread);
    return reached + " " + ended(thread);
  }

  @Case
  static Object blockerIsVisible() throws InterruptedException {
    Object blocker = new Object();
    Thread thread = go(() -> LockSupport.park(blocker));
    reaches(thread, State.WAITING);
    boolean during = LockSupport.getBlocker(thread) == blocker;
    LockSupport.unpark(thread);
    String end = ended(thread);
    return during + " " + end + " " + LockSupport.getBlocker(thread);
  }

  @Case
  static Object blockerOfTimedPark() throws InterruptedException {
    Object blocker = "why";
    Thread thread = go(() -> LockSupport.parkNanos(blocker, LONG));
    reaches(thread, State.TIMED_WAITING);
    Object during = LockSupport.getBlocker(thread);
    LockSupport.unpark(thread);
    return during + " " + ended(thread);
  }

  @Case
  static Object blockerOfLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    Thread thread =
        go(
            () -> {
              lock.lock();
              lock.unlock();
            });
    reaches(thread, State.WAITING);
    String blocker = String.valueOf(LockSupport.getBlocker(thread)).replaceAll("@[0-9a-f]+", "@n");
    lock.unlock();
    return blocker + " " + ended(thread);
  }

  @Case
  static Object setCurrentBlocker() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean set = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              LockSupport.setCurrentBlocker("mine");
              set.set(true);
              while (!stop.get()) {
                LockSupport.parkNanos(1_000_000);
              }
              LockSupport.setCurrentBlocker(null);
            });
    until(set::get);
    Object seen = LockSupport.getBlocker(thread);
    stop.set(true);
    return seen + " " + ended(thread) + " " + LockSupport.getBlocker(thread);
  }

  @Case
  static Object blockerOfNull() {
    return Help.thrown(() -> LockSupport.getBlocker(null));
  }

  @Case
  static Object pingPong() throws InterruptedException {
    int rounds = 20_000;
    AtomicInteger turn = new AtomicInteger();
    Thread[] pair = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int own = i;
      pair[i] =
          new Thread(
              () -> {
                for (int round = 0; round < rounds; round++) {
                  while (turn.get() != own) {
                    LockSupport.park();
                  }
                  turn.set(1 - own);
                  LockSupport.unpark(pair[1 - own]);
                }
              });
      pair[i].setDaemon(true);
    }
    pair[0].start();
    pair[1].start();
    return ended(pair);
  }

  @Case
  static Object pingPongTimed() throws InterruptedException {
    // Timed parks that are mostly woken early: the timer must neither wake late nor twice.
    int rounds = 5_000;
    AtomicInteger turn = new AtomicInteger();
    Thread[] pair = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int own = i;
      pair[i] =
          new Thread(
              () -> {
                for (int round = 0; round < rounds; round++) {
                  while (turn.get() != own) {
                    LockSupport.parkNanos(round % 3 == 0 ? 50_000 : 1_000_000_000);
                  }
                  turn.set(1 - own);
                  LockSupport.unpark(pair[1 - own]);
                }
              });
      pair[i].setDaemon(true);
    }
    pair[0].start();
    pair[1].start();
    return ended(pair);
  }

  @Case
  static Object unparksFromMany() throws InterruptedException {
    // Every item put must be seen though all the wakers race with the park.
    AtomicInteger items = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    int total = 8 * 2_000;
    Thread consumer =
        go(
            () -> {
              while (taken.get() < total) {
                int now = items.get();
                if (now > 0) {
                  items.addAndGet(-now);
                  taken.addAndGet(now);
                } else {
                  LockSupport.park();
                }
              }
            });
    List<Thread> producers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      producers.add(
          go(
              () -> {
                for (int n = 0; n < 2_000; n++) {
                  items.incrementAndGet();
                  LockSupport.unpark(consumer);
                }
              }));
    }
    return ended(producers.toArray(new Thread[0])) + " " + ended(consumer) + " " + taken;
  }
}
