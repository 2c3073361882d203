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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Locks: owners, queues and waiters, which hand threads back to the program. */
final class LockCases {
  private LockCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LockCases.class, args);
  }

  /** Shows what subclasses see. */
  private static final class Open extends ReentrantLock {
    private static final long serialVersionUID = 1;

    Open() {}

    Open(boolean fair) {
      super(fair);
    }

    Thread owner() {
      return getOwner();
    }

    Collection<Thread> queued() {
      return getQueuedThreads();
    }

    Collection<Thread> waiting(Condition condition) {
      return getWaitingThreads(condition);
    }
  }

  @Case
  static Object ownerIsTheThread() throws InterruptedException {
    Open lock = new Open();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread =
        go(
            "holder",
            () -> {
              lock.lock();
              held.countDown();
              gate.await();
              lock.unlock();
            });
    opened(held);
    boolean same = lock.owner() == thread;
    String text = lock.toString().replaceAll(".*\\[", "[");
    boolean mine = lock.isHeldByCurrentThread();
    boolean locked = lock.isLocked();
    gate.countDown();
    String end = ended(thread);
    return same + " " + text + " " + mine + " " + locked + " " + end + " " + lock.owner();
  }

  @Case
  static Object ownerIsTheCaseThread() {
    Open lock = new Open();
    lock.lock();
    lock.lock();
    boolean same = lock.owner() == Thread.currentThread();
    int holds = lock.getHoldCount();
    boolean held = lock.isHeldByCurrentThread();
    lock.unlock();
    lock.unlock();
    return same + " " + holds + " " + held + " " + lock.isLocked();
  }

  @Case
  static Object queuedThreads() throws InterruptedException {
    Open lock = new Open();
    lock.lock();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          go(
              "queued-" + i,
              () -> {
                lock.lock();
                lock.unlock();
              });
      until(() -> lock.hasQueuedThread(thread));
      threads.add(thread);
    }
    Collection<Thread> queued = lock.queued();
    boolean all = queued.containsAll(threads) && queued.size() == 3;
    boolean me = lock.hasQueuedThread(Thread.currentThread());
    int length = lock.getQueueLength();
    boolean any = lock.hasQueuedThreads();
    lock.unlock();
    return all
        + " "
        + me
        + " "
        + length
        + " "
        + any
        + " "
        + ended(threads.toArray(new Thread[0]))
        + " "
        + lock.hasQueuedThreads();
  }

  @Case
  static Object waitersOfCondition() throws InterruptedException {
    Open lock = new Open();
    Condition condition = lock.newCondition();
    Thread thread =
        go(
            "waiter",
            () -> {
              lock.lock();
              condition.await();
              lock.unlock();
            });
    reaches(thread, State.WAITING);
    lock.lock();
    boolean has = lock.hasWaiters(condition);
    int length = lock.getWaitQueueLength(condition);
    boolean same = lock.waiting(condition).contains(thread);
    condition.signal();
    boolean moved = lock.hasQueuedThread(thread);
    lock.unlock();
    return has + " " + length + " " + same + " " + moved + " " + ended(thread);
  }

  @Case
  static Object conditionNeedsTheLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    return thrown(condition::await)
        + " "
        + thrown(condition::signal)
        + " "
        + thrown(() -> lock.hasWaiters(condition))
        + " "
        + thrown(lock::unlock);
  }

  @Case
  static Object unlockByOther() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          seen.add(thrown(lock::unlock));
          seen.add(lock.tryLock());
          seen.add(lock.isLocked());
          seen.add(lock.isHeldByCurrentThread());
          seen.add(lock.getHoldCount());
        });
    lock.unlock();
    return seen;
  }

  @Case
  static Object fairOrder() throws InterruptedException {
    Open lock = new Open(true);
    List<Integer> order = new CopyOnWriteArrayList<>();
    lock.lock();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int own = i;
      Thread thread =
          go(
              () -> {
                lock.lock();
                order.add(own);
                lock.unlock();
              });
      until(() -> lock.hasQueuedThread(thread));
      threads.add(thread);
    }
    lock.unlock();
    ended(threads.toArray(new Thread[0]));
    return order;
  }

  @Case
  static Object tryLockTimesOut() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long start = System.nanoTime();
          seen.add(lock.tryLock(30, TimeUnit.MILLISECONDS));
          seen.add(passed(start, 30));
        });
    lock.unlock();
    return seen + " " + lock.hasQueuedThreads();
  }

  @Case
  static Object conditionTimesOut() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    lock.lock();
    long start = System.nanoTime();
    boolean signalled = condition.await(20, TimeUnit.MILLISECONDS);
    boolean waited = passed(start, 20);
    long left = condition.awaitNanos(5_000_000);
    lock.unlock();
    return signalled + " " + waited + " " + (left <= 0);
  }

  @Case
  static Object signalAllWakesAll() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          go(
              () -> {
                lock.lock();
                try {
                  condition.await();
                } finally {
                  lock.unlock();
                }
              }));
    }
    boolean waiting = true;
    for (Thread thread : threads) {
      waiting &= reaches(thread, State.WAITING);
    }
    lock.lock();
    condition.signalAll();
    lock.unlock();
    return waiting + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object readWriteOwners() throws InterruptedException {
    class OpenReadWrite extends ReentrantReadWriteLock {
      private static final long serialVersionUID = 1;

      Thread owner() {
        return getOwner();
      }

      Collection<Thread> writers() {
        return getQueuedWriterThreads();
      }

      Collection<Thread> readers() {
        return getQueuedReaderThreads();
      }
    }

    OpenReadWrite lock = new OpenReadWrite();
    lock.writeLock().lock();
    Thread reader =
        go(
            () -> {
              lock.readLock().lock();
              lock.readLock().unlock();
            });
    until(() -> lock.hasQueuedThread(reader));
    Thread writer =
        go(
            () -> {
              lock.writeLock().lock();
              lock.writeLock().unlock();
            });
    until(() -> lock.hasQueuedThread(writer));
    String seen =
        (lock.owner() == Thread.currentThread())
            + " "
            + lock.readers().contains(reader)
            + " "
            + lock.writers().contains(writer)
            + " "
            + lock.isWriteLockedByCurrentThread()
            + " "
            + lock.getWriteHoldCount();
    lock.readLock().lock();
    lock.writeLock().unlock();
    seen += " " + lock.getReadHoldCount() + " " + lock.getReadLockCount();
    lock.readLock().unlock();
    return seen + " " + ended(reader, writer);
  }

  @Case
  static Object readHoldsPerThread() throws InterruptedException {
    ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    lock.readLock().lock();
    lock.readLock().lock();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          seen.add(lock.getReadHoldCount());
          lock.readLock().lock();
          seen.add(lock.getReadHoldCount());
          seen.add(lock.getReadLockCount());
          lock.readLock().unlock();
          seen.add(thrown(() -> lock.readLock().unlock()).contains("not locked by current thread"));
        });
    seen.add(lock.getReadHoldCount());
    lock.readLock().unlock();
    lock.readLock().unlock();
    return seen;
  }

  @Case
  static Object stampedLock() throws InterruptedException {
    StampedLock lock = new StampedLock();
    long write = lock.writeLock();
    Thread reader = go(() -> lock.unlockRead(lock.readLock()));
    boolean blocked = reaches(reader, State.WAITING);
    lock.unlockWrite(write);
    String end = ended(reader);
    long optimistic = lock.tryOptimisticRead();
    boolean valid = lock.validate(optimistic);
    inThread(() -> lock.unlockWrite(lock.writeLock()));
    return blocked + " " + end + " " + valid + " " + lock.validate(optimistic);
  }

  @Case
  static Object semaphoreQueue() throws InterruptedException {
    class OpenSemaphore extends Semaphore {
      private static final long serialVersionUID = 1;

      OpenSemaphore() {
        super(0, true);
      }

      Collection<Thread> queued() {
        return getQueuedThreads();
      }
    }

    OpenSemaphore semaphore = new OpenSemaphore();
    Thread thread = go(semaphore::acquire);
    until(() -> semaphore.getQueueLength() == 1);
    boolean same = semaphore.queued().contains(thread);
    semaphore.release();
    return same + " " + ended(thread) + " " + semaphore.availablePermits();
  }

  /** A lock as the documentation of AbstractQueuedSynchronizer shows it. */
  private static final class Mutex extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean tryAcquire(int ignored) {
      if (compareAndSetState(0, 1)) {
        setExclusiveOwnerThread(Thread.currentThread());
        return true;
      }
      return false;
    }

    @Override
    protected boolean tryRelease(int ignored) {
      if (getExclusiveOwnerThread() != Thread.currentThread()) {
        throw new IllegalMonitorStateException("not the owner");
      }
      setExclusiveOwnerThread(null);
      setState(0);
      return true;
    }

    @Override
    protected boolean isHeldExclusively() {
      return getExclusiveOwnerThread() == Thread.currentThread();
    }
  }

  @Case
  static Object ownSynchronizer() throws InterruptedException {
    Mutex mutex = new Mutex();
    mutex.acquire(1);
    Thread thread =
        go(
            () -> {
              mutex.acquire(1);
              mutex.release(1);
            });
    until(() -> mutex.isQueued(thread));
    String seen =
        mutex.getFirstQueuedThread().equals(thread)
            + " "
            + mutex.getQueuedThreads().contains(thread)
            + " "
            + mutex.getExclusiveQueuedThreads().contains(thread)
            + " "
            + mutex.getSharedQueuedThreads().isEmpty()
            + " "
            + mutex.hasQueuedPredecessors();
    mutex.release(1);
    return seen + " " + ended(thread) + " " + mutex.hasContended();
  }

  @Case
  static Object ownableSynchronizer() throws InterruptedException {
    class Owned extends AbstractOwnableSynchronizer {
      private static final long serialVersionUID = 1;

      void own() {
        setExclusiveOwnerThread(Thread.currentThread());
      }

      Thread owner() {
        return getExclusiveOwnerThread();
      }
    }

    Owned owned = new Owned();
    Thread thread = go(owned::own);
    ended(thread);
    return owned.owner() == thread;
  }

  @Case
  static Object counterUnderLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    int[] counter = new int[1];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 10_000; n++) {
                  lock.lock();
                  try {
                    counter[0]++;
                  } finally {
                    lock.unlock();
                  }
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + counter[0];
  }

  @Case
  static Object mixedVirtualAndPlatform() throws InterruptedException {
    Open lock = new Open();
    AtomicInteger sum = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Help.Body body =
          () -> {
            for (int n = 0; n < 1_000; n++) {
              lock.lock();
              try {
                if (lock.owner() == Thread.currentThread()) {
                  sum.incrementAndGet();
                }
              } finally {
                lock.unlock();
              }
            }
          };
      threads.add(i % 2 == 0 ? go(body) : Thread.startVirtualThread(Help.quietly(body)));
    }
    return ended(threads.toArray(new Thread[0])) + " " + sum;
  }

  @Case
  static Object ownersNamesInText() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
    Set<String> seen = new TreeSet<>();
    Thread thread =
        go(
            "named owner",
            () -> {
              lock.lock();
              readWrite.writeLock().lock();
              seen.add(lock.toString().replaceAll(".*\\[", "["));
              seen.add(readWrite.writeLock().toString().replaceAll(".*\\[", "["));
            });
    return ended(thread) + " " + seen;
  }
}
