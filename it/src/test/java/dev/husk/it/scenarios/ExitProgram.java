package dev.husk.it.scenarios;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** How a JVM ends: one JVM per case, whose name is the argument. */
final class ExitProgram {
  private ExitProgram() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "returns" -> say("main returns");
      case "throws" -> throw new IllegalStateException("from main");
      case "throwsWithHandler" -> {
        Thread.setDefaultUncaughtExceptionHandler(
            (thread, e) -> say("handled " + thread.getName() + " " + e.getMessage()));
        throw new IllegalStateException("from main");
      }
      case "throwsWhileOtherRuns" -> {
        later("other", 300, () -> say("other goes on"));
        throw new IllegalStateException("from main");
      }
      case "throwsError" -> recurse(0);
      case "nonDaemonKeepsTheJvm" -> {
        later("slow", 300, () -> say("slow is done"));
        say("main returns");
      }
      case "chainOfNonDaemons" -> {
        chain(5);
        say("main returns");
      }
      case "nonDaemonParkedThenUnparked" -> {
        Thread parked =
            new Thread(
                () -> {
                  LockSupport.park();
                  say("unparked");
                });
        parked.start();
        daemon(
            () -> {
              Help.pause(200);
              LockSupport.unpark(parked);
            });
      }
      case "daemonDoesNotKeepTheJvm" -> {
        daemon(
            () -> {
              Help.pause(60_000);
              say("never");
            });
        say("main returns");
      }
      case "daemonsSpinning" -> {
        for (int i = 0; i < 4; i++) {
          daemon(
              () -> {
                while (true) {
                  Thread.onSpinWait();
                }
              });
        }
        say("main returns");
      }
      case "virtualThreadDoesNotKeepTheJvm" -> {
        Thread.startVirtualThread(() -> Help.pause(60_000));
        say("main returns");
      }
      case "childOfVirtualIsDaemon" -> {
        Thread.startVirtualThread(() -> new Thread(() -> Help.pause(60_000)).start()).join();
        say("main returns");
      }
      case "nonDaemonStartedByDaemon" -> {
        CountDownLatch started = new CountDownLatch(1);
        daemon(
            () -> {
              Thread thread =
                  new Thread(
                      () -> {
                        Help.pause(200);
                        say("non-daemon of a daemon is done");
                      });
              thread.setDaemon(false);
              thread.start();
              started.countDown();
            });
        started.await();
        say("main returns");
      }
      case "exit" -> {
        say("exits");
        System.exit(7);
      }
      case "exitFromThread" -> {
        new Thread(() -> System.exit(9)).start();
        Help.pause(60_000);
        say("never");
      }
      case "exitFromDaemonWhileNonDaemonsRun" -> {
        for (int i = 0; i < 3; i++) {
          new Thread(() -> Help.pause(60_000)).start();
        }
        daemon(() -> System.exit(11));
      }
      case "exitFromVirtualThread" -> {
        Thread.startVirtualThread(() -> System.exit(12));
        Help.pause(60_000);
      }
      case "exitRunsHooks" -> {
        hook("hook");
        System.exit(3);
      }
      case "hooksAfterMain" -> {
        hook("hook");
        say("main returns");
      }
      case "hooksAfterLastThread" -> {
        hook("hook");
        later("last", 100, () -> say("last thread"));
      }
      case "hookStartsThread" ->
          Runtime.getRuntime()
              .addShutdownHook(
                  new Thread(
                      () -> {
                        Thread thread = new Thread(() -> say("thread of the hook"));
                        thread.start();
                        Help.quietly(thread::join).run();
                        say("hook is done");
                      }));
      case "hookSleeps" ->
          Runtime.getRuntime()
              .addShutdownHook(
                  new Thread(
                      () -> {
                        Help.pause(200);
                        say("hook slept");
                      }));
      case "hookIdentity" -> {
        Thread[] hook = new Thread[1];
        hook[0] =
            new Thread(
                () ->
                    say(
                        (Thread.currentThread() == hook[0])
                            + " "
                            + Thread.currentThread().getName()),
                "the hook");
        Runtime.getRuntime().addShutdownHook(hook[0]);
      }
      case "hookThrows" -> {
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      throw new IllegalStateException("from a hook");
                    },
                    "bad hook"));
        say("main returns");
      }
      case "hookJoinsWorkers" -> {
        // How servers stop: the hook tells the workers and waits for them.
        CountDownLatch stop = new CountDownLatch(1);
        Thread worker =
            new Thread(
                Help.quietly(
                    () -> {
                      stop.await();
                      Help.pause(50);
                      say("worker is done");
                    }));
        worker.setDaemon(true);
        worker.start();
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    Help.quietly(
                        () -> {
                          stop.countDown();
                          worker.join(10_000);
                          say("worker is alive: " + worker.isAlive());
                        })));
      }
      case "halt" -> {
        hook("never");
        say("halts");
        Runtime.getRuntime().halt(5);
      }
      case "haltFromThread" -> {
        new Thread(() -> Runtime.getRuntime().halt(6)).start();
        Help.pause(60_000);
      }
      case "exitTwice" -> {
        hook("hook");
        Thread second =
            new Thread(
                () -> {
                  Help.pause(10);
                  System.exit(4);
                });
        second.setDaemon(true);
        System.exit(4);
      }
      case "exitInsideHook" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(8)));
        System.exit(1);
      }
      case "poolKeepsTheJvm" -> {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.submit(() -> say("task")).get();
        daemon(
            () -> {
              Help.pause(200);
              say("shutting down");
              pool.shutdown();
            });
      }
      case "commonPoolDoesNot" -> {
        java.util.concurrent.CompletableFuture.runAsync(() -> Help.pause(60_000));
        say("main returns");
      }
      case "timerKeepsTheJvm" -> {
        Timer timer = new Timer();
        timer.schedule(
            new TimerTask() {
              @Override
              public void run() {
                say("tick");
                timer.cancel();
              }
            },
            100);
      }
      case "joinOfMain" -> {
        Thread main = Thread.currentThread();
        new Thread(
                Help.quietly(
                    () -> {
                      main.join(10_000);
                      say("main is " + main.getState() + " alive " + main.isAlive());
                    }))
            .start();
      }
      case "uncaughtInThreadExitsWithZero" ->
          new Thread(
                  () -> {
                    throw new IllegalStateException("in a thread");
                  },
                  "failing")
              .start();
      case "interruptOfMain" -> {
        Thread main = Thread.currentThread();
        daemon(
            () -> {
              Help.reaches(main, Thread.State.TIMED_WAITING);
              main.interrupt();
            });
        Thread.sleep(60_000);
      }
      case "readsStandardInput" -> {
        new Thread(Help.quietly(() -> say("read " + System.in.read()))).start();
        Help.pause(50);
        say("main returns");
      }
      case "manyThreadsEndAtOnce" -> {
        CountDownLatch gate = new CountDownLatch(1);
        for (int i = 0; i < 500; i++) {
          new Thread(Help.quietly(gate::await)).start();
        }
        gate.countDown();
      }
      case "mainEndsInsideMonitor" -> {
        // A thread waits for a monitor that main gives up only by returning.
        synchronized (ExitProgram.class) {
          Thread thread =
              new Thread(
                  () -> {
                    synchronized (ExitProgram.class) {
                      say("entered");
                    }
                  });
          thread.start();
          Help.reaches(thread, Thread.State.BLOCKED);
        }
      }
      case "sigterm", "sigint", "sighup" -> {
        hook("hook runs");
        Thread worker = new Thread(() -> Help.pause(60_000));
        worker.start();
        say("ready");
        Help.pause(60_000);
      }
      case "sigtermWhileSpinning" -> {
        hook("hook runs");
        for (int i = 0; i < 4; i++) {
          daemon(
              () -> {
                while (true) {
                  Thread.onSpinWait();
                }
              });
        }
        say("ready");
        Help.pause(60_000);
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void say(String text) {
    System.out.println(text);
  }

  private static void later(String name, long millis, Runnable body) {
    new Thread(
            () -> {
              Help.pause(millis);
              body.run();
            },
            name)
        .start();
  }

  private static void chain(int left) {
    new Thread(
            () -> {
              Help.pause(20);
              say("link " + left);
              if (left > 0) {
                chain(left - 1);
              }
            })
        .start();
  }

  private static void daemon(Runnable body) {
    Thread thread = new Thread(body);
    thread.setDaemon(true);
    thread.start();
  }

  private static void hook(String text) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say(text)));
  }

  private static int recurse(int n) {
    return recurse(n + 1) + 1;
  }
}
