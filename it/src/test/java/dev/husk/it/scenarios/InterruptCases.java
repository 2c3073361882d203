package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.lang.Thread.State;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Interrupts, in both directions and in each kind of wait. */
final class InterruptCases {
  private InterruptCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(InterruptCases.class, args);
  }

  /** Interrupts a thread that waits in the body: what the body threw, and the status after it. */
  private static Object during(State state, Help.Body body) throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              seen.add(thrown(body));
              seen.add(Thread.currentThread().isInterrupted());
            });
    boolean reached = reaches(thread, state);
    thread.interrupt();
    return reached + " " + seen(thread, seen);
  }

  /** The same with the interrupt before the wait. */
  private static Object before(Help.Body body) throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Thread.currentThread().interrupt();
              seen.add(thrown(body));
              seen.add(Thread.currentThread().isInterrupted());
            });
    return seen(thread, seen);
  }

  private static String seen(Thread thread, List<Object> seen) throws InterruptedException {
    String end = ended(thread);
    return seen + " " + end;
  }

  @Case
  static Object self() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          Thread me = Thread.currentThread();
          seen.add(me.isInterrupted());
          me.interrupt();
          seen.add(me.isInterrupted());
          seen.add(me.isInterrupted());
          seen.add(Thread.interrupted());
          seen.add(Thread.interrupted());
          seen.add(me.isInterrupted());
        });
    return seen;
  }

  @Case
  static Object caseThread() {
    Thread.currentThread().interrupt();
    boolean set = Thread.currentThread().isInterrupted();
    String sleep = thrown(() -> Thread.sleep(1000));
    return set + " " + sleep + " " + Thread.interrupted();
  }

  @Case
  static Object otherWhileRunning() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
              seen.add(Thread.interrupted());
              seen.add(Thread.interrupted());
            });
    thread.interrupt();
    return seen(thread, seen);
  }

  @Case
  static Object statusSeenFromOutside() throws InterruptedException {
    AtomicBoolean clear = new AtomicBoolean();
    AtomicBoolean cleared = new AtomicBoolean();
    AtomicBoolean stop = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              while (!clear.get()) {
                Thread.onSpinWait();
              }
              Thread.interrupted();
              cleared.set(true);
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    boolean before = thread.isInterrupted();
    thread.interrupt();
    boolean after = thread.isInterrupted();
    clear.set(true);
    until(cleared::get);
    boolean last = thread.isInterrupted();
    stop.set(true);
    return before + " " + after + " " + last + " " + ended(thread);
  }

  @Case
  static Object beforeStart() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              seen.add(Thread.currentThread().isInterrupted());
              seen.add(thrown(() -> Thread.sleep(1000)));
              seen.add(Thread.currentThread().isInterrupted());
            });
    thread.interrupt();
    seen.add(thread.isInterrupted());
    thread.start();
    return seen(thread, seen);
  }

  @Case
  static Object ofFinished() throws InterruptedException {
    Thread thread = go(() -> {});
    thread.join();
    thread.interrupt();
    boolean after = thread.isInterrupted();
    Thread second = go(() -> Thread.currentThread().interrupt());
    second.join();
    return after + " " + second.isInterrupted();
  }

  @Case
  static Object statusLeftAtTheEndIsCleared() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
    thread.interrupt();
    boolean during = thread.isInterrupted();
    stop.set(true);
    thread.join();
    return during + " " + thread.isInterrupted();
  }

  @Case
  static Object overriddenInterrupt() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(() -> seen.add(thrown(() -> Thread.sleep(60_000)))) {
          @Override
          public void interrupt() {
            calls.incrementAndGet();
            super.interrupt();
          }
        };
    thread.start();
    reaches(thread, State.TIMED_WAITING);
    thread.interrupt();
    return seen(thread, seen) + " " + calls;
  }

  @Case
  static Object overriddenInterruptSwallows() throws InterruptedException {
    Thread thread =
        new Thread(() -> LockSupport.park()) {
          @Override
          public void interrupt() {}
        };
    thread.start();
    reaches(thread, State.WAITING);
    thread.interrupt();
    Help.pause(20);
    State state = thread.getState();
    LockSupport.unpark(thread);
    return state + " " + ended(thread);
  }

  @Case
  static Object overriddenIsInterrupted() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    class Claims extends Thread {
      @Override
      public boolean isInterrupted() {
        return true;
      }

      @Override
      public void run() {
        seen.add(Thread.currentThread().isInterrupted());
        seen.add(Thread.interrupted());
        seen.add(thrown(() -> Thread.sleep(1)));
        LockSupport.parkNanos(1_000_000);
      }
    }

    Thread thread = new Claims();
    thread.start();
    return seen(thread, seen);
  }

  @Case
  static Object inSleep() throws InterruptedException {
    return during(State.TIMED_WAITING, () -> Thread.sleep(60_000))
        + " "
        + before(() -> Thread.sleep(60_000))
        + " "
        + before(() -> Thread.sleep(0));
  }

  @Case
  static Object inWait() throws InterruptedException {
    Object lock = new Object();
    Help.Body untimed =
        () -> {
          synchronized (lock) {
            lock.wait();
          }
        };
    Help.Body timed =
        () -> {
          synchronized (lock) {
            lock.wait(60_000);
          }
        };
    return during(State.WAITING, untimed)
        + " "
        + during(State.TIMED_WAITING, timed)
        + " "
        + before(untimed)
        + " "
        + before(timed);
  }

  @Case
  static Object inWaitNeedsTheMonitorBack() throws InterruptedException {
    Object lock = new Object();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              synchronized (lock) {
                try {
                  lock.wait();
                } catch (InterruptedException e) {
                  seen.add("interrupted, holds " + Thread.holdsLock(lock));
                }
              }
            });
    boolean blocked;
    reaches(thread, State.WAITING);
    synchronized (lock) {
      thread.interrupt();
      blocked = reaches(thread, State.BLOCKED);
      seen.add("released");
    }
    return blocked + " " + seen(thread, seen);
  }

  @Case
  static Object inSynchronizedEntryIsIgnored() throws InterruptedException {
    Object lock = new Object();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread;
    boolean still;
    synchronized (lock) {
      thread =
          go(
              () -> {
                synchronized (lock) {
                  seen.add(Thread.currentThread().isInterrupted());
                }
              });
      reaches(thread, State.BLOCKED);
      thread.interrupt();
      Help.pause(20);
      still = thread.getState() == State.BLOCKED;
    }
    return still + " " + seen(thread, seen);
  }

  @Case
  static Object inJoin() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread other = go(gate::await);
    Object untimed = during(State.WAITING, other::join);
    Object timed = during(State.TIMED_WAITING, () -> other.join(60_000));
    Object early = before(other::join);
    gate.countDown();
    return untimed + " " + timed + " " + early + " " + ended(other);
  }

  @Case
  static Object inPark() throws InterruptedException {
    return during(State.WAITING, () -> LockSupport.park())
        + " "
        + during(State.TIMED_WAITING, () -> LockSupport.parkNanos(60_000_000_000L))
        + " "
        + before(() -> LockSupport.park())
        + " "
        + before(() -> LockSupport.parkNanos(1L << 40));
  }

  @Case
  static Object inQueues() throws InterruptedException {
    ArrayBlockingQueue<Object> full = new ArrayBlockingQueue<>(1);
    full.add("x");
    return during(State.WAITING, () -> new LinkedBlockingQueue<>().take())
        + " "
        + during(State.TIMED_WAITING, () -> new LinkedBlockingQueue<>().poll(1, TimeUnit.MINUTES))
        + " "
        + during(State.WAITING, () -> full.put("y"))
        + " "
        + during(State.WAITING, () -> new SynchronousQueue<>().take());
  }

  @Case
  static Object inLocks() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
    StampedLock stamped = new StampedLock();
    lock.lock();
    readWrite.writeLock().lock();
    stamped.writeLock();
    return during(State.WAITING, lock::lockInterruptibly)
        + " "
        + during(State.TIMED_WAITING, () -> lock.tryLock(1, TimeUnit.MINUTES))
        + " "
        + during(State.WAITING, () -> readWrite.readLock().lockInterruptibly())
        + " "
        + during(State.WAITING, stamped::readLockInterruptibly)
        + " "
        + before(lock::lockInterruptibly);
  }

  @Case
  static Object inLockIsIgnoredButKept() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              lock.lock();
              seen.add(Thread.currentThread().isInterrupted());
              lock.unlock();
            });
    reaches(thread, State.WAITING);
    thread.interrupt();
    Help.pause(20);
    seen.add(thread.getState());
    lock.unlock();
    return seen(thread, seen);
  }

  @Case
  static Object inConditions() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    Help.Body untimed =
        () -> {
          lock.lock();
          try {
            condition.await();
          } finally {
            lock.unlock();
          }
        };
    Help.Body timed =
        () -> {
          lock.lock();
          try {
            condition.await(1, TimeUnit.MINUTES);
          } finally {
            lock.unlock();
          }
        };
    return during(State.WAITING, untimed)
        + " "
        + during(State.TIMED_WAITING, timed)
        + " "
        + before(untimed);
  }

  @Case
  static Object inUninterruptibleCondition() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              lock.lock();
              condition.awaitUninterruptibly();
              seen.add(Thread.currentThread().isInterrupted());
              lock.unlock();
            });
    reaches(thread, State.WAITING);
    thread.interrupt();
    Help.pause(20);
    lock.lock();
    seen.add(lock.hasWaiters(condition));
    condition.signal();
    lock.unlock();
    return seen(thread, seen);
  }

  @Case
  static Object inSynchronizers() throws InterruptedException {
    Phaser phaser = new Phaser(2);
    int phase = phaser.arrive();
    return during(State.WAITING, () -> new CountDownLatch(1).await())
        + " "
        + during(State.WAITING, () -> new Semaphore(0).acquire())
        + " "
        + during(State.WAITING, () -> new CyclicBarrier(2).await())
        + " "
        + during(State.WAITING, () -> new Exchanger<Object>().exchange("x"))
        + " "
        + during(State.WAITING, () -> phaser.awaitAdvanceInterruptibly(phase))
        + " "
        + during(State.WAITING, () -> new FutureTask<>(() -> "x").get())
        + " "
        + during(State.WAITING, () -> new CompletableFuture<>().get());
  }

  @Case
  static Object inProcessWait() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              seen.add(thrown(process::waitFor));
              seen.add(Thread.currentThread().isInterrupted());
            });
    Help.pause(100);
    thread.interrupt();
    String result = seen(thread, seen);
    process.destroyForcibly();
    return result;
  }

  @Case
  static Object byTheExecutor() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    FutureTask<Object> task =
        new FutureTask<>(
            () -> {
              seen.add(thrown(() -> Thread.sleep(60_000)));
              return null;
            });
    Thread thread = go(task::run);
    reaches(thread, State.TIMED_WAITING);
    seen.add(task.cancel(true));
    return ended(thread) + " " + seen.size() + " " + seen.contains(true);
  }

  @Case
  static Object twoWays() throws InterruptedException {
    // Two threads interrupt each other, many times: each interrupt is seen.
    int rounds = 200;
    Thread[] pair = new Thread[2];
    AtomicInteger seen = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      int own = i;
      pair[i] =
          new Thread(
              () -> {
                Thread other = pair[1 - own];
                for (int round = 0; round < rounds; round++) {
                  if (own == 0) {
                    other.interrupt();
                  }
                  try {
                    Thread.sleep(60_000);
                  } catch (InterruptedException e) {
                    seen.incrementAndGet();
                  }
                  if (own == 1) {
                    other.interrupt();
                  }
                }
              });
      pair[i].setDaemon(true);
    }
    pair[0].start();
    pair[1].start();
    return ended(pair) + " " + seen;
  }

  @Case
  static Object unparkIsNoInterrupt() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              LockSupport.park();
              seen.add(Thread.currentThread().isInterrupted());
            });
    reaches(thread, State.WAITING);
    LockSupport.unpark(thread);
    return seen(thread, seen);
  }

  @Case
  static Object interruptedSleepKeepsPermit() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              LockSupport.unpark(Thread.currentThread());
              Thread.currentThread().interrupt();
              seen.add(thrown(() -> Thread.sleep(1000)));
              long start = System.nanoTime();
              LockSupport.parkNanos(5_000_000_000L);
              seen.add(System.nanoTime() - start < 4_000_000_000L);
            });
    return seen(thread, seen);
  }
}
