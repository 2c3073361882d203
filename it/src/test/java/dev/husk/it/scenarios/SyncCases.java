package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Synchronizers and queues, and the monitor of every object. */
final class SyncCases {
  private SyncCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(SyncCases.class, args);
  }

  @Case
  static Object latch() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(3);
    Thread waiter = go(latch::await);
    reaches(waiter, State.WAITING);
    for (int i = 0; i < 3; i++) {
      go(latch::countDown);
    }
    return ended(waiter)
        + " "
        + latch.getCount()
        + " "
        + new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
  }

  @Case
  static Object semaphore() throws InterruptedException {
    Semaphore permits = new Semaphore(2);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 50; n++) {
                  permits.acquire();
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.yield();
                  inside.decrementAndGet();
                  permits.release();
                }
              }));
    }
    return ended(threads.toArray(new Thread[0]))
        + " "
        + (most.get() <= 2)
        + " "
        + permits.availablePermits()
        + " "
        + permits.tryAcquire(3, 10, TimeUnit.MILLISECONDS);
  }

  @Case
  static Object barrier() throws InterruptedException {
    AtomicInteger trips = new AtomicInteger();
    Set<Thread> tripped = ConcurrentHashMap.newKeySet();
    CyclicBarrier barrier =
        new CyclicBarrier(
            4,
            () -> {
              trips.incrementAndGet();
              tripped.add(Thread.currentThread());
            });
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 100; n++) {
                  barrier.await();
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + trips + " " + threads.containsAll(tripped);
  }

  @Case
  static Object barrierBroken() throws InterruptedException {
    CyclicBarrier barrier = new CyclicBarrier(3);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread first = go(() -> seen.add(thrown(barrier::await)));
    until(() -> barrier.getNumberWaiting() == 1);
    Thread second = go(() -> seen.add(thrown(() -> barrier.await(20, TimeUnit.MILLISECONDS))));
    String end = ended(first, second);
    seen.sort((a, b) -> a.toString().compareTo(b.toString()));
    return end + " " + seen + " " + barrier.isBroken();
  }

  @Case
  static Object phaser() throws InterruptedException {
    Phaser phaser = new Phaser(1);
    List<Thread> threads = new ArrayList<>();
    AtomicInteger sum = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      phaser.register();
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 20; n++) {
                  sum.incrementAndGet();
                  phaser.arriveAndAwaitAdvance();
                }
                phaser.arriveAndDeregister();
              }));
    }
    boolean inStep = true;
    for (int n = 0; n < 20; n++) {
      phaser.arriveAndAwaitAdvance();
      inStep &= sum.get() >= 5 * (n + 1);
    }
    phaser.arriveAndDeregister();
    return inStep + " " + ended(threads.toArray(new Thread[0])) + " " + phaser.isTerminated();
  }

  @Case
  static Object exchanger() throws InterruptedException {
    Exchanger<Integer> exchanger = new Exchanger<>();
    AtomicLong sum = new AtomicLong();
    Help.Body body =
        () -> {
          for (int i = 0; i < 500; i++) {
            sum.addAndGet(exchanger.exchange(i));
          }
        };
    String end = ended(go(body), go(body));
    return end + " " + sum + " " + thrown(() -> exchanger.exchange(1, 5, TimeUnit.MILLISECONDS));
  }

  @Case
  static Object synchronousQueue() throws InterruptedException {
    SynchronousQueue<Integer> queue = new SynchronousQueue<>();
    AtomicLong sum = new AtomicLong();
    Thread producer =
        go(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                queue.put(i);
              }
            });
    Thread consumer =
        go(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                sum.addAndGet(queue.take());
              }
            });
    return ended(producer, consumer)
        + " "
        + sum
        + " "
        + queue.offer(1)
        + " "
        + queue.poll(5, TimeUnit.MILLISECONDS);
  }

  @Case
  static Object synchronousQueueFair() throws InterruptedException {
    SynchronousQueue<Integer> queue = new SynchronousQueue<>(true);
    List<Integer> order = new ArrayList<>();
    List<Thread> producers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int own = i;
      Thread producer = go(() -> queue.put(own));
      reaches(producer, State.WAITING);
      producers.add(producer);
    }
    for (int i = 0; i < 5; i++) {
      order.add(queue.take());
    }
    return order + " " + ended(producers.toArray(new Thread[0]));
  }

  @Case
  static Object blockingQueues() throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<BlockingQueue<Integer>> queues =
        List.of(
            new ArrayBlockingQueue<>(3),
            new LinkedBlockingQueue<>(3),
            new LinkedBlockingDeque<>(3),
            new LinkedTransferQueue<>(),
            new PriorityBlockingQueue<>(),
            new SynchronousQueue<>());
    for (BlockingQueue<Integer> queue : queues) {
      AtomicLong sum = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(
            go(
                () -> {
                  for (int n = 0; n < 500; n++) {
                    queue.put(n);
                  }
                }));
        threads.add(
            go(
                () -> {
                  for (int n = 0; n < 500; n++) {
                    sum.addAndGet(queue.take());
                  }
                }));
      }
      text.append(ended(threads.toArray(new Thread[0]))).append(' ').append(sum).append(' ');
    }
    return text.toString().strip();
  }

  private record Late(long at) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(at, ((Late) other).at);
    }
  }

  @Case
  static Object delayQueue() throws InterruptedException {
    DelayQueue<Late> queue = new DelayQueue<>();
    long start = System.nanoTime();
    for (int i = 5; i > 0; i--) {
      queue.add(new Late(start + i * 10_000_000L));
    }
    boolean ordered = true;
    long last = 0;
    for (int i = 0; i < 5; i++) {
      Late next = queue.take();
      ordered &= next.at > last && System.nanoTime() >= next.at;
      last = next.at;
    }
    return ordered + " " + queue.size();
  }

  @Case
  static Object transferQueue() throws InterruptedException {
    LinkedTransferQueue<String> queue = new LinkedTransferQueue<>();
    Thread consumer = go(queue::take);
    until(queue::hasWaitingConsumer);
    boolean handed = queue.tryTransfer("x");
    String end = ended(consumer);
    return handed
        + " "
        + end
        + " "
        + queue.tryTransfer("y")
        + " "
        + queue.tryTransfer("z", 5, TimeUnit.MILLISECONDS)
        + " "
        + queue.size();
  }

  @Case
  static Object pollTimesOut() throws InterruptedException {
    long start = System.nanoTime();
    Object polled = new LinkedBlockingQueue<>().poll(25, TimeUnit.MILLISECONDS);
    boolean waited = passed(start, 25);
    return polled + " " + waited;
  }

  @Case
  static Object randomDiffersByThread() throws InterruptedException {
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 20; i++) {
      inThread(() -> seen.add(ThreadLocalRandom.current().nextLong()));
    }
    return seen.size() > 15;
  }

  @Case
  static Object monitorOwnership() throws InterruptedException {
    Object lock = new Object();
    List<Object> seen = new CopyOnWriteArrayList<>();
    seen.add(thrown(lock::wait));
    seen.add(thrown(lock::notify));
    seen.add(thrown(lock::notifyAll));
    seen.add(thrown(() -> lock.wait(-1)));
    synchronized (lock) {
      inThread(
          () -> {
            seen.add(thrown(lock::notify));
            seen.add(Thread.holdsLock(lock));
          });
      seen.add(Thread.holdsLock(lock));
    }
    seen.add(Thread.holdsLock(lock));
    seen.add(thrown(() -> Thread.holdsLock(null)));
    return seen;
  }

  @Case
  static Object waitTimesOut() throws InterruptedException {
    Object lock = new Object();
    long start = System.nanoTime();
    synchronized (lock) {
      lock.wait(30);
    }
    boolean here = passed(start, 30);
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long then = System.nanoTime();
          synchronized (lock) {
            synchronized (lock) {
              lock.wait(20, 500_000);
              seen.add(Thread.holdsLock(lock));
            }
            seen.add(Thread.holdsLock(lock));
          }
          seen.add(passed(then, 20));
        });
    return here + " " + seen;
  }

  @Case
  static Object notifyWakesOne() throws InterruptedException {
    Object lock = new Object();
    AtomicInteger woken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(
          go(
              () -> {
                synchronized (lock) {
                  lock.wait();
                  woken.incrementAndGet();
                }
              }));
    }
    for (Thread thread : threads) {
      reaches(thread, State.WAITING);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 5; i++) {
      synchronized (lock) {
        lock.notify();
      }
      int expected = i;
      until(() -> woken.get() >= expected);
      Help.pause(5);
      text.append(woken.get()).append(' ');
    }
    return text + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object waitReleasesAllHolds() throws InterruptedException {
    Object lock = new Object();
    Thread waiter =
        go(
            () -> {
              synchronized (lock) {
                synchronized (lock) {
                  lock.wait();
                }
              }
            });
    reaches(waiter, State.WAITING);
    synchronized (lock) {
      lock.notify();
    }
    return ended(waiter);
  }

  @Case
  static Object waitInNestedMonitorKeepsTheOuter() throws InterruptedException {
    Object outer = new Object();
    Object inner = new Object();
    AtomicBoolean entered = new AtomicBoolean();
    Thread waiter =
        go(
            () -> {
              synchronized (outer) {
                synchronized (inner) {
                  inner.wait();
                }
              }
            });
    reaches(waiter, State.WAITING);
    Thread other =
        go(
            () -> {
              synchronized (outer) {
                entered.set(true);
              }
            });
    boolean blocked = reaches(other, State.BLOCKED);
    boolean before = entered.get();
    synchronized (inner) {
      inner.notifyAll();
    }
    return blocked + " " + before + " " + ended(waiter, other) + " " + entered;
  }

  @Case
  static Object monitorPingPong() throws InterruptedException {
    Object lock = new Object();
    int[] turn = new int[1];
    Thread[] pair = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int own = i;
      pair[i] =
          go(
              () -> {
                for (int n = 0; n < 3_000; n++) {
                  synchronized (lock) {
                    while (turn[0] != own) {
                      lock.wait();
                    }
                    turn[0] = 1 - own;
                    lock.notifyAll();
                  }
                }
              });
    }
    return ended(pair);
  }

  @Case
  static Object boundedBufferByMonitor() throws InterruptedException {
    List<Integer> buffer = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  synchronized (buffer) {
                    while (buffer.size() >= 4) {
                      buffer.wait();
                    }
                    buffer.add(n);
                    buffer.notifyAll();
                  }
                }
              }));
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  synchronized (buffer) {
                    while (buffer.isEmpty()) {
                      buffer.wait(1_000);
                    }
                    sum.addAndGet(buffer.removeLast());
                    buffer.notifyAll();
                  }
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + sum + " " + buffer.size();
  }

  @Case
  static Object contendedCounter() throws InterruptedException {
    Object lock = new Object();
    int[] counter = new int[1];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 5_000; n++) {
                  synchronized (lock) {
                    counter[0]++;
                  }
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + counter[0];
  }

  @Case
  static Object sleepingInsideMonitor() throws InterruptedException {
    // More sleepers than cores, each with a monitor: the others must go on.
    List<Thread> threads = new ArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      Object own = new Object();
      threads.add(
          go(
              () -> {
                synchronized (own) {
                  gate.await();
                  Thread.sleep(5);
                }
              }));
    }
    Thread opener = go(gate::countDown);
    return ended(opener) + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object wideRaceOfNotifyAndTimeout() throws InterruptedException {
    // A timed wait that races its notify must neither hang nor lose the monitor.
    Object lock = new Object();
    AtomicInteger rounds = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    Thread waiter =
        go(
            () -> {
              for (int i = 0; i < 300; i++) {
                synchronized (lock) {
                  lock.wait(1);
                  if (Thread.holdsLock(lock)) {
                    rounds.incrementAndGet();
                  }
                }
              }
              stop.set(true);
            });
    Thread notifier =
        go(
            () -> {
              while (!stop.get()) {
                synchronized (lock) {
                  lock.notifyAll();
                }
                Help.spin(1);
              }
            });
    return ended(waiter, notifier) + " " + rounds;
  }
}
