package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.thrown;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** Thread groups, enumeration, and what a thread inherits from its parent. */
final class GroupCases {
  private GroupCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(GroupCases.class, args);
  }

  private static Thread[] startThree(ThreadGroup group, CountDownLatch gate)
      throws InterruptedException {
    Thread[] threads = new Thread[3];
    CountDownLatch running = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      threads[i] =
          new Thread(
              group,
              Help.quietly(
                  () -> {
                    running.countDown();
                    gate.await();
                  }),
              "member-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
    opened(running);
    return threads;
  }

  private static String names(Thread[] threads, int count) {
    return Arrays.stream(threads, 0, count)
        .map(Thread::getName)
        .sorted()
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Case
  static Object activeCountAndEnumerate() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = startThree(group, gate);
    Thread[] found = new Thread[10];
    int count = group.enumerate(found);
    String during =
        group.activeCount()
            + " "
            + names(found, count)
            + " "
            + Set.of(threads).equals(Set.of(Arrays.copyOf(found, count)));
    gate.countDown();
    ended(threads);
    return during + " " + group.activeCount() + " " + group.enumerate(found);
  }

  @Case
  static Object enumerateNested() throws InterruptedException {
    ThreadGroup outer = new ThreadGroup("outer");
    ThreadGroup inner = new ThreadGroup(outer, "inner");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] one = startThree(outer, gate);
    Thread[] two = startThree(inner, gate);
    Thread[] found = new Thread[10];
    ThreadGroup[] groups = new ThreadGroup[10];
    String seen =
        outer.activeCount()
            + " "
            + outer.activeGroupCount()
            + " "
            + outer.enumerate(found, false)
            + " "
            + outer.enumerate(found, true)
            + " "
            + outer.enumerate(groups)
            + " "
            + groups[0].getName()
            + " "
            + inner.enumerate(found)
            + " "
            + outer.parentOf(inner)
            + " "
            + inner.parentOf(outer);
    gate.countDown();
    return seen + " " + ended(one) + " " + ended(two);
  }

  @Case
  static Object enumerateIntoSmallArray() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = startThree(group, gate);
    int count = group.enumerate(new Thread[2]);
    gate.countDown();
    return count + " " + ended(threads);
  }

  @Case
  static Object unstartedIsNotCounted() {
    ThreadGroup group = new ThreadGroup("group");
    Thread thread = new Thread(group, () -> {});
    return group.activeCount() + " " + (thread.getThreadGroup() == group);
  }

  @Case
  static Object enumerateFromInside() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = startThree(group, gate);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread asking =
        new Thread(
            group,
            () -> {
              Thread[] found = new Thread[10];
              int count = Thread.enumerate(found);
              seen.add(Thread.activeCount());
              seen.add(names(found, count));
              seen.add(Arrays.asList(found).contains(Thread.currentThread()));
              seen.add(Thread.currentThread().getThreadGroup().getName());
            },
            "asking");
    asking.start();
    ended(asking);
    gate.countDown();
    ended(threads);
    return seen;
  }

  @Case
  static Object enumerateFromCaseThread() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread other = go("other", gate::await);
    Thread[] found = new Thread[50];
    int count = Thread.enumerate(found);
    String seen =
        names(found, count)
            + " "
            + Arrays.asList(found).contains(Thread.currentThread())
            + " "
            + Arrays.asList(found).contains(other)
            + " "
            + (Thread.activeCount() == count);
    gate.countDown();
    return seen + " " + ended(other);
  }

  @Case
  static Object systemGroupHasMain() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] found = new Thread[100];
    int count = root.enumerate(found, true);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      names.add(found[i].getName());
    }
    return root.getName()
        + " "
        + names.containsAll(Set.of("main", "Reference Handler", "Finalizer", "Signal Dispatcher"));
  }

  @Case
  static Object noForeignThreadsInMainGroup() {
    Thread[] found = new Thread[100];
    int count = Thread.enumerate(found);
    return names(found, count);
  }

  @Case
  static Object interruptOfGroup() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    List<Object> seen = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(group, () -> seen.add(Help.thrown(() -> Thread.sleep(60_000))));
      thread.setDaemon(true);
      thread.start();
      reaches(thread, State.TIMED_WAITING);
      threads.add(thread);
    }
    group.interrupt();
    return ended(threads.toArray(new Thread[0])) + " " + seen;
  }

  @Case
  static Object listOfGroup() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("listed");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = startThree(group, gate);
    PrintStream before = System.out;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      group.list();
    } finally {
      System.setOut(before);
    }
    gate.countDown();
    // The order of the members isn't specified.
    return ended(threads) + " " + text.toString(StandardCharsets.UTF_8).lines().sorted().toList();
  }

  @Case
  static Object uncaughtGoesToTheGroup() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ThreadGroup group =
        new ThreadGroup("group") {
          @Override
          public void uncaughtException(Thread thread, Throwable e) {
            seen.add(thread.getName());
            seen.add(e.getMessage());
            seen.add(Thread.currentThread() == thread);
          }
        };
    Thread thread =
        new Thread(
            group,
            () -> {
              throw new IllegalStateException("on purpose");
            },
            "fails");
    seen.add(thread.getUncaughtExceptionHandler() == group);
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  @SuppressWarnings({"deprecation", "removal"})
  static Object destroyDoesNothing() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    group.destroy();
    Thread thread = new Thread(group, () -> {});
    thread.start();
    thread.join();
    return group.isDestroyed()
        + " "
        + group.isDaemon()
        + " "
        + thread.getState()
        + " "
        + group.getParent().getName();
  }

  @Case
  static Object maxPriorityOfGroup() throws InterruptedException {
    ThreadGroup group = new ThreadGroup("group");
    group.setMaxPriority(4);
    Thread thread = new Thread(group, () -> {});
    int first = thread.getPriority();
    thread.setPriority(9);
    int capped = thread.getPriority();
    thread.start();
    thread.join();
    ThreadGroup inner = new ThreadGroup(group, "inner");
    group.setMaxPriority(3);
    return first + " " + capped + " " + inner.getMaxPriority() + " " + thread.getPriority();
  }

  @Case
  static Object priorityOfRunningThread() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    int before = thread.getPriority();
    thread.setPriority(8);
    int after = thread.getPriority();
    String wrong = thrown(() -> thread.setPriority(11)) + thrown(() -> thread.setPriority(0));
    gate.countDown();
    return before + " " + after + " " + wrong + " " + ended(thread) + " " + thread.getPriority();
  }

  @Case
  static Object prioritySetByItself() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
              seen.add(Thread.currentThread().getPriority());
              seen.add(new Thread(() -> {}).getPriority());
            });
    ended(thread);
    return seen + " " + thread.getPriority();
  }

  @Case
  static Object priorityIsInherited() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread parent =
        new Thread(
            Help.quietly(
                () -> {
                  Thread child = new Thread(() -> seen.add(Thread.currentThread().getPriority()));
                  child.start();
                  child.join();
                }));
    parent.setPriority(7);
    parent.start();
    parent.join();
    return seen;
  }

  @Case
  static Object daemonIsInherited() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    for (boolean daemon : new boolean[] {true, false}) {
      Thread parent =
          new Thread(
              () -> {
                seen.add(Thread.currentThread().isDaemon());
                seen.add(new Thread(() -> {}).isDaemon());
                seen.add(new Thread() {}.isDaemon());
                seen.add(Thread.ofPlatform().unstarted(() -> {}).isDaemon());
                seen.add(Thread.ofPlatform().daemon().unstarted(() -> {}).isDaemon());
              });
      parent.setDaemon(daemon);
      parent.start();
      parent.join();
    }
    return seen + " " + new Thread(() -> {}).isDaemon();
  }

  @Case
  static Object setDaemonTooLate() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    String running = thrown(() -> thread.setDaemon(false));
    gate.countDown();
    ended(thread);
    String self = thrown(() -> Thread.currentThread().setDaemon(true));
    List<Object> inside = new CopyOnWriteArrayList<>();
    inThread(() -> inside.add(thrown(() -> Thread.currentThread().setDaemon(true))));
    return running
        + " "
        + self
        + " "
        + inside
        + " "
        + thrown(() -> thread.setDaemon(false))
        + " "
        + thread.isDaemon();
  }

  @Case
  static Object groupIsInherited() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ThreadGroup group = new ThreadGroup("family");
    Thread parent =
        new Thread(
            group,
            Help.quietly(
                () -> {
                  Thread child =
                      new Thread(() -> seen.add(Thread.currentThread().getThreadGroup().getName()));
                  seen.add(child.getThreadGroup().getName());
                  child.start();
                  child.join();
                  seen.add(new ThreadGroup("sub").getParent().getName());
                }));
    parent.start();
    parent.join();
    return seen + " " + new Thread(() -> {}).getThreadGroup().getName();
  }

  @Case
  static Object groupAfterTheEnd() throws InterruptedException {
    Thread thread = new Thread(new ThreadGroup("gone"), () -> {});
    thread.start();
    thread.join();
    return thread.getThreadGroup();
  }

  @Case
  static Object weakGroups() throws InterruptedException {
    ThreadGroup parent = new ThreadGroup("parent");
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = startThree(new ThreadGroup(parent, "only held by threads"), gate);
    System.gc();
    int during = parent.activeGroupCount();
    gate.countDown();
    return during + " " + ended(threads);
  }
}
