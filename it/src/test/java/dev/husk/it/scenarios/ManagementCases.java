package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.inThread;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.reaches;
import static dev.husk.it.scenarios.Help.until;

import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** {@code ThreadMXBean}: counts, infos, times and deadlocks. */
final class ManagementCases {
  private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();

  private ManagementCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(ManagementCases.class, args);
  }

  @Case
  static Object counts() throws InterruptedException {
    int before = BEAN.getThreadCount();
    int daemons = BEAN.getDaemonThreadCount();
    long started = BEAN.getTotalStartedThreadCount();
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = new Thread[5];
    for (int i = 0; i < 5; i++) {
      threads[i] = new Thread(Help.quietly(gate::await));
      threads[i].setDaemon(i < 2);
      threads[i].start();
    }
    for (Thread thread : threads) {
      reaches(thread, State.WAITING);
    }
    String during =
        (BEAN.getThreadCount() - before)
            + " "
            + (BEAN.getDaemonThreadCount() - daemons)
            + " "
            + (BEAN.getTotalStartedThreadCount() - started)
            + " "
            + (BEAN.getPeakThreadCount() >= BEAN.getThreadCount());
    gate.countDown();
    String end = ended(threads);
    boolean back = until(() -> BEAN.getThreadCount() == before);
    return during + " " + end + " " + back;
  }

  @Case
  static Object peakIsReset() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread[] threads = new Thread[5];
    for (int i = 0; i < 5; i++) {
      threads[i] = go(gate::await);
    }
    gate.countDown();
    ended(threads);
    BEAN.resetPeakThreadCount();
    return until(
        () -> {
          BEAN.resetPeakThreadCount();
          return BEAN.getPeakThreadCount() == BEAN.getThreadCount();
        });
  }

  @Case
  static Object idsContain() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    reaches(thread, State.WAITING);
    long[] ids = BEAN.getAllThreadIds();
    boolean other = Arrays.stream(ids).anyMatch(id -> id == thread.threadId());
    boolean mine = Arrays.stream(ids).anyMatch(id -> id == Thread.currentThread().threadId());
    gate.countDown();
    String end = ended(thread);
    boolean after = Arrays.stream(BEAN.getAllThreadIds()).anyMatch(id -> id == thread.threadId());
    return other + " " + mine + " " + end + " " + after;
  }

  private static String describe(ThreadInfo info) {
    if (info == null) {
      return "null";
    }
    return info.getThreadName()
        + " "
        + info.getThreadState()
        + " "
        + info.isDaemon()
        + " "
        + info.getPriority()
        + " "
        + info.isInNative()
        + " "
        + info.isSuspended()
        + " lock "
        + (info.getLockInfo() == null ? "none" : info.getLockInfo().getClassName())
        + " owner "
        + info.getLockOwnerName();
  }

  @Case
  static Object infoOfParked() throws InterruptedException {
    Thread thread = go("parked", () -> LockSupport.park("blocker"));
    reaches(thread, State.WAITING);
    String seen = describe(BEAN.getThreadInfo(thread.threadId()));
    LockSupport.unpark(thread);
    return seen + " " + ended(thread) + " " + describe(BEAN.getThreadInfo(thread.threadId()));
  }

  @Case
  static Object infoOfLockWaiter() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Thread holder =
        go(
            "holder",
            () -> {
              lock.lock();
              held.countDown();
              gate.await();
              lock.unlock();
            });
    opened(held);
    Thread waiter =
        go(
            "waiter",
            () -> {
              lock.lock();
              lock.unlock();
            });
    reaches(waiter, State.WAITING);
    ThreadInfo info = BEAN.getThreadInfo(waiter.threadId());
    String seen =
        describe(info) + " " + (info != null && info.getLockOwnerId() == holder.threadId());
    gate.countDown();
    return seen + " " + ended(holder, waiter);
  }

  @Case
  static Object infoOfMonitorWaiter() throws InterruptedException {
    Object lock = new Object();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Thread holder =
        go(
            "holder",
            () -> {
              synchronized (lock) {
                held.countDown();
                gate.await();
              }
            });
    opened(held);
    Thread waiter =
        go(
            "entering",
            () -> {
              synchronized (lock) {
                Thread.yield();
              }
            });
    reaches(waiter, State.BLOCKED);
    ThreadInfo info = BEAN.getThreadInfo(waiter.threadId());
    String seen =
        describe(info)
            + " "
            + (info != null && info.getLockOwnerId() == holder.threadId())
            + " "
            + (info != null && info.getBlockedCount() > 0);
    gate.countDown();
    return seen + " " + ended(holder, waiter);
  }

  @Case
  static Object infoOfObjectWait() throws InterruptedException {
    Object lock = new Object();
    Thread thread =
        go(
            "waiting",
            () -> {
              synchronized (lock) {
                lock.wait();
              }
            });
    reaches(thread, State.WAITING);
    ThreadInfo info = BEAN.getThreadInfo(thread.threadId());
    String seen = describe(info) + " " + (info != null && info.getWaitedCount() > 0);
    synchronized (lock) {
      lock.notifyAll();
    }
    return seen + " " + ended(thread);
  }

  @Case
  static Object infoOfSleepingAndRunning() throws InterruptedException {
    Thread sleeping = go("sleeping", () -> Help.pause(60_000));
    Thread[] running = new Thread[1];
    boolean[] stop = new boolean[1];
    running[0] =
        go(
            "running",
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                stop[0] = !stop[0];
              }
            });
    reaches(sleeping, State.TIMED_WAITING);
    String seen =
        describe(BEAN.getThreadInfo(sleeping.threadId()))
            + " | "
            + describe(BEAN.getThreadInfo(running[0].threadId()));
    sleeping.interrupt();
    running[0].interrupt();
    return seen + " " + ended(sleeping, running[0]);
  }

  @Case
  static Object infoOfCaseThread() {
    ThreadInfo info = BEAN.getThreadInfo(Thread.currentThread().threadId());
    return describe(info);
  }

  private static void standsHere(CountDownLatch gate) throws InterruptedException {
    gate.await();
  }

  @Case
  static Object infoWithTrace() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go("traced", () -> standsHere(gate));
    reaches(thread, State.WAITING);
    ThreadInfo info = BEAN.getThreadInfo(thread.threadId(), 50);
    boolean found =
        info != null
            && Arrays.stream(info.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("standsHere"));
    int bare = BEAN.getThreadInfo(thread.threadId()).getStackTrace().length;
    gate.countDown();
    return found + " " + bare + " " + ended(thread);
  }

  @Case
  static Object infoWithLocks() throws InterruptedException {
    Object monitor = new Object();
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread =
        go(
            "locks",
            () -> {
              synchronized (monitor) {
                lock.lock();
                gate.await();
                lock.unlock();
              }
            });
    reaches(thread, State.WAITING);
    ThreadInfo info = BEAN.getThreadInfo(new long[] {thread.threadId()}, true, true)[0];
    String seen = "null";
    if (info != null) {
      MonitorInfo[] monitors = info.getLockedMonitors();
      seen = monitors.length + " " + info.getLockedSynchronizers().length;
    }
    gate.countDown();
    return seen + " " + ended(thread);
  }

  @Case
  static Object dumpOfAllThreads() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go("dumped", gate::await);
    reaches(thread, State.WAITING);
    Set<String> names = new TreeSet<>();
    for (ThreadInfo info : BEAN.dumpAllThreads(false, false)) {
      names.add(info.getThreadName());
    }
    gate.countDown();
    return names.contains("dumped") + " " + names.contains("main") + " " + ended(thread);
  }

  @Case
  static Object cpuTimeOfBusyThread() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread =
        go(
            () -> {
              Help.spin(300);
              done.countDown();
              gate.await();
            });
    opened(done);
    reaches(thread, State.WAITING);
    long cpu = BEAN.getThreadCpuTime(thread.threadId());
    long user = BEAN.getThreadUserTime(thread.threadId());
    gate.countDown();
    return (cpu > 20_000_000 && cpu < 2_000_000_000L)
        + " "
        + (user > 0)
        + " "
        + ended(thread)
        + " "
        + BEAN.getThreadCpuTime(thread.threadId());
  }

  @Case
  static Object cpuTimeOfIdleThread() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    Thread thread = go(gate::await);
    reaches(thread, State.WAITING);
    Help.spin(100);
    long cpu = BEAN.getThreadCpuTime(thread.threadId());
    gate.countDown();
    return (cpu >= 0 && cpu < 50_000_000) + " " + ended(thread);
  }

  @Case
  static Object cpuTimeOfItself() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long before = BEAN.getCurrentThreadCpuTime();
          Help.spin(200);
          long used = BEAN.getCurrentThreadCpuTime() - before;
          seen.add(used > 10_000_000 && used < 1_000_000_000);
          seen.add(before >= 0);
          seen.add(BEAN.getCurrentThreadUserTime() >= 0);
        });
    return seen + " " + (BEAN.getCurrentThreadCpuTime() > 0);
  }

  @Case
  static Object allocatedBytes() throws InterruptedException {
    com.sun.management.ThreadMXBean bean = (com.sun.management.ThreadMXBean) BEAN;
    List<Object> seen = new CopyOnWriteArrayList<>();
    inThread(
        () -> {
          long before = bean.getCurrentThreadAllocatedBytes();
          byte[][] kept = new byte[100][];
          for (int i = 0; i < kept.length; i++) {
            kept[i] = new byte[10_000];
          }
          long allocated = bean.getCurrentThreadAllocatedBytes() - before;
          seen.add(kept.length);
          seen.add(allocated >= 1_000_000 && allocated < 20_000_000);
          seen.add(bean.getThreadAllocatedBytes(Thread.currentThread().threadId()) > 1_000_000);
        });
    return seen;
  }

  @Case
  static Object deadlockNone() {
    return Arrays.toString(BEAN.findDeadlockedThreads())
        + " "
        + Arrays.toString(BEAN.findMonitorDeadlockedThreads());
  }

  @Case
  static Object deadlockOfLocks() throws InterruptedException {
    ReentrantLock one = new ReentrantLock();
    ReentrantLock two = new ReentrantLock();
    Thread[] pair = lockUp(() -> one.lockInterruptibly(), () -> two.lockInterruptibly());
    boolean found = until(() -> BEAN.findDeadlockedThreads() != null);
    Set<Long> ids = new TreeSet<>();
    if (found) {
      Arrays.stream(BEAN.findDeadlockedThreads()).forEach(ids::add);
    }
    boolean both = ids.equals(Set.of(pair[0].threadId(), pair[1].threadId()));
    boolean monitors = BEAN.findMonitorDeadlockedThreads() == null;
    pair[0].interrupt();
    pair[1].interrupt();
    return found + " " + both + " " + monitors + " " + ended(pair);
  }

  @Case
  static Object deadlockOfMonitors() throws InterruptedException {
    // The last but one of the cases that find deadlocks: these two threads stay.
    Object one = new Object();
    Object two = new Object();
    CountDownLatch both = new CountDownLatch(2);
    Thread first =
        go(
            "deadlocked-1",
            () -> {
              synchronized (one) {
                both.countDown();
                both.await();
                synchronized (two) {
                  Thread.yield();
                }
              }
            });
    Thread second =
        go(
            "deadlocked-2",
            () -> {
              synchronized (two) {
                both.countDown();
                both.await();
                synchronized (one) {
                  Thread.yield();
                }
              }
            });
    boolean found = until(() -> BEAN.findMonitorDeadlockedThreads() != null);
    Set<Long> ids = new TreeSet<>();
    if (found) {
      Arrays.stream(BEAN.findMonitorDeadlockedThreads()).forEach(ids::add);
    }
    return found
        + " "
        + ids.equals(Set.of(first.threadId(), second.threadId()))
        + " "
        + first.getState()
        + " "
        + second.getState();
  }

  private static Thread[] lockUp(Help.Body one, Help.Body two) {
    CountDownLatch both = new CountDownLatch(2);
    Thread first =
        go(
            () -> {
              one.run();
              both.countDown();
              both.await();
              Help.thrown(two);
            });
    Thread second =
        go(
            () -> {
              two.run();
              both.countDown();
              both.await();
              Help.thrown(one);
            });
    return new Thread[] {first, second};
  }
}
