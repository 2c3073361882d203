package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The program's own virtual threads, and what the builders of both kinds make. */
final class VirtualCases {
  private VirtualCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(VirtualCases.class, args);
  }

  private static String text(Thread thread) {
    return thread.getName()
        + "|"
        + thread.isVirtual()
        + " "
        + thread.isDaemon()
        + " "
        + thread.getPriority()
        + " "
        + (thread.getThreadGroup() == null ? "null" : thread.getThreadGroup().getName());
  }

  @Case
  static Object plain() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  seen.add(text(Thread.currentThread()));
                  seen.add(Thread.currentThread().getState());
                  seen.add(
                      Thread.currentThread()
                          .toString()
                          .replaceAll("#\\d+", "#n")
                          .replaceAll("ForkJoinPool-\\d+-worker-\\d+", "carrier")
                          .replaceAll("@.*", "@carrier]"));
                });
    seen.add(text(thread));
    thread.start();
    thread.join();
    return seen + " " + text(thread) + " " + thread.getState();
  }

  @Case
  static Object identity() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread[] self = new Thread[1];
    Thread thread = Thread.ofVirtual().start(() -> self[0] = Thread.currentThread());
    thread.join();
    seen.add(self[0] == thread);
    Thread inner = Thread.startVirtualThread(() -> seen.add(Thread.currentThread().isVirtual()));
    inner.join();
    return seen;
  }

  @Case
  static Object startedFromPlatformThread() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread outer =
        go(
            () -> {
              Thread inner =
                  Thread.ofVirtual()
                      .name("inner")
                      .start(
                          () -> {
                            seen.add(Thread.currentThread().isVirtual());
                            Thread platform =
                                new Thread(() -> seen.add(Thread.currentThread().isVirtual()));
                            platform.start();
                            Help.quietly(platform::join).run();
                            seen.add(platform.isDaemon());
                            seen.add(platform.getThreadGroup() == null);
                          });
              inner.join();
            });
    return ended(outer) + " " + seen;
  }

  @Case
  static Object platformThreadMadeByVirtual() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread.ofVirtual()
        .start(
            () -> {
              Thread made = new Thread(() -> {}, "made");
              seen.add(made.isDaemon());
              seen.add(made.getPriority());
              seen.add(made.getThreadGroup().getName());
            })
        .join();
    return seen;
  }

  @Case
  static Object fixedProperties() throws InterruptedException {
    Thread thread = Thread.ofVirtual().unstarted(() -> {});
    thread.setPriority(10);
    return thread.getPriority()
        + " "
        + thrown(() -> thread.setDaemon(false))
        + " "
        + thrown(() -> thread.setDaemon(true))
        + " "
        + thread.isDaemon();
  }

  @Case
  static Object joinAndStates() throws InterruptedException {
    Thread thread = Thread.ofVirtual().unstarted(() -> LockSupport.park());
    State fresh = thread.getState();
    thread.start();
    boolean waiting = reaches(thread, State.WAITING);
    boolean early = thread.join(Duration.ofMillis(10));
    LockSupport.unpark(thread);
    return fresh + " " + waiting + " " + early + " " + ended(thread) + " " + thread.getState();
  }

  @Case
  static Object timedStates() throws InterruptedException {
    Thread sleeping = Thread.startVirtualThread(() -> Help.pause(60_000));
    boolean timed = reaches(sleeping, State.TIMED_WAITING);
    sleeping.interrupt();
    Object lock = new Object();
    Thread waiting =
        Thread.startVirtualThread(
            Help.quietly(
                () -> {
                  synchronized (lock) {
                    lock.wait();
                  }
                }));
    boolean waits = reaches(waiting, State.WAITING);
    synchronized (lock) {
      lock.notifyAll();
    }
    return timed + " " + waits + " " + ended(sleeping, waiting);
  }

  @Case
  static Object interrupts() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              seen.add(thrown(() -> Thread.sleep(60_000)));
              seen.add(Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
              seen.add(Thread.interrupted());
            });
    reaches(thread, State.TIMED_WAITING);
    thread.interrupt();
    ended(thread);
    return seen;
  }

  @Case
  static Object perTaskExecutor() throws Exception {
    List<Future<Integer>> futures = new ArrayList<>();
    AtomicInteger virtual = new AtomicInteger();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        int own = i;
        futures.add(
            pool.submit(
                () -> {
                  if (Thread.currentThread().isVirtual()) {
                    virtual.incrementAndGet();
                  }
                  Thread.sleep(own % 5);
                  return own;
                }));
      }
    }
    int sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get();
    }
    return sum + " " + virtual;
  }

  @Case
  static Object talkToPlatformThreads() throws InterruptedException {
    SynchronousQueue<Integer> there = new SynchronousQueue<>();
    SynchronousQueue<Integer> back = new SynchronousQueue<>();
    Thread virtual =
        Thread.startVirtualThread(
            Help.quietly(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    back.put(there.take() + 1);
                  }
                }));
    int[] last = new int[1];
    Thread platform =
        go(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                there.put(i);
                last[0] = back.take();
              }
            });
    return ended(virtual, platform) + " " + last[0];
  }

  @Case
  static Object pinnedBySynchronizedAndParked() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Object own = new Object();
      threads.add(
          Thread.startVirtualThread(
              Help.quietly(
                  () -> {
                    synchronized (own) {
                      gate.await();
                    }
                  })));
    }
    Thread opener = Thread.startVirtualThread(gate::countDown);
    return ended(opener) + " " + ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object tenThousand() throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                Thread.yield();
                done.incrementAndGet();
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + done;
  }

  @Case
  static Object spinningVirtualThreads() throws InterruptedException {
    // On stock, as many spinners as carriers starve the rest, so leave it one.
    AtomicInteger stop = new AtomicInteger();
    Thread spinner =
        Thread.startVirtualThread(
            () -> {
              while (stop.get() == 0) {
                Thread.onSpinWait();
              }
            });
    Thread setter = Thread.startVirtualThread(stop::incrementAndGet);
    return ended(setter) + " " + ended(spinner);
  }

  @Case
  static Object factoryNames() throws InterruptedException {
    ThreadFactory factory = Thread.ofVirtual().name("v-", 0).factory();
    return factory.newThread(() -> {}).getName()
        + " "
        + factory.newThread(() -> {}).getName()
        + " <"
        + Thread.ofVirtual().unstarted(() -> {}).getName()
        + ">";
  }

  @Case
  static Object absentFromEnumeration() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = Thread.ofVirtual().name("unseen").start(Help.quietly(gate::await));
    reaches(thread, State.WAITING);
    Thread[] found = new Thread[100];
    int count = Thread.enumerate(found);
    boolean listed = false;
    for (int i = 0; i < count; i++) {
      listed |= found[i] == thread;
    }
    boolean traced = Thread.getAllStackTraces().containsKey(thread);
    int frames = thread.getStackTrace().length;
    gate.countDown();
    return listed + " " + traced + " " + (frames > 0) + " " + ended(thread);
  }

  @Case
  static Object platformBuilder() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ThreadGroup group = new ThreadGroup("built");
    Thread thread =
        Thread.ofPlatform()
            .name("builder")
            .daemon(true)
            .priority(3)
            .group(group)
            .stackSize(1 << 20)
            .unstarted(() -> seen.add(text(Thread.currentThread())));
    seen.add(text(thread));
    thread.start();
    thread.join();
    seen.add(thrown(() -> Thread.ofPlatform().priority(11)));
    seen.add(thrown(() -> Thread.ofPlatform().stackSize(-1)));
    seen.add(thrown(() -> Thread.ofPlatform().name(null)));
    return seen;
  }

  @Case
  static Object platformFactory() throws Exception {
    ThreadFactory factory = Thread.ofPlatform().name("f-", 1).daemon().factory();
    List<Object> seen = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = factory.newThread(() -> seen.add(text(Thread.currentThread())));
      thread.start();
      thread.join();
    }
    return seen;
  }

  @Case
  static Object platformStart() throws InterruptedException {
    Thread[] seen = new Thread[1];
    Thread thread = Thread.ofPlatform().start(() -> seen[0] = Thread.currentThread());
    thread.join();
    return (seen[0] == thread) + " " + thread.getClass().getName() + " " + thread.isVirtual();
  }
}
