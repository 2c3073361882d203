package dev.husk.it.scenarios;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Has threads of all kinds for management tools to look at; what it does is its argument. */
final class ManagedProgram {
  private static volatile long count;

  private ManagedProgram() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "stay" -> stay();
      case "bean" -> bean();
      case "deadlock" -> deadlock();
      case "slow" -> slow();
      default -> System.out.println("nothing");
    }
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    System.out.println(name + " " + thread.threadId());
    return thread;
  }

  private static void stay() throws InterruptedException {
    daemon(
        "app-parked",
        () -> {
          while (true) {
            LockSupport.park(ManagedProgram.class);
          }
        });
    daemon(
        "app-busy",
        () -> {
          while (true) {
            count++;
          }
        });
    daemon("app-first", () -> Help.pause(600_000)).setName("app-renamed");
    daemon(
        "app-self",
        () -> {
          Thread.currentThread().setName("app-named-itself");
          Help.pause(600_000);
        });
    ExecutorService pool =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("app-pooled").factory());
    pool.submit(() -> Help.pause(600_000));
    Thread.sleep(200);
    System.out.println("ready");
    Thread.sleep(600_000);
  }

  private static void bean() throws Exception {
    daemon("app-sleeping", () -> Help.pause(600_000));
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("dev.husk:type=Threads");
    for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
      Object value = server.getAttribute(name, attribute.getName());
      boolean plain = value instanceof Number || value instanceof Boolean;
      System.out.println(attribute.getName() + " " + (plain ? value : "map"));
    }
    System.out.println(server.invoke(name, "threadDump", null, null));
  }

  /** A circle of one facade and one thread that stays on the platform, by a lock and a monitor. */
  private static void deadlock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    Object monitor = new Object();
    CountDownLatch both = new CountDownLatch(2);
    Thread served =
        daemon(
            "app-served",
            Help.quietly(
                () -> {
                  lock.lock();
                  both.countDown();
                  both.await();
                  synchronized (monitor) {
                    count++;
                  }
                }));
    Thread plain =
        daemon(
            "plain-1",
            Help.quietly(
                () -> {
                  synchronized (monitor) {
                    both.countDown();
                    both.await();
                    lock.lock();
                  }
                }));
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    long[][] found = new long[1][];
    Help.until(() -> (found[0] = bean.findDeadlockedThreads()) != null);
    long[] expected = {served.threadId(), plain.threadId()};
    if (found[0] != null) {
      Arrays.sort(found[0]);
    }
    Arrays.sort(expected);
    System.out.println("found " + Arrays.equals(found[0], expected));
    for (ThreadInfo info : bean.getThreadInfo(expected)) {
      System.out.println(
          info.getThreadName() + " " + info.getThreadState() + " " + info.getLockOwnerName());
    }
  }

  private static void slow() throws InterruptedException {
    Thread[] hogs = new Thread[3 * Runtime.getRuntime().availableProcessors()];
    for (int i = 0; i < hogs.length; i++) {
      hogs[i] =
          daemon(
              "app-hog-" + i,
              () -> {
                for (int j = 0; j < 8; j++) {
                  Help.spin(60);
                  Thread.yield();
                }
              });
    }
    for (Thread hog : hogs) {
      hog.join();
    }
  }
}
