package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.thrown;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Exceptions that nobody catches: which handler gets them, and what is printed. */
final class HandlerCases {
  private HandlerCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(HandlerCases.class, args);
  }

  private static Thread fails(String name) {
    return new Thread(
        () -> {
          throw new IllegalStateException("on purpose");
        },
        name);
  }

  private static void run(Thread thread) throws InterruptedException {
    thread.start();
    thread.join();
  }

  @Case
  static void printedToStderr() throws InterruptedException {
    run(fails("plain failure"));
  }

  @Case
  static void printedWithCause() throws InterruptedException {
    run(
        new Thread(
            () -> {
              RuntimeException e =
                  new RuntimeException("outer", new IllegalArgumentException("inner"));
              e.addSuppressed(new IllegalStateException("beside"));
              throw e;
            },
            "with cause"));
  }

  @Case
  static void printedWithGeneratedName() throws InterruptedException {
    run(
        new Thread() {
          @Override
          public void run() {
            throw new UnsupportedOperationException();
          }
        });
  }

  @Case
  static void printedFromDaemon() throws InterruptedException {
    Thread thread = fails("daemon failure");
    thread.setDaemon(true);
    run(thread);
  }

  @Case
  static void printedFromPoolWorker() throws InterruptedException {
    List<Thread> made = new CopyOnWriteArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task, "worker");
              made.add(thread);
              return thread;
            });
    pool.execute(
        () -> {
          throw new IllegalStateException("in a worker");
        });
    pool.shutdown();
    pool.awaitTermination(10, TimeUnit.SECONDS);
    Help.ended(made.toArray(new Thread[0]));
  }

  @Case
  static void printedFromVirtualThread() throws InterruptedException {
    Thread.ofVirtual()
        .name("virtual failure")
        .start(
            () -> {
              throw new IllegalStateException("in a virtual thread");
            })
        .join();
  }

  @Case
  static Object defaultHandler() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> {
          seen.add(thread.getName() + " " + e.getMessage());
          seen.add(Thread.currentThread() == thread);
        });
    try {
      run(fails("to default"));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
    return seen;
  }

  @Case
  static Object ownHandlerBeatsDefault() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> seen.add("default"));
    try {
      Thread thread = fails("own");
      thread.setUncaughtExceptionHandler((who, e) -> seen.add("own " + who.getName()));
      run(thread);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
    return seen;
  }

  @Case
  static Object handlerSetFromInside() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    run(
        new Thread(
            () -> {
              Thread.currentThread()
                  .setUncaughtExceptionHandler((who, e) -> seen.add(e.getMessage()));
              throw new IllegalStateException("late handler");
            }));
    return seen;
  }

  @Case
  static Object handlerSetFromOutsideWhileRunning() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              java.util.concurrent.locks.LockSupport.park();
              throw new IllegalStateException("set from outside");
            });
    thread.start();
    Help.reaches(thread, Thread.State.WAITING);
    thread.setUncaughtExceptionHandler((who, e) -> seen.add(e.getMessage()));
    java.util.concurrent.locks.LockSupport.unpark(thread);
    thread.join();
    return seen;
  }

  @Case
  static Object handlerThrows() throws InterruptedException {
    Thread thread = fails("handler throws");
    thread.setUncaughtExceptionHandler(
        (who, e) -> {
          throw new IllegalArgumentException("from the handler");
        });
    run(thread);
    return thread.getState();
  }

  @Case
  static Object handlerOfSubclass() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("on purpose");
            }) {
          @Override
          public UncaughtExceptionHandler getUncaughtExceptionHandler() {
            return (who, e) -> seen.add("overridden " + e.getMessage());
          }
        };
    run(thread);
    return seen;
  }

  @Case
  static Object handlerByBuilder() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread.ofPlatform()
        .uncaughtExceptionHandler((who, e) -> seen.add(e.getMessage()))
        .start(
            () -> {
              throw new IllegalStateException("built");
            })
        .join();
    return seen;
  }

  @Case
  static Object handlerBlocks() throws InterruptedException {
    // The handler may sleep and lock; the thread is alive until it returns.
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = fails("slow handler");
    thread.setUncaughtExceptionHandler(
        (who, e) -> {
          Help.pause(30);
          synchronized (seen) {
            seen.add(who.isAlive());
          }
        });
    run(thread);
    return seen;
  }

  @Case
  static Object handlerOfUnstartedAndDefault() {
    Thread thread = new Thread(() -> {});
    return (thread.getUncaughtExceptionHandler() == thread.getThreadGroup())
        + " "
        + Thread.getDefaultUncaughtExceptionHandler();
  }

  @Case
  static Object stackOverflowIsUncaught() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = new Thread(HandlerCases::recurse);
    thread.setUncaughtExceptionHandler((who, e) -> seen.add(e.getClass().getSimpleName()));
    run(thread);
    return seen;
  }

  private static void recurse() {
    recurse();
  }

  @Case
  static Object stackTraceOfUncaught() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = fails("trace");
    thread.setUncaughtExceptionHandler(
        (who, e) -> {
          StackTraceElement[] trace = e.getStackTrace();
          seen.add(trace[0].getClassName());
          seen.add(
              trace[trace.length - 1].getClassName()
                  + "."
                  + trace[trace.length - 1].getMethodName());
        });
    run(thread);
    return seen;
  }

  @Case
  static Object sneakyChecked() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(() -> HandlerCases.<RuntimeException>sneak(new Exception("checked")));
    thread.setUncaughtExceptionHandler((who, e) -> seen.add(e));
    run(thread);
    return seen;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable e) throws T {
    throw (T) e;
  }

  @Case
  static Object afterFailureOthersGoOn() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread steady =
        go(
            () -> {
              Help.pause(30);
              seen.add("steady");
            });
    for (int i = 0; i < 5; i++) {
      Thread thread = fails("many");
      thread.setUncaughtExceptionHandler((who, e) -> {});
      run(thread);
    }
    steady.join();
    return seen + " " + thrown(() -> {});
  }
}
