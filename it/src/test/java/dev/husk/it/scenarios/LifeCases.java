package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Start, join, state and termination. */
final class LifeCases {
  private LifeCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LifeCases.class, args);
  }

  @Case
  static Object joinUntimed() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              Help.pause(20);
              done.set(true);
            });
    thread.join();
    return done.get() + " " + thread.isAlive() + " " + thread.getState();
  }

  @Case
  static Object joinTimedOut() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    long start = System.nanoTime();
    thread.join(50);
    boolean waited = passed(start, 50);
    boolean alive = thread.isAlive();
    gate.countDown();
    return waited + " " + alive + " " + ended(thread);
  }

  @Case
  static Object joinMillisAndNanos() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    long start = System.nanoTime();
    thread.join(20, 500_000);
    boolean waited = passed(start, 20);
    gate.countDown();
    return waited + " " + ended(thread);
  }

  @Case
  static Object joinZeroWaitsForTheEnd() throws InterruptedException {
    Thread thread = go(() -> Help.pause(20));
    thread.join(0);
    return thread.isAlive();
  }

  @Case
  static Object joinUnstarted() throws InterruptedException {
    Thread thread = new Thread(() -> {});
    thread.join();
    thread.join(10);
    return thread.getState();
  }

  @Case
  static Object joinFinishedTwice() throws InterruptedException {
    Thread thread = go(() -> {});
    thread.join();
    thread.join();
    thread.join(5);
    return thread.getState();
  }

  @Case
  static Object joinSelfTimed() throws InterruptedException {
    long start = System.nanoTime();
    Thread.currentThread().join(30);
    return passed(start, 30);
  }

  @Case
  static Object joinNegative() {
    return thrown(() -> Thread.currentThread().join(-1))
        + " "
        + thrown(() -> Thread.currentThread().join(1, 1_000_000));
  }

  @Case
  static Object joinDuration() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    boolean early = thread.join(Duration.ofMillis(20));
    gate.countDown();
    boolean late = thread.join(Duration.ofSeconds(10));
    boolean again = thread.join(Duration.ZERO);
    return early + " " + late + " " + again;
  }

  @Case
  static Object joinDurationUnstarted() {
    return thrown(() -> new Thread(() -> {}).join(Duration.ofMillis(1)));
  }

  @Case
  static Object joinByMany() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    AtomicInteger joined = new AtomicInteger();
    List<Thread> joiners = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      joiners.add(
          go(
              () -> {
                thread.join();
                joined.incrementAndGet();
              }));
    }
    for (Thread joiner : joiners) {
      reaches(joiner, State.WAITING);
    }
    int before = joined.get();
    gate.countDown();
    for (Thread joiner : joiners) {
      joiner.join(Help.SOON_MILLIS);
    }
    return before + " " + joined.get();
  }

  @Case
  static Object joinInterrupted() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread joiner =
        go(
            () -> {
              seen.add(thrown(thread::join));
              seen.add(Thread.currentThread().isInterrupted());
            });
    reaches(joiner, State.WAITING);
    joiner.interrupt();
    ended(joiner);
    gate.countDown();
    return seen + " " + ended(thread);
  }

  @Case
  static Object joinOfInterruptedOne() throws InterruptedException {
    // The interrupt of the joined thread is none of the joiner's.
    Thread thread =
        go(
            () -> {
              LockSupport.park();
            });
    reaches(thread, State.WAITING);
    thread.interrupt();
    thread.join();
    return thread.getState();
  }

  @Case
  static Object everythingBeforeTheEndIsVisible() throws InterruptedException {
    int wrong = 0;
    for (int i = 0; i < 300; i++) {
      int[] box = new int[1];
      Thread thread = new Thread(() -> box[0] = 42);
      thread.start();
      thread.join();
      if (box[0] != 42 || thread.isAlive()) {
        wrong++;
      }
    }
    return wrong;
  }

  @Case
  static Object startTwiceWhileRunning() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    String second = thrown(thread::start);
    gate.countDown();
    return second + " " + ended(thread);
  }

  @Case
  static Object startTwiceAfterTheEnd() throws InterruptedException {
    Thread thread = go(() -> {});
    thread.join();
    return thrown(thread::start) + " " + thread.getState();
  }

  @Case
  static Object startTwiceByTwo() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      Thread target = new Thread(runs::incrementAndGet);
      Runnable starter =
          () -> {
            try {
              target.start();
            } catch (IllegalThreadStateException e) {
              refused.incrementAndGet();
            }
          };
      Thread one = go(starter::run);
      Thread two = go(starter::run);
      ended(one, two, target);
    }
    return runs + " " + refused;
  }

  @Case
  static Object startOfItself() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    String end = inThread(() -> seen.add(thrown(Thread.currentThread()::start)));
    return seen + " " + end;
  }

  @Case
  static Object startOverridden() throws InterruptedException {
    StringBuffer seen = new StringBuffer();
    Thread thread =
        new Thread(() -> seen.append(" run")) {
          @Override
          public void start() {
            seen.append("before");
            super.start();
          }
        };
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object startSwallowed() throws InterruptedException {
    Thread thread =
        new Thread(() -> {}) {
          @Override
          public void start() {}
        };
    thread.start();
    thread.join();
    return thread.getState() + " " + thread.isAlive();
  }

  @Case
  static Object noTarget() throws InterruptedException {
    Thread thread = new Thread();
    thread.start();
    thread.join();
    Thread explicit = new Thread((Runnable) null);
    explicit.start();
    explicit.join();
    return thread.getState() + " " + explicit.getState();
  }

  @Case
  static Object runOverriddenBeatsTarget() throws InterruptedException {
    StringBuffer seen = new StringBuffer();
    Thread thread =
        new Thread(() -> seen.append("target")) {
          @Override
          public void run() {
            seen.append("override ");
            super.run();
          }
        };
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object stateNew() {
    Thread thread = new Thread(() -> {});
    return thread.getState() + " " + thread.isAlive() + " " + thread.isInterrupted();
  }

  @Case
  static Object stateRunnable() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    Thread thread =
        go(
            () -> {
              running.countDown();
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    opened(running);
    State seen = thread.getState();
    boolean alive = thread.isAlive();
    stop.set(true);
    return seen + " " + alive + " " + ended(thread);
  }

  @Case
  static Object stateOfItself() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          seen.add(Thread.currentThread().getState());
          seen.add(Thread.currentThread().isAlive());
        });
    return seen;
  }

  @Case
  static Object stateWaitingInPark() throws InterruptedException {
    Thread thread = go(() -> LockSupport.park());
    boolean reached = reaches(thread, State.WAITING);
    LockSupport.unpark(thread);
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateTimedWaitingInPark() throws InterruptedException {
    Thread thread = go(() -> LockSupport.parkNanos(60_000_000_000L));
    boolean reached = reaches(thread, State.TIMED_WAITING);
    LockSupport.unpark(thread);
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateTimedWaitingInSleep() throws InterruptedException {
    Thread thread = go(() -> thrown(() -> Thread.sleep(60_000)));
    boolean reached = reaches(thread, State.TIMED_WAITING);
    thread.interrupt();
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateWaitingInWait() throws InterruptedException {
    Object lock = new Object();
    AtomicBoolean released = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              synchronized (lock) {
                while (!released.get()) {
                  lock.wait();
                }
              }
            });
    boolean reached = reaches(thread, State.WAITING);
    synchronized (lock) {
      released.set(true);
      lock.notifyAll();
    }
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateTimedWaitingInWait() throws InterruptedException {
    Object lock = new Object();
    Thread thread =
        go(
            () -> {
              synchronized (lock) {
                lock.wait(60_000);
              }
            });
    boolean reached = reaches(thread, State.TIMED_WAITING);
    synchronized (lock) {
      lock.notifyAll();
    }
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateBlocked() throws InterruptedException {
    Object lock = new Object();
    Thread thread;
    boolean reached;
    synchronized (lock) {
      thread =
          go(
              () -> {
                synchronized (lock) {
                  Thread.yield();
                }
              });
      reached = reaches(thread, State.BLOCKED);
    }
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateBlockedAfterNotify() throws InterruptedException {
    Object lock = new Object();
    Thread thread =
        go(
            () -> {
              synchronized (lock) {
                lock.wait();
              }
            });
    boolean waiting = reaches(thread, State.WAITING);
    boolean blocked;
    synchronized (lock) {
      lock.notifyAll();
      blocked = reaches(thread, State.BLOCKED);
    }
    return waiting + " " + blocked + " " + ended(thread);
  }

  @Case
  static Object stateWaitingInJoin() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread joined = go(gate::await);
    Thread untimed = go(joined::join);
    Thread timed = go(() -> joined.join(60_000));
    boolean first = reaches(untimed, State.WAITING);
    boolean second = reaches(timed, State.TIMED_WAITING);
    gate.countDown();
    return first + " " + second + " " + ended(joined, untimed, timed);
  }

  @Case
  static Object stateWaitingForLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    Thread thread =
        go(
            () -> {
              lock.lock();
              lock.unlock();
            });
    boolean reached = reaches(thread, State.WAITING);
    lock.unlock();
    return reached + " " + ended(thread);
  }

  @Case
  static Object stateReturnsToRunnable() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean woken = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              LockSupport.park();
              woken.set(true);
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    reaches(thread, State.WAITING);
    LockSupport.unpark(thread);
    until(woken::get);
    State seen = thread.getState();
    stop.set(true);
    return seen + " " + ended(thread) + " " + thread.getState();
  }

  @Case
  static Object stateIsOverridable() throws InterruptedException {
    Thread thread =
        new Thread(() -> {}) {
          @Override
          public State getState() {
            return State.BLOCKED;
          }
        };
    thread.start();
    thread.join();
    return thread.getState() + " " + thread.isAlive();
  }

  @Case
  static Object terminationNotifiesWaiters() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiters.add(
          go(
              () -> {
                synchronized (thread) {
                  while (thread.isAlive()) {
                    thread.wait();
                  }
                }
              }));
    }
    boolean waiting = true;
    for (Thread waiter : waiters) {
      waiting &= reaches(waiter, State.WAITING);
    }
    gate.countDown();
    return waiting + " " + ended(waiters.toArray(new Thread[0]));
  }

  @Case
  static Object terminationNotifiesSubclassMonitor() throws InterruptedException {
    // The idiom of old code: "synchronized (worker) { worker.wait(); }".
    class Worker extends Thread {
      @Override
      public void run() {
        Help.pause(30);
      }
    }

    Worker worker = new Worker();
    long start = System.nanoTime();
    synchronized (worker) {
      worker.start();
      worker.wait(Help.SOON_MILLIS);
    }
    boolean early = System.nanoTime() - start < 5_000_000_000L;
    worker.join();
    return early + " " + worker.isAlive();
  }

  @Case
  static Object lockOnThreadHeldDuringItsEnd() throws InterruptedException {
    // A join must not need the thread's monitor to be free before the end.
    Thread thread = go(() -> Help.pause(10));
    boolean ended;
    synchronized (thread) {
      Help.pause(50);
      // join() of JDK 25 waits on the monitor, which gives it up.
      thread.join(Help.SOON_MILLIS);
      ended = !thread.isAlive();
    }
    return ended;
  }

  @Case
  static Object synchronizedOnItself() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread() {
          @Override
          public void run() {
            synchronized (this) {
              seen.add(Thread.holdsLock(this));
              seen.add(Thread.holdsLock(Thread.currentThread()));
            }
          }
        };
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object afterTheEnd() throws InterruptedException {
    Thread thread = new Thread(() -> {}, "gone");
    thread.start();
    thread.join();
    return thread.getName()
        + " "
        + thread.getThreadGroup()
        + " "
        + thread.getPriority()
        + " "
        + thread.isDaemon()
        + " "
        + thread.getStackTrace().length
        + " "
        + thread.isInterrupted()
        + " "
        + (thread.getContextClassLoader() == ClassLoader.getSystemClassLoader())
        + " "
        + thread.getUncaughtExceptionHandler()
        + " "
        + thread.toString().replaceAll("#\\d+", "#n");
  }

  @Case
  static Object endedByException() throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("on purpose");
            });
    thread.setUncaughtExceptionHandler((who, e) -> {});
    thread.start();
    thread.join();
    return thread.getState() + " " + thread.isAlive();
  }

  @Case
  static Object endedByError() throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              throw new AssertionError("on purpose");
            });
    List<Object> seen = new CopyOnWriteArrayList<>();
    thread.setUncaughtExceptionHandler((who, e) -> seen.add(e));
    thread.start();
    thread.join();
    return seen + " " + thread.getState();
  }

  @Case
  static Object aliveInsideHandler() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("on purpose");
            });
    thread.setUncaughtExceptionHandler(
        (who, e) -> {
          seen.add(who.isAlive());
          seen.add(who.getState());
          seen.add(who.getThreadGroup() != null);
        });
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object yieldAndSpinWait() throws InterruptedException {
    AtomicInteger turns = new AtomicInteger();
    Thread one =
        go(
            () -> {
              for (int i = 0; i < 1000; i++) {
                Thread.yield();
                turns.incrementAndGet();
              }
            });
    Thread two =
        go(
            () -> {
              for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
                turns.incrementAndGet();
              }
            });
    return ended(one, two) + " " + turns;
  }

  @Case
  static Object sleepLastsAsLong() throws InterruptedException {
    long start = System.nanoTime();
    Thread.sleep(30);
    boolean first = passed(start, 30);
    start = System.nanoTime();
    Thread.sleep(Duration.ofMillis(20));
    boolean second = passed(start, 20);
    start = System.nanoTime();
    Thread.sleep(10, 500_000);
    boolean third = passed(start, 10);
    Thread.sleep(0);
    return first + " " + second + " " + third;
  }

  @Case
  static Object sleepNegative() {
    return thrown(() -> Thread.sleep(-1))
        + " "
        + thrown(() -> Thread.sleep(1, -1))
        + " "
        + thrown(() -> Thread.sleep(Duration.ofMillis(-5)));
  }

  @Case
  static Object manyThreadsAtOnce() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger through = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      threads.add(
          go(
              () -> {
                gate.await();
                through.incrementAndGet();
              }));
    }
    gate.countDown();
    for (Thread thread : threads) {
      thread.join(Help.SOON_MILLIS);
    }
    return through;
  }

  @Case
  @SuppressWarnings({"deprecation", "removal"})
  static Object stopIsUnsupported() {
    return thrown(() -> new Thread(() -> {}).stop());
  }

  @Case
  static Object cloneIsUnsupported() {
    class Clonable extends Thread implements Cloneable {
      Object copy() throws CloneNotSupportedException {
        return clone();
      }
    }

    return thrown(() -> new Clonable().copy());
  }

  @Case
  static Object spinnerSeesAFlagOfALaterThread() throws InterruptedException {
    // More spinning threads than cores: each must get its turn.
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> spinners = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 1; i++) {
      spinners.add(
          go(
              () -> {
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              }));
    }
    Thread setter = go(() -> stop.set(true));
    return ended(setter) + " " + ended(spinners.toArray(new Thread[0]));
  }
}
