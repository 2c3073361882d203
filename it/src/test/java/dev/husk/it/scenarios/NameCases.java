package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Names: generated, given, changed while the thread runs. */
final class NameCases {
  private NameCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(NameCases.class, args);
  }

  @Case
  static Object aFirstGeneratedNames() throws InterruptedException {
    // Runs first: the numbers count every unnamed thread of the JVM.
    List<String> names = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(() -> names.add(Thread.currentThread().getName()));
      thread.start();
      thread.join();
    }
    return names;
  }

  @Case
  static Object bSubclassesCountToo() throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      names.add(new Thread() {}.getName());
      names.add(new Thread("named").getName());
      names.add(new Thread(() -> {}).getName());
    }
    return names;
  }

  @Case
  static Object cNumbersGivenInThreads() throws InterruptedException {
    List<String> names = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          Thread inner = new Thread(() -> names.add(Thread.currentThread().getName()));
          inner.start();
          inner.join();
          names.add(new Thread().getName());
        });
    names.add(new Thread().getName());
    return names;
  }

  @Case
  static Object dVirtualThreadsDontCount() throws InterruptedException {
    Thread.startVirtualThread(() -> {}).join();
    ExecutorService pool = Executors.newFixedThreadPool(1, Thread.ofPlatform().factory());
    pool.close();
    return new Thread().getName();
  }

  @Case
  static Object poolNames() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
        names.add(pool.submit(() -> Thread.currentThread().getName()).get());
        names.add(pool.submit(() -> Thread.currentThread().getName()).get());
      }
    }
    return names;
  }

  @Case
  static Object renamedByItself() throws InterruptedException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              Thread.currentThread().setName("second");
              seen.add(Thread.currentThread().getName());
              seen.add(Thread.currentThread().toString().replaceAll("#\\d+", "#n"));
            },
            "first");
    thread.start();
    thread.join();
    return seen + " " + thread.getName();
  }

  @Case
  static Object renamedByOthers() throws InterruptedException {
    AtomicBoolean renamed = new AtomicBoolean();
    List<String> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            "first",
            () -> {
              until(renamed::get);
              seen.add(Thread.currentThread().getName());
            });
    thread.setName("from outside");
    renamed.set(true);
    return ended(thread) + " " + seen;
  }

  @Case
  static Object renamedCaseThread() {
    String before = Thread.currentThread().getName();
    Thread.currentThread().setName("renamed");
    String during =
        Thread.currentThread().getName()
            + " "
            + Thread.currentThread().toString().replaceAll("#\\d+", "#n");
    Thread.currentThread().setName(before);
    return before + " " + during;
  }

  @Case
  static Object renamedBeforeAndAfter() throws InterruptedException {
    Thread thread = new Thread(() -> {});
    thread.setName("before");
    String early = thread.getName();
    thread.start();
    thread.join();
    thread.setName("after");
    return early + " " + thread.getName();
  }

  @Case
  static Object nullName() {
    return thrown(() -> new Thread((String) null))
        + " "
        + thrown(() -> new Thread(() -> {}, null))
        + " "
        + thrown(() -> Thread.currentThread().setName(null));
  }

  @Case
  static Object emptyName() throws InterruptedException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Thread thread = new Thread(() -> seen.add("<" + Thread.currentThread().getName() + ">"), "");
    thread.start();
    thread.join();
    return seen + " " + thread.getName().isEmpty();
  }

  @Case
  static Object textOfThreads() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = new Thread(gate::countDown, "text");
    String fresh = thread.toString();
    return fresh.replaceAll("#\\d+", "#n")
        + " "
        + Thread.currentThread().toString().replaceAll("#\\d+", "#n");
  }

  @Case
  static Object textInsideThread() throws InterruptedException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go("inside", () -> seen.add(Thread.currentThread().toString().replaceAll("#\\d+", "#n")));
    ended(thread);
    return seen;
  }

  @Case
  static Object builderNames() {
    Thread.Builder builder = Thread.ofPlatform().name("worker-", 7);
    return builder.unstarted(() -> {}).getName()
        + " "
        + builder.unstarted(() -> {}).getName()
        + " "
        + Thread.ofPlatform().name("one").unstarted(() -> {}).getName();
  }

  @Case
  static Object timerNames() throws InterruptedException {
    Timer named = new Timer("my timer");
    named.cancel();
    List<String> names = new ArrayList<>();
    Timer unnamed = new Timer(true);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("Timer-")) {
        names.add(thread.getName());
      }
    }
    unnamed.cancel();
    return names;
  }

  @Case
  static Object overriddenToString() throws InterruptedException {
    class Described extends Thread {
      @Override
      public String toString() {
        return "described";
      }
    }

    List<String> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Described() {
          @Override
          public void run() {
            seen.add(String.valueOf(Thread.currentThread()));
          }
        };
    thread.start();
    thread.join();
    return seen;
  }
}
