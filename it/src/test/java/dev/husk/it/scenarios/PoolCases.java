package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.quietly;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Executors, fork-join, futures, parallel streams and timers. */
final class PoolCases {
  private PoolCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(PoolCases.class, args);
  }

  @Case
  static Object fixedPoolKeepsItsWorkers() throws Exception {
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        futures.add(pool.submit(() -> workers.add(Thread.currentThread())));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    return workers.size() + " " + ended(workers.toArray(new Thread[0]));
  }

  @Case
  static Object shutdownNowInterrupts() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    CountDownLatch running = new CountDownLatch(1);
    pool.execute(
        () -> {
          running.countDown();
          seen.add(thrown(() -> Thread.sleep(60_000)));
        });
    pool.execute(() -> seen.add("never"));
    opened(running);
    int left = pool.shutdownNow().size();
    boolean ended = pool.awaitTermination(10, TimeUnit.SECONDS);
    return left
        + " "
        + ended
        + " "
        + seen
        + " "
        + thrown(() -> pool.execute(() -> {})).split(" ")[0];
  }

  @Case
  static Object cancelInterrupts() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
      CountDownLatch running = new CountDownLatch(1);
      Future<?> future =
          pool.submit(
              () -> {
                running.countDown();
                seen.add(thrown(() -> Thread.sleep(60_000)));
              });
      opened(running);
      seen.add(future.cancel(true));
      // The worker must not carry the interrupt into the next task.
      boolean clean = pool.submit(() -> Thread.currentThread().isInterrupted()).get();
      seen.sort((a, b) -> a.toString().compareTo(b.toString()));
      return seen + " " + clean + " " + future.isCancelled();
    }
  }

  @Case
  static Object factoryThreadsAreInTheGroupOfItsMaker() throws Exception {
    ThreadGroup mine = Thread.currentThread().getThreadGroup();
    List<Object> seen = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
      seen.add(pool.submit(() -> Thread.currentThread().getThreadGroup() == mine).get());
    }
    try (ScheduledExecutorService pool = Executors.newScheduledThreadPool(1)) {
      seen.add(
          pool.schedule(
                  () -> Thread.currentThread().getThreadGroup().getName(), 1, TimeUnit.MILLISECONDS)
              .get());
    }
    ThreadGroup other = new ThreadGroup("other");
    Thread maker =
        new Thread(
            other,
            quietly(
                () ->
                    seen.add(
                        Executors.defaultThreadFactory().newThread(() -> {}).getThreadGroup()
                            == other)));
    maker.start();
    ended(maker);
    return seen;
  }

  @Case
  @SuppressWarnings("removal")
  static Object privilegedFactoryGivesItsLoader() throws Exception {
    Thread me = Thread.currentThread();
    ClassLoader mine = me.getContextClassLoader();
    ClassLoader other = new ClassLoader(mine) {};
    ThreadFactory factory;
    Callable<ClassLoader> callable;
    me.setContextClassLoader(other);
    try {
      factory = Executors.privilegedThreadFactory();
      callable =
          Executors.privilegedCallableUsingCurrentClassLoader(
              () -> Thread.currentThread().getContextClassLoader());
    } finally {
      me.setContextClassLoader(mine);
    }
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        factory.newThread(() -> seen.add(Thread.currentThread().getContextClassLoader() == other));
    thread.start();
    seen.add(ended(thread));
    seen.add(callable.call() == other);
    seen.add(me.getContextClassLoader() == mine);
    return seen;
  }

  @Case
  @SuppressWarnings("removal")
  static Object securityManagerKnowsTheGroup() {
    return new SecurityManager().getThreadGroup().getName();
  }

  @Case
  static Object cancelCallsTheRunnersInterrupt() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    CountDownLatch running = new CountDownLatch(1);
    FutureTask<Object> task =
        new FutureTask<>(
            () -> {
              running.countDown();
              return seen.add(thrown(() -> Thread.sleep(60_000)));
            });
    Thread runner =
        new Thread(task) {
          @Override
          public void interrupt() {
            seen.add("asked");
            super.interrupt();
          }
        };
    runner.start();
    opened(running);
    task.cancel(true);
    return ended(runner) + " " + seen;
  }

  @Case
  static Object workersTimeOut() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(2, 2, 20, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>());
    pool.allowCoreThreadTimeOut(true);
    Thread worker = pool.submit(Thread::currentThread).get();
    boolean gone = until(() -> pool.getPoolSize() == 0) && ended(worker).equals("ended");
    Thread next = pool.submit(Thread::currentThread).get();
    pool.shutdown();
    return gone + " " + (next != worker) + " " + pool.awaitTermination(10, TimeUnit.SECONDS);
  }

  @Case
  static Object workerReplacedAfterFailure() throws Exception {
    List<Thread> made = new CopyOnWriteArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((who, e) -> {});
              made.add(thread);
              return thread;
            });
    pool.execute(
        () -> {
          throw new IllegalStateException();
        });
    Thread second = pool.submit(Thread::currentThread).get();
    pool.shutdown();
    return made.size() + " " + (second == made.getLast()) + " " + ended(made.getFirst());
  }

  @Case
  static Object cachedPoolGrowsAndShrinks() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 10, TimeUnit.MILLISECONDS, new SynchronousQueue<>());
    CountDownLatch gate = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      pool.execute(Help.quietly(gate::await));
    }
    int most = pool.getPoolSize();
    gate.countDown();
    boolean shrinks = until(() -> pool.getPoolSize() == 0);
    pool.shutdown();
    return most + " " + shrinks + " " + pool.getCompletedTaskCount();
  }

  @Case
  static Object callerRuns() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new ThreadPoolExecutor.CallerRunsPolicy());
    CountDownLatch gate = new CountDownLatch(1);
    pool.execute(Help.quietly(gate::await));
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread me = Thread.currentThread();
    pool.execute(() -> seen.add(Thread.currentThread() == me));
    gate.countDown();
    pool.shutdown();
    return seen;
  }

  @Case
  static Object invokeAllAndAny() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int own = i;
        tasks.add(
            () -> {
              Thread.sleep(own % 3);
              return own;
            });
      }
      int sum = 0;
      for (Future<Integer> future : pool.invokeAll(tasks)) {
        sum += future.get();
      }
      int any =
          pool.invokeAny(
              List.of(
                  () -> {
                    Thread.sleep(60_000);
                    return 1;
                  },
                  () -> 2));
      return sum + " " + any;
    }
  }

  @Case
  static Object beforeAndAfterExecute() throws Exception {
    List<Boolean> seen = new CopyOnWriteArrayList<>();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          protected void beforeExecute(Thread thread, Runnable task) {
            seen.add(thread == Thread.currentThread());
          }
        };
    pool.submit(() -> {}).get();
    pool.shutdown();
    return seen;
  }

  @Case
  static Object threadPerTask() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ExecutorService pool =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("task-", 0).factory())) {
      for (int i = 0; i < 3; i++) {
        pool.submit(
                () ->
                    seen.add(
                        Thread.currentThread().getName()
                            + " "
                            + Thread.currentThread().isVirtual()))
            .get();
      }
    }
    return seen;
  }

  @Case
  static Object threadPerTaskShutdownNow() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ExecutorService pool = Executors.newThreadPerTaskExecutor(Thread::new);
    CountDownLatch running = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      pool.execute(
          () -> {
            running.countDown();
            seen.add(thrown(() -> Thread.sleep(60_000)));
          });
    }
    opened(running);
    pool.shutdownNow();
    return pool.awaitTermination(10, TimeUnit.SECONDS) + " " + seen.size();
  }

  @Case
  static Object scheduledInOrder() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
    long start = System.nanoTime();
    ScheduledFuture<?> late = pool.schedule(() -> order.add(3), 900, TimeUnit.MILLISECONDS);
    pool.schedule(() -> order.add(2), 500, TimeUnit.MILLISECONDS);
    pool.schedule(() -> order.add(1), 100, TimeUnit.MILLISECONDS);
    late.get();
    boolean waited = passed(start, 900);
    pool.shutdown();
    return order + " " + waited;
  }

  @Case
  static Object scheduledAtFixedRate() throws Exception {
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);
    CountDownLatch ticks = new CountDownLatch(10);
    long start = System.nanoTime();
    ScheduledFuture<?> ticking =
        pool.scheduleAtFixedRate(ticks::countDown, 5, 5, TimeUnit.MILLISECONDS);
    boolean all = opened(ticks);
    boolean notTooFast = passed(start, 50);
    ticking.cancel(true);
    pool.shutdown();
    return all + " " + notTooFast + " " + pool.awaitTermination(10, TimeUnit.SECONDS);
  }

  @Case
  static Object scheduledCancelled() throws Exception {
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
    pool.setRemoveOnCancelPolicy(true);
    AtomicInteger runs = new AtomicInteger();
    ScheduledFuture<?> far = pool.schedule(runs::incrementAndGet, 1, TimeUnit.HOURS);
    far.cancel(false);
    int queued = pool.getQueue().size();
    int sooner = pool.schedule(() -> 7, 10, TimeUnit.MILLISECONDS).get();
    pool.shutdown();
    return queued + " " + sooner + " " + runs;
  }

  @Case
  static Object scheduledEarlierTaskOvertakes() throws Exception {
    // The worker sleeps towards a far deadline when a near one arrives.
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
    pool.schedule(() -> {}, 1, TimeUnit.HOURS);
    Help.pause(20);
    long start = System.nanoTime();
    pool.schedule(() -> {}, 10, TimeUnit.MILLISECONDS).get();
    boolean soon = System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5);
    pool.shutdownNow();
    return soon + " " + pool.awaitTermination(10, TimeUnit.SECONDS);
  }

  private static final class Fibonacci extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1;
    private final int n;

    Fibonacci(int n) {
      this.n = n;
    }

    @Override
    protected Integer compute() {
      if (n < 2) {
        return n;
      }
      Fibonacci left = new Fibonacci(n - 1);
      left.fork();
      return new Fibonacci(n - 2).compute() + left.join();
    }
  }

  @Case
  static Object forkJoin() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    seen.add(ForkJoinPool.commonPool().invoke(new Fibonacci(18)));
    Thread thread =
        go(
            () -> {
              seen.add(new ForkJoinPool(2).invoke(new Fibonacci(18)));
              seen.add(new Fibonacci(15).fork().join());
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object forkJoinManagedBlocker() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1);
    CountDownLatch gate = new CountDownLatch(1);
    var first =
        pool.submit(
            () -> {
              ForkJoinPool.managedBlock(
                  new ForkJoinPool.ManagedBlocker() {
                    @Override
                    public boolean block() throws InterruptedException {
                      gate.await();
                      return true;
                    }

                    @Override
                    public boolean isReleasable() {
                      return gate.getCount() == 0;
                    }
                  });
              return "released";
            });
    pool.submit(gate::countDown);
    String result = first.get(10, TimeUnit.SECONDS);
    pool.shutdown();
    return result;
  }

  @Case
  static Object completableFutures() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              CompletableFuture<Integer> slow =
                  CompletableFuture.supplyAsync(
                      () -> {
                        Help.pause(10);
                        return 20;
                      });
              seen.add(
                  slow.thenCombine(CompletableFuture.supplyAsync(() -> 22), Integer::sum).get());
              seen.add(thrown(() -> new CompletableFuture<>().get(10, TimeUnit.MILLISECONDS)));
              seen.add(
                  new CompletableFuture<Integer>()
                      .completeOnTimeout(5, 10, TimeUnit.MILLISECONDS)
                      .join());
              seen.add(
                  thrown(
                      () -> CompletableFuture.failedFuture(new IllegalStateException("x")).join()));
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object futureCompletedByOther() throws Exception {
    CompletableFuture<Thread> future = new CompletableFuture<>();
    Thread completer =
        go(
            () -> {
              Help.pause(10);
              future.complete(Thread.currentThread());
            });
    return future.get(10, TimeUnit.SECONDS) == completer;
  }

  @Case
  static Object parallelStreams() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    seen.add(LongStream.range(0, 100_000).parallel().sum());
    Thread thread =
        go(
            () -> {
              seen.add(IntStream.range(0, 10_000).parallel().map(i -> i * 2).sum());
              seen.add(IntStream.range(0, 1_000).parallel().boxed().sorted().count());
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object parallelStreamUsesTheCaller() throws Exception {
    Set<String> kinds = ConcurrentHashMap.newKeySet();
    Thread thread =
        new Thread(
            () -> {
              Thread me = Thread.currentThread();
              IntStream.range(0, 100_000)
                  .parallel()
                  .forEach(
                      i -> {
                        Thread current = Thread.currentThread();
                        kinds.add(
                            current == me ? "caller" : current.getName().replaceAll("\\d+", "n"));
                      });
            });
    thread.start();
    thread.join();
    return kinds.contains("caller")
        + " "
        + Set.of("caller", "ForkJoinPool.commonPool-worker-n").containsAll(kinds);
  }

  @Case
  static Object timerOneShotAndRepeated() throws InterruptedException {
    Timer timer = new Timer("timer", true);
    CountDownLatch ticks = new CountDownLatch(5);
    CountDownLatch once = new CountDownLatch(1);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            ticks.countDown();
          }
        },
        5,
        5);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            once.countDown();
          }
        },
        20);
    boolean all = opened(ticks) && opened(once);
    timer.cancel();
    return all
        + " "
        + thrown(
            () ->
                timer.schedule(
                    new TimerTask() {
                      @Override
                      public void run() {}
                    },
                    1));
  }

  @Case
  static Object timerEarlierTaskOvertakes() throws InterruptedException {
    Timer timer = new Timer(true);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {}
        },
        3_600_000);
    Help.pause(20);
    CountDownLatch once = new CountDownLatch(1);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            once.countDown();
          }
        },
        10);
    boolean soon = once.await(5, TimeUnit.SECONDS);
    timer.cancel();
    return soon;
  }

  @Case
  static Object timerThreadEndsAfterCancel() throws InterruptedException {
    List<Thread> seen = new CopyOnWriteArrayList<>();
    Timer timer = new Timer(false);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            seen.add(Thread.currentThread());
          }
        },
        1);
    until(() -> !seen.isEmpty());
    timer.cancel();
    return ended(seen.getFirst()) + " " + seen.getFirst().isDaemon();
  }

  @Case
  static Object blockingInsideCommonPool() throws Exception {
    // Workers that block must not keep the program from ending its other work.
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int own = i;
      futures.add(
          CompletableFuture.supplyAsync(
              () -> {
                Help.pause(20);
                return own;
              }));
    }
    return futures.stream().mapToInt(CompletableFuture::join).sum();
  }

  @Case
  static Object manyTasksThroughSmallPool() throws Exception {
    AtomicInteger sum = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 20_000; i++) {
        pool.execute(sum::incrementAndGet);
      }
    }
    return sum;
  }
}
