package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.until;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Who {@code Thread.currentThread()} is, by every way there is to ask. */
final class IdentityCases {
  private IdentityCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(IdentityCases.class, args);
  }

  interface Marked {
    String mark();
  }

  static class Own extends Thread implements Marked {
    volatile Thread seen;

    @Override
    public String mark() {
      return "own";
    }

    @Override
    public void run() {
      seen = Thread.currentThread();
    }
  }

  @Case
  static Object subclassIsItself() throws InterruptedException {
    Own thread = new Own();
    thread.start();
    thread.join();
    return thread.seen == thread;
  }

  @Case
  static Object subclassCastsAndInterfaces() throws InterruptedException {
    StringBuilder text = new StringBuilder();
    Thread thread =
        new Own() {
          @Override
          public void run() {
            text.append(((Own) Thread.currentThread()).mark())
                .append(Thread.currentThread() instanceof Marked)
                .append(Thread.currentThread().getClass() == getClass());
          }
        };
    thread.start();
    thread.join();
    return text;
  }

  @Case
  static Object runnableSeesItsThread() throws InterruptedException {
    AtomicReference<Thread> seen = new AtomicReference<>();
    Thread thread = new Thread(() -> seen.set(Thread.currentThread()));
    thread.start();
    thread.join();
    return seen.get() == thread && seen.get().getClass() == Thread.class;
  }

  @Case
  static Object methodReference() throws InterruptedException {
    Supplier<Thread> current = Thread::currentThread;
    AtomicReference<Thread> seen = new AtomicReference<>();
    Thread thread = new Thread(() -> seen.set(current.get()));
    thread.start();
    thread.join();
    return (seen.get() == thread) + " " + (current.get() == Thread.currentThread());
  }

  @Case
  static Object methodReferenceInStream() throws InterruptedException {
    Set<Thread> seen = new HashSet<>();
    Thread thread =
        new Thread(() -> Stream.generate(Thread::currentThread).limit(3).forEach(seen::add));
    thread.start();
    thread.join();
    return seen.equals(Set.of(thread));
  }

  @Case
  static Object boundMethodReferences() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              Supplier<String> name = Thread.currentThread()::getName;
              seen.add(name.get());
            },
            "bound");
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object reflection() throws InterruptedException {
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread thread = go(() -> seen.set(Thread.class.getMethod("currentThread").invoke(null)));
    ended(thread);
    return seen.get() == thread;
  }

  @Case
  static Object reflectionManyTimes() throws InterruptedException {
    // Method.invoke changes its implementation after some calls.
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread thread =
        go(
            () -> {
              int wrong = 0;
              for (int i = 0; i < 50; i++) {
                if (Thread.class.getMethod("currentThread").invoke(null)
                    != Thread.currentThread()) {
                  wrong++;
                }
              }
              seen.set(wrong);
            });
    ended(thread);
    return seen.get();
  }

  @Case
  static Object methodHandleLookup() throws InterruptedException {
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread thread =
        go(
            () -> {
              MethodHandle handle =
                  MethodHandles.lookup()
                      .findStatic(
                          Thread.class, "currentThread", MethodType.methodType(Thread.class));
              seen.set((Thread) handle.invokeExact());
            });
    ended(thread);
    return seen.get() == thread;
  }

  @Case
  static Object methodHandleOfReflection() throws InterruptedException {
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread thread =
        go(
            () -> {
              MethodHandle handle =
                  MethodHandles.lookup().unreflect(Thread.class.getMethod("currentThread"));
              seen.set((Thread) handle.invoke());
            });
    ended(thread);
    return seen.get() == thread;
  }

  @Case
  static Object staysTheSameAcrossSwitches() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              Thread first = Thread.currentThread();
              for (int i = 0; i < 5; i++) {
                Help.pause(2);
                Thread.yield();
                if (Thread.currentThread() != first) {
                  seen.add("changed");
                }
              }
              seen.add(first.threadId() == Thread.currentThread().threadId());
            });
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object caseThreadItself() {
    Thread first = Thread.currentThread();
    Help.pause(2);
    return (first == Thread.currentThread())
        + " "
        + first.getName()
        + " "
        + first.getClass().getName()
        + " "
        + first.isVirtual()
        + " "
        + first.isDaemon();
  }

  @Case
  static Object runCalledDirectly() {
    Own thread = new Own();
    thread.run();
    return thread.seen == Thread.currentThread();
  }

  @Case
  static Object constructorRunsInTheCreator() throws InterruptedException {
    class Remembers extends Thread {
      final Thread creator = Thread.currentThread();
    }

    AtomicReference<Remembers> created = new AtomicReference<>();
    Thread parent = new Thread(() -> created.set(new Remembers()));
    parent.start();
    parent.join();
    return created.get().creator == parent;
  }

  @Case
  static Object nestedStarts() throws InterruptedException {
    List<Boolean> seen = new CopyOnWriteArrayList<>();
    class Nested extends Thread {
      final int depth;

      Nested(int depth) {
        this.depth = depth;
      }

      @Override
      public void run() {
        if (depth > 0) {
          Nested inner = new Nested(depth - 1);
          inner.start();
          Help.quietly(inner::join).run();
        }
        seen.add(Thread.currentThread() == this);
      }
    }

    Thread outer = new Nested(5);
    outer.start();
    outer.join();
    return seen;
  }

  @Case
  static Object executorWorkerIsTheFactorysThread() throws Exception {
    List<Thread> made = new CopyOnWriteArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task);
              made.add(thread);
              return thread;
            });
    Thread first = pool.submit(Thread::currentThread).get();
    Thread second = pool.submit(() -> Thread.currentThread()).get();
    pool.shutdown();
    return made.contains(first) + " " + made.contains(second);
  }

  @Case
  static Object factorysSubclass() throws Exception {
    class Worker extends Thread {
      int jobs;

      Worker(Runnable task) {
        super(task);
      }
    }

    ExecutorService pool = Executors.newSingleThreadExecutor(Worker::new);
    for (int i = 0; i < 3; i++) {
      pool.submit(() -> ((Worker) Thread.currentThread()).jobs++).get();
    }
    int jobs = pool.submit(() -> ((Worker) Thread.currentThread()).jobs).get();
    pool.shutdown();
    return jobs;
  }

  @Case
  static Object factoryIsCalledByTheSubmitter() throws Exception {
    AtomicReference<Thread> caller = new AtomicReference<>();
    ExecutorService pool =
        Executors.newSingleThreadExecutor(
            task -> {
              caller.set(Thread.currentThread());
              return new Thread(task);
            });
    pool.submit(() -> {}).get();
    pool.shutdown();
    return caller.get() == Thread.currentThread();
  }

  @Case
  static Object forkJoinWorker() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1);
    Thread worker = pool.submit(() -> Thread.currentThread()).get();
    pool.shutdown();
    return (worker instanceof ForkJoinWorkerThread)
        + " "
        + (((ForkJoinWorkerThread) worker).getPool() == pool);
  }

  @Case
  static Object completableFutureOnOwnThreads() throws Exception {
    List<Thread> made = new CopyOnWriteArrayList<>();
    Thread seen =
        CompletableFuture.supplyAsync(
                Thread::currentThread,
                task -> {
                  Thread thread = new Thread(task);
                  made.add(thread);
                  thread.start();
                })
            .get();
    return made.contains(seen);
  }

  @Case
  static Object timerThread() throws InterruptedException {
    Timer timer = new Timer("ticking", true);
    AtomicReference<Thread> seen = new AtomicReference<>();
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            seen.set(Thread.currentThread());
          }
        },
        1);
    until(() -> seen.get() != null);
    timer.cancel();
    return seen.get().getName() + " " + seen.get().getClass().getName();
  }

  @Case
  static Object threadAsKey() throws InterruptedException {
    Map<Thread, String> values = new ConcurrentHashMap<>();
    Thread thread = new Thread(() -> values.put(Thread.currentThread(), "mine"));
    thread.start();
    thread.join();
    return values.get(thread) + " " + values.size();
  }

  @Case
  static Object loggersThreadId() throws InterruptedException {
    Logger logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    List<Long> ids = new ArrayList<>();
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            ids.add(entry.getLongThreadID());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    Thread thread = go(() -> logger.info("hello"));
    ended(thread);
    return ids.equals(List.of(thread.threadId()));
  }

  @Case
  static Object threadLocalInitializer() throws InterruptedException {
    ThreadLocal<Thread> local = ThreadLocal.withInitial(Thread::currentThread);
    AtomicReference<Thread> seen = new AtomicReference<>();
    Thread thread = new Thread(() -> seen.set(local.get()));
    thread.start();
    thread.join();
    return seen.get() == thread;
  }

  @Case
  static Object classInitializer() throws InterruptedException {
    Thread thread = go(() -> Initialized.touch());
    ended(thread);
    return Initialized.BY == thread;
  }

  static final class Initialized {
    static final Thread BY = Thread.currentThread();

    static void touch() {}
  }

  @Case
  static Object handlerOfUncaught() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("on purpose");
            });
    thread.setUncaughtExceptionHandler(
        (who, e) -> {
          seen.add(who == thread);
          seen.add(Thread.currentThread() == thread);
          seen.add(thread.isAlive());
        });
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object concurrentlyAllDiffer() throws InterruptedException {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      threads.add(
          new Thread(
              () -> {
                Thread.yield();
                seen.add(Thread.currentThread());
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    return seen.equals(new HashSet<>(threads));
  }

  @Case
  static Object isVirtualOfPlainThread() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    String end =
        inThread(
            () -> {
              seen.add(Thread.currentThread().isVirtual());
              seen.add(Thread.currentThread().toString().startsWith("VirtualThread"));
            });
    return seen + " " + end;
  }

  @Case
  static Object idsAreUniqueAndStable() throws InterruptedException {
    Set<Long> ids = new HashSet<>();
    boolean stable = true;
    for (int i = 0; i < 100; i++) {
      long[] inside = new long[1];
      Thread thread = new Thread(() -> inside[0] = Thread.currentThread().threadId());
      long before = thread.threadId();
      thread.start();
      thread.join();
      stable &= before == inside[0] && before == thread.threadId();
      ids.add(before);
    }
    return ids.size() + " " + stable;
  }

  @Case
  @SuppressWarnings("deprecation")
  static Object getIdCanBeOverridden() throws InterruptedException {
    class Numbered extends Thread {
      long inside;

      @Override
      public long getId() {
        return -7;
      }

      @Override
      public void run() {
        inside = Thread.currentThread().getId();
      }
    }

    Numbered thread = new Numbered();
    thread.start();
    thread.join();
    return thread.inside + " " + (thread.threadId() > 0);
  }
}
