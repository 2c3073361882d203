package dev.husk.scheduler;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;
import jdk.internal.vm.annotation.Hidden;
import org.jspecify.annotations.Nullable;

/**
 * A started {@code Thread} whose {@code run()} a virtual thread runs. The {@code Thread} object is
 * what the app sees (the facade); the virtual thread is what the scheduler and everything below
 * {@code LockSupport} see; this object ties them together and is the virtual thread's task.
 */
final class Facade extends Task implements Runnable {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long TERMINATION = U.objectFieldOffset(Facade.class, "termination");
  private static final long UNPARKS_BEGUN = U.objectFieldOffset(Facade.class, "unparksBegun");
  private static final long UNPARKS_DONE = U.objectFieldOffset(Facade.class, "unparksDone");

  /** Of an object's mark word. */
  private static final int LOCK_BITS = 3;

  private static final int UNLOCKED = 1;

  /** The JVM's main thread: its object is older than the seams, so it has no slot. */
  private static @Nullable Facade main;

  /** What the app sees. */
  final Thread thread;

  /** What runs; set before the start. */
  private @Nullable Thread virtual;

  /** From the start until the end of {@code run()} and its handlers. */
  private volatile boolean alive;

  /** Whether it keeps the JVM up no more than any virtual thread does. Set before the start. */
  private boolean daemon;

  /** Made by the first joiner. */
  private volatile @Nullable CountDownLatch termination;

  /** Unparks begun and done. */
  private volatile int unparksBegun;

  private volatile int unparksDone;

  /** Value of {@link #unparksBegun} when the thread went to sleep. This thread only. */
  private int unparksBeforeSleep;

  /** A permit that was there when it went to sleep. This thread only. */
  private boolean permitBeforeSleep;

  /** An interrupt that must not disturb a socket read, kept from the virtual thread meanwhile. */
  private volatile boolean heldInterrupt;

  /** Blocked in a socket operation, which on the platform is a running thread's native call. */
  volatile boolean inIo;

  Facade(Thread thread) {
    this.thread = thread;
  }

  /** The facade of a thread that is older than the seams. */
  static @Nullable Facade ofEarly(Thread thread) {
    Facade main = Facade.main;
    return main != null && main.thread == thread ? main : null;
  }

  /** The facade that the current virtual thread runs, or null. */
  static @Nullable Facade current() {
    return of(Thread.currentThread());
  }

  /** The facade that a virtual thread runs, or null. */
  static @Nullable Facade of(Thread virtual) {
    return virtual.isVirtual()
            && U.getReference(virtual, Jdk.VIRTUAL_SCHEDULER) instanceof Facade facade
        ? facade
        : null;
  }

  /** Starts a thread on the scheduler; its monitor is held, as {@code Thread.start} does. */
  static void start(Thread thread) {
    Facade facade = new Facade(thread);
    Object slot = U.getReference(thread, Jdk.INTERRUPT_LOCK);
    Object holder = U.getReference(thread, Jdk.HOLDER);
    facade.daemon = thread.isDaemon();
    Thread virtual = facade.makeVirtual();
    ((ThreadSlot) slot).facade = facade;
    U.putIntVolatile(holder, Jdk.THREAD_STATUS, Jdk.STATUS_RUNNABLE);
    facade.alive = true;
    boolean started = false;
    try {
      Jdk.JLA.start(virtual, Live.CONTAINER);
      started = true;
    } finally {
      if (!started) {
        facade.alive = false;
        ((ThreadSlot) slot).facade = null;
        U.putIntVolatile(holder, Jdk.THREAD_STATUS, 0);
      }
    }
  }

  /**
   * Runs the JVM's main thread's work on the scheduler while its platform thread waits.
   *
   * @return what it threw, or null
   */
  static @Nullable Throwable runMain(Thread thread, MainWork work) {
    Facade facade = new Facade(thread);
    main = facade;
    MainTask task = new MainTask(work);
    facade.virtual = newVirtual(facade, thread.getName(), task);
    facade.copyInherited();
    facade.alive = true;
    // The platform thread that waits here keeps the JVM up.
    facade.daemon = true;
    Keeper.mainWaits();
    Jdk.JLA.start(facade.virtual, Live.CONTAINER);
    while (!task.done) {
      Jdk.U.park(false, 0);
    }
    Keeper.mainEnds();
    return task.thrown;
  }

  private Thread makeVirtual() {
    Thread virtual = newVirtual(this, thread.getName(), this);
    // The VM's own dumps and the flight recorder then name it by the number that the app knows.
    U.putLong(virtual, Jdk.TID, thread.threadId());
    this.virtual = virtual;
    copyInherited();
    return virtual;
  }

  private static Thread newVirtual(Facade facade, String name, Runnable task) {
    return HuskLang.newVirtualThread(facade, name, Jdk.NO_INHERIT, task);
  }

  /** What lives on the thread that runs: locals, scoped values, a pending interrupt. */
  private void copyInherited() {
    Thread virtual = this.virtual;
    Object locals = U.getReference(thread, Jdk.INHERITABLE_THREAD_LOCALS);
    if (locals != null) {
      U.putReference(virtual, Jdk.INHERITABLE_THREAD_LOCALS, locals);
    }
    U.putReference(
        virtual, Jdk.SCOPED_VALUE_BINDINGS, U.getReference(thread, Jdk.SCOPED_VALUE_BINDINGS));
    if (U.getBooleanVolatile(thread, Jdk.INTERRUPTED)) {
      U.putBooleanVolatile(virtual, Jdk.INTERRUPTED, true);
    }
  }

  @Override
  @Hidden
  public void run() {
    try {
      thread.run();
    } catch (Throwable e) {
      uncaught(e);
    }
    end();
  }

  @Override
  Thread thread() {
    return virtual;
  }

  /** As the VM does at the end of a thread that threw. */
  private void uncaught(Throwable thrown) {
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable e) {
      System.err.println(
          "\nException: "
              + e.getClass().getName()
              + " thrown from the UncaughtExceptionHandler in thread \""
              + thread.getName()
              + "\"");
    }
  }

  private void end() {
    ThreadContainer container = (ThreadContainer) U.getReference(thread, Jdk.CONTAINER);
    if (container != null) {
      container.remove(thread);
    }
    U.putReference(thread, Jdk.UNCAUGHT_HANDLER, null);
    U.putReference(thread, Jdk.INHERITABLE_THREAD_LOCALS, null);
    Object holder = U.getReference(thread, Jdk.HOLDER);
    U.putIntVolatile(holder, Jdk.THREAD_STATUS, Jdk.STATUS_TERMINATED);
    alive = false;
    CountDownLatch termination = this.termination;
    if (termination != null) {
      termination.countDown();
    }
    notifyWaiters();
  }

  /**
   * Wakes those who wait on the object itself. Where nobody holds its monitor and nobody waits, its
   * mark word says so (markWord.hpp: 01, unlocked; waiting inflates a monitor); who locks it later
   * finds the thread ended.
   */
  private void notifyWaiters() {
    if ((U.getIntVolatile(thread, 0) & LOCK_BITS) != UNLOCKED) {
      synchronized (thread) {
        thread.notifyAll();
      }
      MonitorSeams.noteNotify();
    }
  }

  boolean isMain() {
    return main == this;
  }

  /** Whether a thread object is the main thread's and runs on the scheduler. */
  static boolean isMain(Thread thread) {
    Facade main = Facade.main;
    return main != null && main.thread == thread;
  }

  boolean isAlive() {
    return alive;
  }

  /**
   * Waits for the end.
   *
   * @param millis how long at most, 0 without limit
   */
  void join(long millis) throws InterruptedException {
    if (!alive) {
      return;
    }
    CountDownLatch termination = this.termination;
    if (termination == null) {
      termination = new CountDownLatch(1);
      if (!U.compareAndSetReference(this, TERMINATION, null, termination)) {
        termination = this.termination;
      }
    }
    // The end may have come before it could see the latch.
    if (alive) {
      if (millis == 0) {
        termination.await();
      } else {
        termination.await(millis, TimeUnit.MILLISECONDS);
      }
    }
  }

  Thread.State state() {
    if (!alive) {
      return Thread.State.TERMINATED;
    }
    if (inIo) {
      return Thread.State.RUNNABLE;
    }
    Thread.State state = HuskLang.threadState(virtual);
    return state == Thread.State.NEW || state == Thread.State.TERMINATED
        ? Thread.State.RUNNABLE
        : state;
  }

  void interrupt() {
    virtual.interrupt();
  }

  boolean isInterrupted() {
    return heldInterrupt || U.getBooleanVolatile(virtual, Jdk.INTERRUPTED);
  }

  /**
   * Parks in a socket operation. {@code Socket}'s don't react to interrupts, as a platform thread's
   * blocking call doesn't; the virtual thread would return at once from every park while it is
   * interrupted, so the interrupt is held back and given again afterwards. On the current thread
   * only.
   */
  void parkInIo(long nanos, boolean deaf) {
    if (deaf && U.getBooleanVolatile(virtual, Jdk.INTERRUPTED)) {
      heldInterrupt = true;
      Thread.interrupted();
    }
    inIo = true;
    park(nanos);
    inIo = false;
    if (heldInterrupt) {
      // Just the flag: an interrupt also leaves a permit, and the next park would return at once.
      U.putBooleanVolatile(virtual, Jdk.INTERRUPTED, true);
      heldInterrupt = false;
    }
  }

  /** Counted on both sides, so that a sleeper knows of one that came in its sleep. Any thread. */
  void unpark() {
    U.getAndAddInt(this, UNPARKS_BEGUN, 1);
    Jdk.JLA.unparkVirtualThread(virtual);
    U.getAndAddInt(this, UNPARKS_DONE, 1);
  }

  void startsSleep() {
    int done = unparksDone;
    unparksBeforeSleep = unparksBegun;
    // One that is under way counts as come before: a permit too many is allowed, one too few isn't.
    permitBeforeSleep =
        done != unparksBeforeSleep || U.getBooleanVolatile(virtual, Jdk.PARK_PERMIT);
  }

  boolean wasUnparkedInSleep() {
    return permitBeforeSleep || unparksBegun != unparksBeforeSleep;
  }

  static void park(long nanos) {
    if (nanos > 0) {
      Jdk.JLA.parkVirtualThread(nanos);
    } else {
      Jdk.JLA.parkVirtualThread();
    }
  }

  /** Whether it has started, hasn't ended and isn't a daemon. Any thread. */
  boolean keepsJvmUp() {
    return alive && !daemon;
  }

  /** The work of the main thread. */
  interface MainWork {
    void run() throws Throwable;
  }

  private static final class MainTask implements Runnable {
    private final MainWork work;
    private final Thread platform = Thread.currentThread();
    @Nullable Throwable thrown;
    volatile boolean done;

    MainTask(MainWork work) {
      this.work = work;
    }

    @Override
    @Hidden
    public void run() {
      try {
        work.run();
      } catch (Throwable e) {
        thrown = e;
      }
      // The platform thread is main again: it ends, or reports what was thrown, as the VM does.
      main = null;
      done = true;
      Jdk.U.unpark(platform);
    }
  }

  /**
   * The container of all facades' virtual threads. Thread dumps show facades where the JDK has
   * them, in the root and in the containers of executors, see {@link DumpSeams}; here they find the
   * platform threads that Husk itself consists of.
   */
  static final class Live extends ThreadContainer {
    static final Live CONTAINER = new Live();
    private final java.util.Set<Thread> threads =
        java.util.concurrent.ConcurrentHashMap.newKeySet();

    /** Facades to choose from where one is wanted that lasts. */
    private static final int ENOUGH = 64;

    private Live() {
      super(true);
      ThreadContainers.registerContainer(this);
    }

    /** The most there were at a time; racy, but never too small for long. */
    private int peak;

    @Override
    public void onStart(Thread thread) {
      threads.add(thread);
      Keeper.started(of(thread));
      int count = threads.size();
      if (count > peak) {
        peak = count;
      }
    }

    static int peak() {
      return CONTAINER.peak;
    }

    static void resetPeak() {
      CONTAINER.peak = CONTAINER.threads.size();
    }

    @Override
    public void onExit(Thread thread) {
      threads.remove(thread);
      Keeper.ended(of(thread));
    }

    /** One that keeps the JVM up, of some the oldest, which is likely to last; or null. */
    static @Nullable Facade keepingUp() {
      Facade oldest = null;
      int seen = 0;
      for (Thread virtual : CONTAINER.threads) {
        Facade facade = of(virtual);
        if (facade != null && facade.keepsJvmUp()) {
          if (oldest == null || facade.thread.threadId() < oldest.thread.threadId()) {
            oldest = facade;
          }
          if (++seen == ENOUGH) {
            break;
          }
        }
      }
      return oldest;
    }

    @Override
    public String name() {
      return "husk";
    }

    @Override
    public Stream<Thread> threads() {
      return Placement.husksThreads().stream();
    }

    /** Live facades, the app's thread objects. */
    static java.util.ArrayList<Thread> facades() {
      java.util.ArrayList<Thread> list = new java.util.ArrayList<>();
      for (Thread virtual : CONTAINER.threads) {
        Facade facade = of(virtual);
        if (facade != null && facade.alive) {
          list.add(facade.thread);
        }
      }
      return list;
    }
  }
}
