package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that meet in class initialization, where the VM holds a lock that no thread can leave.
 */
final class ClassInitCases {
  private ClassInitCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ClassInitCases.class, args);
  }

  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final class Raced {
    static final int VALUE;

    static {
      Help.pause(50);
      RUNS.incrementAndGet();
      VALUE = 42;
    }

    static int value() {
      return VALUE;
    }
  }

  @Case
  static Object twoRace() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread one = go(() -> seen.add(Raced.value()));
    Thread two = go(() -> seen.add(Raced.value()));
    return ended(one, two) + " " + seen + " " + RUNS;
  }

  private static final CountDownLatch IN_SLOW = new CountDownLatch(1);
  private static final CountDownLatch GATE_OF_SLOW = new CountDownLatch(1);

  private static final class Slow {
    static {
      IN_SLOW.countDown();
      try {
        GATE_OF_SLOW.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    static void touch() {}
  }

  @Case
  static Object manyWaitForOneThatIsParked() throws InterruptedException {
    // More threads than cores stand in the VM's wait; the one that lets them go must still run.
    Thread first = go(Slow::touch);
    opened(IN_SLOW);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      threads.add(go(Slow::touch));
    }
    Help.pause(50);
    Thread opener =
        go(
            () -> {
              Help.pause(10);
              GATE_OF_SLOW.countDown();
            });
    return ended(opener) + " " + ended(first) + " " + ended(threads.toArray(new Thread[0]));
  }

  private static volatile Thread parkedInInit;

  private static final class Parks {
    static {
      parkedInInit = Thread.currentThread();
      LockSupport.park();
    }

    static void touch() {}
  }

  @Case
  static Object parkedInside() throws InterruptedException {
    Thread thread = go(Parks::touch);
    boolean reached =
        until(() -> parkedInInit != null) && Help.reaches(thread, Thread.State.WAITING);
    LockSupport.unpark(thread);
    return reached + " " + (parkedInInit == thread) + " " + ended(thread);
  }

  private static final class Fails {
    static {
      if (RUNS != null) {
        throw new IllegalStateException("on purpose");
      }
    }

    static void touch() {}
  }

  @Case
  static Object failureIsSeenByBoth() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread one = go(() -> seen.add(thrown(Fails::touch)));
    ended(one);
    Thread two = go(() -> seen.add(thrown(Fails::touch)));
    ended(two);
    return seen;
  }

  private static final class StartsThread {
    static final AtomicBoolean RAN = new AtomicBoolean();

    static {
      Thread thread = new Thread(() -> RAN.set(true));
      thread.start();
      // The thread needs this class: it can't run its body before the initializer is through.
      Help.quietly(() -> thread.join(20)).run();
    }

    static void touch() {}
  }

  @Case
  static Object initializerStartsThread() throws InterruptedException {
    Thread thread = go(StartsThread::touch);
    return ended(thread) + " " + until(StartsThread.RAN::get);
  }

  private static final class SleepsA {
    static {
      Help.pause(10);
    }

    static void touch() {}
  }

  private static final class SleepsB {
    static {
      synchronized (ClassInitCases.class) {
        Help.pause(10);
      }
    }

    static void touch() {}
  }

  @Case
  static Object independentOnes() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(go(SleepsA::touch));
      threads.add(go(SleepsB::touch));
    }
    return ended(threads.toArray(new Thread[0]));
  }

  @Case
  static Object loadingUnderManyThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    AtomicInteger loaded = new AtomicInteger();
    String[] names = {
      "java.util.zip.CRC32C",
      "java.text.DecimalFormat",
      "java.util.Formatter",
      "java.math.BigDecimal",
      "java.util.regex.Pattern",
      "java.time.ZonedDateTime"
    };
    for (int i = 0; i < 12; i++) {
      String name = names[i % names.length];
      threads.add(
          go(
              () -> {
                Class.forName(name);
                loaded.incrementAndGet();
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + loaded;
  }
}
