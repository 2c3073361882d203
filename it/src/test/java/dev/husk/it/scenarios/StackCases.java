package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.until;

import java.lang.StackWalker.StackFrame;
import java.lang.Thread.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Stacks: how deep they are, and what their traces show. */
final class StackCases {
  private StackCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(StackCases.class, args);
  }

  private static int depth;

  private static void recurse() {
    depth++;
    recurse();
  }

  /** How often a method can call itself here. */
  private static int depthHere() {
    depth = 0;
    try {
      recurse();
    } catch (StackOverflowError e) {
      // That's the end of the stack.
    }
    return depth;
  }

  private static int depthOf(long stackSize) throws InterruptedException {
    int[] result = new int[1];
    Thread thread = new Thread(null, () -> result[0] = depthHere(), "deep", stackSize);
    thread.start();
    thread.join();
    return result[0];
  }

  @Case
  static Object overflowIsCatchable() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          for (int i = 0; i < 3; i++) {
            seen.add(depthHere() > 1_000);
          }
        });
    return (depthHere() > 1_000) + " " + seen;
  }

  @Case
  static Object defaultDepth() throws InterruptedException {
    // The default of 1 MB holds about ten thousand interpreted frames of this method.
    return (depthOf(0) > 5_000) + " " + (depthOf(0) < 500_000);
  }

  @Case
  static Object requestedStackSize() throws InterruptedException {
    depthOf(0);
    depthOf(0);
    int plain = depthOf(0);
    int large = depthOf(64L << 20);
    return large > 8L * plain;
  }

  @Case
  static Object deepThreadsParked() throws InterruptedException {
    // Many deep stacks that switch: the frames must survive.
    Thread[] threads = new Thread[20];
    int[] sums = new int[20];
    for (int i = 0; i < threads.length; i++) {
      int own = i;
      threads[i] = go(() -> sums[own] = deep(2_000, own));
    }
    String end = ended(threads);
    boolean right = true;
    for (int i = 0; i < sums.length; i++) {
      right &= sums[i] == 2_000 * i;
    }
    return end + " " + right;
  }

  private static int deep(int levels, int value) {
    if (levels == 0) {
      Help.pause(2);
      return 0;
    }
    int below = deep(levels - 1, value);
    if (levels % 500 == 0) {
      Thread.yield();
    }
    return below + value;
  }

  private static String frames(StackTraceElement[] trace) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : trace) {
      // The VM's own dump of all threads shows hidden frames, those of lambdas' classes, too.
      if (frame.getClassName().startsWith("dev.husk.it.scenarios.StackCases")
          && !frame.getClassName().contains("$$Lambda")) {
        text.append(frame.getMethodName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1")).append(' ');
      }
    }
    return text.toString().strip();
  }

  private static StackTraceElement[] inner() {
    return Thread.currentThread().getStackTrace();
  }

  @Case
  static Object ownTrace() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          StackTraceElement[] trace = inner();
          seen.add(trace[0].getClassName() + "." + trace[0].getMethodName());
          seen.add(frames(trace));
          seen.add(
              trace[trace.length - 1].getClassName()
                  + "."
                  + trace[trace.length - 1].getMethodName());
        });
    return seen;
  }

  @Case
  static Object exceptionsTrace() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              StackTraceElement[] trace = new Throwable().getStackTrace();
              seen.add(trace.length);
              for (StackTraceElement frame : trace) {
                seen.add(frame.getClassName() + "." + frame.getMethodName());
              }
            });
    thread.start();
    thread.join();
    return seen;
  }

  private static void waitsHere() {
    LockSupport.park();
  }

  @Case
  static Object traceOfParkedThread() throws InterruptedException {
    Thread thread = go(() -> waitsHere());
    reaches(thread, State.WAITING);
    StackTraceElement[] trace = thread.getStackTrace();
    String seen =
        frames(trace)
            + " | "
            + Arrays.stream(trace).anyMatch(frame -> frame.getMethodName().equals("park"));
    LockSupport.unpark(thread);
    return seen + " " + ended(thread) + " " + thread.getStackTrace().length;
  }

  private static final AtomicBoolean STOP = new AtomicBoolean();

  private static void spinsHere() {
    while (!STOP.get()) {
      Thread.onSpinWait();
    }
  }

  @Case
  static Object traceOfRunningThread() throws InterruptedException {
    STOP.set(false);
    Thread thread = go(() -> spinsHere());
    boolean found = until(() -> frames(thread.getStackTrace()).startsWith("spinsHere"));
    STOP.set(true);
    return found + " " + ended(thread);
  }

  @Case
  static Object traceOfBlockedThread() throws InterruptedException {
    Object lock = new Object();
    Thread thread;
    String seen;
    synchronized (lock) {
      thread =
          go(
              () -> {
                synchronized (lock) {
                  Thread.yield();
                }
              });
      reaches(thread, State.BLOCKED);
      seen = frames(thread.getStackTrace());
    }
    return seen + " " + ended(thread);
  }

  @Case
  static Object traceOfUnstarted() {
    return new Thread(() -> {}).getStackTrace().length;
  }

  @Case
  static Object traceOfMainSeenByThread() throws InterruptedException {
    Thread me = Thread.currentThread();
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          reaches(me, State.TIMED_WAITING);
          seen.add(frames(me.getStackTrace()).contains("traceOfMainSeenByThread"));
        });
    return seen;
  }

  @Case
  static Object allTraces() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread one = go("listed one", gate::await);
    Thread two = go("listed two", gate::await);
    reaches(one, State.WAITING);
    reaches(two, State.WAITING);
    Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
    Set<String> names = new TreeSet<>();
    all.keySet().forEach(thread -> names.add(thread.getName()));
    boolean found =
        names.containsAll(
            Set.of("main", "listed one", "listed two", "Reference Handler", "Finalizer"));
    String mine = frames(all.get(Thread.currentThread()));
    String theirs = frames(all.getOrDefault(one, new StackTraceElement[0]));
    gate.countDown();
    return found
        + " "
        + all.containsKey(two)
        + " "
        + mine.contains("allTraces")
        + " ["
        + theirs
        + "] "
        + ended(one, two);
  }

  @Case
  static Object allTracesHasNoUnknownThreads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      names.add(thread.getName());
    }
    names.removeAll(Set.of("Attach Listener"));
    return names;
  }

  @Case
  static Object allTracesFromThread() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        go(
            () -> {
              Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
              seen.add(all.containsKey(Thread.currentThread()));
              seen.add(frames(all.getOrDefault(Thread.currentThread(), new StackTraceElement[0])));
            });
    return ended(thread) + " " + seen;
  }

  @Case
  static Object allTracesForgetsTheDead() throws InterruptedException {
    Thread thread = go("dead soon", () -> {});
    thread.join();
    return Thread.getAllStackTraces().containsKey(thread);
  }

  @Case
  static void dumpOfStack() throws InterruptedException {
    inThread(Thread::dumpStack);
  }

  @Case
  static Object stackWalker() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              seen.addAll(
                  StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                      .walk(
                          frames ->
                              frames
                                  .map(StackFrame::getMethodName)
                                  .map(name -> name.replaceAll("lambda\\$(\\w+)\\$\\d+", "$1"))
                                  .toList()));
            });
    thread.start();
    thread.join();
    return seen;
  }

  @Case
  static Object callerSensitive() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () ->
            seen.add(
                StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                    .getCallerClass()
                    .getName()
                    .startsWith("dev.husk.it.scenarios.Help")));
    return seen;
  }

  @Case
  static Object traceWhileStarting() throws InterruptedException {
    // Asked at every moment of a thread's life, the trace is empty or starts somewhere sane.
    int wrong = 0;
    for (int i = 0; i < 100; i++) {
      CountDownLatch started = new CountDownLatch(1);
      Thread thread = go(started::countDown);
      for (int n = 0; n < 10; n++) {
        StackTraceElement[] trace = thread.getStackTrace();
        if (trace.length > 0
            && !trace[trace.length - 1].getMethodName().equals("run")
            && !trace[trace.length - 1].getMethodName().equals("runWith")
            && !trace[trace.length - 1].getClassName().startsWith("java.lang.Thread")) {
          wrong++;
        }
      }
      opened(started);
      thread.join();
    }
    return wrong;
  }
}
