package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;
import jdk.internal.reflect.MethodAccessor;
import jdk.internal.reflect.ReflectionFactory;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.Hidden;
import org.jspecify.annotations.Nullable;

/**
 * The thread seams: what the rewritten code calls instead of the JDK's own.
 *
 * <p>{@code LockSupport} and what lies below it see the virtual thread; application code and the
 * JDK classes that hand threads back to it see the facade.
 */
public final class ThreadSeams {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final String THREAD = "java.lang.Thread";
  private static final String VIRTUAL = "java.lang.VirtualThread";
  private static final String HUSK = "dev.husk.scheduler.";

  private ThreadSeams() {}

  // Identity

  /** The thread as the app knows it: the facade where the current virtual thread runs one. */
  @Replaces(
      type = THREAD,
      method = "currentThread",
      in = {
        THREAD + "#activeCount",
        THREAD + "#enumerate",
        THREAD + "#getStackTrace",
        THREAD + "#setName",
        "java.io.PipedInputStream",
        "java.io.PipedReader",
        "java.lang.ThreadGroup",
        "java.lang.foreign.Arena",
        // The group of a factory's threads is that of the facade.
        "java.util.concurrent.Executors$DefaultThreadFactory",
        // A task that is cancelled interrupts its runner, whose class may have a say in it.
        "java.util.concurrent.FutureTask#run",
        "java.util.concurrent.FutureTask#runAndReset",
        "java.util.concurrent.StructuredTaskScopeImpl",
        "java.util.concurrent.ThreadPerTaskExecutor$TaskRunner",
        "java.util.concurrent.ThreadPoolExecutor",
        "java.util.concurrent.locks.**",
        "jdk.internal.foreign.**",
        "jdk.internal.misc.ThreadFlock"
      },
      except = "java.util.concurrent.locks.LockSupport",
      group = THREADS)
  @ForceInline
  @Hidden
  public static Thread currentThread() {
    Thread thread = Thread.currentThread();
    return thread.isVirtual()
            && U.getReference(thread, Jdk.VIRTUAL_SCHEDULER) instanceof Facade facade
        ? facade.thread
        : thread;
  }

  /** The same where a JDK may do without: what it marks for removal, and its debug logs. */
  @Replaces(
      type = THREAD,
      method = "currentThread",
      in = {
        "java.lang.SecurityManager",
        "java.util.concurrent.Executors$PrivilegedCallableUsingCurrentClassLoader",
        "java.util.concurrent.Executors$PrivilegedThreadFactory$1",
        "sun.security.ssl.SSLLogger$SSLSimpleFormatter",
        "sun.security.util.Debug"
      },
      optional = true,
      group = THREADS)
  @Hidden
  public static Thread currentThreadAside() {
    return currentThread();
  }

  /** {@code Thread.currentThread} called by reflection. */
  @Replaces(
      type = "jdk.internal.reflect.ReflectionFactory",
      method = "newMethodAccessor",
      in = "java.lang.reflect.Method#acquireMethodAccessor",
      group = THREADS)
  @Hidden
  public static MethodAccessor newMethodAccessor(
      ReflectionFactory factory, Method method, boolean callerSensitive) {
    return factory.newMethodAccessor(
        Accessors.isCurrentThread(method) ? Accessors.method() : method, callerSensitive);
  }

  /** {@code Thread.currentThread} looked up as a method handle. */
  public static MethodHandle findStatic(
      MethodHandles.Lookup lookup, Class<?> type, String name, MethodType signature)
      throws NoSuchMethodException, IllegalAccessException {
    MethodHandle found = lookup.findStatic(type, name, signature);
    return type == Thread.class && name.equals("currentThread") ? Accessors.handle() : found;
  }

  /** The same, from a {@code Method}. */
  public static MethodHandle unreflect(MethodHandles.Lookup lookup, Method method)
      throws IllegalAccessException {
    MethodHandle found = lookup.unreflect(method);
    return Accessors.isCurrentThread(method) ? Accessors.handle() : found;
  }

  /** The parent of a thread that is being made, showing the locals that its child inherits. */
  @Replaces(type = THREAD, method = "currentThread", in = THREAD + "#<init>", group = THREADS)
  @Hidden
  public static Thread parentThread() {
    Thread thread = Thread.currentThread();
    Facade facade = Facade.of(thread);
    if (facade == null) {
      return thread;
    }
    // The first inheritable local that a thread sets makes the map, on the virtual thread.
    U.putReference(
        facade.thread,
        Jdk.INHERITABLE_THREAD_LOCALS,
        U.getReference(thread, Jdk.INHERITABLE_THREAD_LOCALS));
    return facade.thread;
  }

  /** Gives each new thread the slot that leads to its facade. */
  @Replaces(type = "java.lang.Object", construct = true, in = THREAD + "#<init>", group = THREADS)
  @Hidden
  public static Object newObject() {
    return new ThreadSlot();
  }

  // Start and end

  /** Starts a thread on the scheduler, or on the platform when it belongs there. */
  @Replaces(type = THREAD, method = "start0", in = THREAD + "#start", group = THREADS)
  @Hidden
  public static void start0(Thread thread) {
    if (Placement.runsOnScheduler(thread)) {
      Facade.start(thread);
    } else {
      start0OnPlatform(thread);
    }
  }

  private static void start0OnPlatform(Thread thread) {
    InBase.Originals.START0.accept(thread);
  }

  /** Shutdown hooks run while the VM goes down: they stay platform threads. */
  @Replaces(
      type = THREAD,
      method = "start",
      in = "java.lang.ApplicationShutdownHooks#runHooks",
      group = THREADS)
  @Hidden
  public static void startHook(Thread hook) {
    Placement.keepOnPlatform(hook);
    hook.start();
  }

  @Replaces(type = THREAD, field = "eetop", in = THREAD + "#alive", group = THREADS)
  @Hidden
  public static long eetop(Thread thread) {
    Facade facade = ThreadSlot.facade(thread);
    if (facade == null) {
      return U.getLong(thread, Jdk.EETOP);
    }
    return facade.isAlive() ? 1 : 0;
  }

  @Replaces(
      type = THREAD,
      method = "threadState",
      in = {THREAD + "#getState", THREAD + "#join"},
      group = THREADS)
  @Hidden
  public static Thread.State threadState(Thread thread) {
    Facade facade = thread.isVirtual() ? null : ThreadSlot.facade(thread);
    if (facade != null) {
      return facade.state();
    }
    return HuskLang.threadState(thread);
  }

  /** The same question in a cheaper form: it is asked whenever a thread is made. */
  @Replaces(type = THREAD, method = "threadState", in = THREAD + "#isTerminated", group = THREADS)
  @Hidden
  public static Thread.State endState(Thread thread) {
    Facade facade = ThreadSlot.facade(thread);
    if (facade != null) {
      return facade.isAlive() ? Thread.State.RUNNABLE : Thread.State.TERMINATED;
    }
    Object holder = U.getReference(thread, Jdk.HOLDER);
    return VM.toThreadState(U.getIntVolatile(holder, Jdk.THREAD_STATUS));
  }

  /**
   * Joins the virtual thread, by parking, where the JDK would wait on the facade's monitor: a wait
   * goes through the JDK's one unblocker thread.
   */
  @Replaces(
      type = THREAD,
      method = "join",
      descriptor = "(J)V",
      in = THREAD + "#join",
      optional = true,
      group = THREADS)
  @Hidden
  public static void join(Thread thread, long millis) throws InterruptedException {
    Facade facade = thread.isVirtual() ? null : ThreadSlot.facade(thread);
    if (facade == null || facade.isMain() || millis < 0) {
      thread.join(millis);
    } else {
      facade.join(millis);
    }
  }

  /**
   * Runs a facade without the JDK's frame and events of virtual threads: its stack ends with {@code
   * Thread.run} as on the platform.
   */
  @Replaces(
      type = VIRTUAL,
      method = "run",
      descriptor = "(Ljava/lang/Runnable;)V",
      in = VIRTUAL + "$VThreadContinuation$1#run",
      group = THREADS)
  @Hidden
  public static void run(Object thread, Runnable task) {
    if (Facade.of((Thread) thread) != null) {
      task.run();
    } else {
      try {
        Jdk.Run.RUN.invokeExact(thread, task);
      } catch (Throwable e) {
        throw Jdk.rethrow(e);
      }
    }
  }

  // Interrupts

  @Replaces(type = THREAD, method = "interrupt0", in = THREAD + "#interrupt", group = THREADS)
  @Hidden
  public static void interrupt0(Thread thread) {
    Facade facade = ThreadSlot.facade(thread);
    if (facade != null) {
      facade.interrupt();
    } else {
      try {
        Jdk.Later.INTERRUPT0.invokeExact(thread);
      } catch (Throwable e) {
        throw Jdk.rethrow(e);
      }
    }
  }

  @Replaces(type = THREAD, field = "interrupted", in = THREAD + "#isInterrupted", group = THREADS)
  @Hidden
  public static boolean interrupted(Thread thread) {
    Facade facade = ThreadSlot.facade(thread);
    return facade == null ? U.getBooleanVolatile(thread, Jdk.INTERRUPTED) : facade.isInterrupted();
  }

  // Parking

  /** Called where the JDK has found that the thread isn't virtual: a facade is unparked below. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "unpark",
      in = "java.util.concurrent.locks.LockSupport#unpark",
      group = THREADS)
  @Hidden
  public static void unpark(Unsafe unsafe, Object thread) {
    Facade facade = ThreadSlot.facade((Thread) thread);
    if (facade != null) {
      if (facade.isAlive()) {
        facade.unpark();
      }
    } else {
      unsafe.unpark(thread);
    }
  }

  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "getReferenceOpaque",
      in = "java.util.concurrent.locks.LockSupport#getBlocker",
      group = THREADS)
  @Hidden
  public static @Nullable Object parkBlocker(Unsafe unsafe, Object thread, long offset) {
    Facade facade = ThreadSlot.facade((Thread) thread);
    return unsafe.getReferenceOpaque(facade == null ? thread : facade.thread(), offset);
  }

  /** {@code sun.misc.Unsafe.park}, which older libraries call: below it nothing knows facades. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "park",
      in = "sun.misc.Unsafe#park",
      optional = true,
      group = THREADS)
  @Hidden
  public static void parkByUnsafe(Unsafe unsafe, boolean absolute, long time) {
    if (!Thread.currentThread().isVirtual()) {
      unsafe.park(absolute, time);
    } else if (absolute) {
      LockSupport.parkUntil(time);
    } else if (time == 0) {
      LockSupport.park();
    } else {
      LockSupport.parkNanos(time);
    }
  }

  /** {@code sun.misc.Unsafe.unpark}. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "unpark",
      in = "sun.misc.Unsafe#unpark",
      optional = true,
      group = THREADS)
  @Hidden
  public static void unparkByUnsafe(Unsafe unsafe, Object thread) {
    if (thread instanceof Thread known) {
      LockSupport.unpark(known);
    }
  }

  /** A park while pinned blocks the carrier: another takes over the core first. */
  @Replaces(
      type = "jdk.internal.misc.Unsafe",
      method = "park",
      in = VIRTUAL + "#parkOnCarrierThread",
      group = THREADS)
  @Hidden
  public static void parkCarrier(Unsafe unsafe, boolean absolute, long time) {
    Scheduler.aboutToBlock();
    unsafe.park(absolute, time);
  }

  // Sleep

  /** As on the platform, where the exception has a message. */
  @Replaces(
      type = "java.lang.InterruptedException",
      construct = true,
      in = VIRTUAL + "#sleepNanos",
      group = THREADS)
  @Hidden
  public static InterruptedException sleepInterrupted() {
    return Facade.current() == null
        ? new InterruptedException()
        : new InterruptedException("sleep interrupted");
  }

  /** Where a thread goes to sleep: a facade notes what permit it has. */
  @Replaces(
      type = VIRTUAL,
      method = "sleepNanos",
      descriptor = "(J)V",
      in = THREAD + "#sleepNanos",
      group = THREADS)
  @Hidden
  public static void sleepNanos(Object thread, long nanos) throws InterruptedException {
    Facade facade = Facade.of((Thread) thread);
    if (facade != null) {
      facade.startsSleep();
    }
    HuskLang.sleepNanos(thread, nanos);
  }

  /**
   * After a sleep the JDK makes a permit available to every virtual thread, since one may have come
   * meanwhile; a platform thread has one only if it did.
   */
  @Replaces(
      type = VIRTUAL,
      method = "setParkPermit",
      descriptor = "(Z)V",
      in = VIRTUAL + "#sleepNanos",
      group = THREADS)
  @Hidden
  public static void permitAfterSleep(Object thread, boolean permit) {
    Facade facade = Facade.of((Thread) thread);
    if (facade == null || facade.wasUnparkedInSleep()) {
      U.putBooleanVolatile(thread, Jdk.PARK_PERMIT, permit);
    }
  }

  // What a thread carries

  @Replaces(
      type = THREAD,
      field = "contextClassLoader",
      in = THREAD + "#getContextClassLoader",
      group = THREADS)
  @Hidden
  public static @Nullable ClassLoader contextClassLoader(Thread thread) {
    Facade facade = Facade.of(thread);
    return facade == null
        ? (ClassLoader) U.getReferenceVolatile(thread, Jdk.CONTEXT_CLASS_LOADER)
        : facade.thread.getContextClassLoader();
  }

  // Enumeration and stacks

  @Replaces(
      type = THREAD,
      method = "getThreads",
      in = {THREAD + "#getAllThreads", THREAD + "#getAllStackTraces"},
      group = THREADS)
  @Hidden
  public static Thread[] getThreads() {
    Thread[] platform;
    try {
      platform = (Thread[]) Jdk.Later.GET_THREADS.invokeExact();
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    ArrayList<Thread> facades = Facade.Live.facades();
    ArrayList<Thread> all = new ArrayList<>(platform.length + facades.size());
    for (Thread thread : platform) {
      if (!Placement.isHidden(thread)) {
        all.add(thread);
      }
    }
    for (Thread thread : facades) {
      if (!Facade.isMain(thread)) {
        all.add(thread);
      }
    }
    return all.toArray(new Thread[0]);
  }

  @Replaces(
      type = THREAD,
      method = "dumpThreads",
      in = THREAD + "#getAllStackTraces",
      group = THREADS)
  @Hidden
  public static StackTraceElement[] @Nullable [] dumpThreads(Thread[] threads) {
    try {
      StackTraceElement[][] traces =
          (StackTraceElement[][]) Jdk.Later.DUMP_THREADS.invokeExact(threads);
      for (int i = 0; i < threads.length; i++) {
        Facade facade = ThreadSlot.facade(threads[i]);
        if (facade != null) {
          traces[i] = threads[i].getStackTrace();
        }
      }
      return traces;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  @Replaces(
      type = THREAD,
      method = "asyncGetStackTrace",
      in = THREAD + "#getStackTrace",
      group = THREADS)
  @Hidden
  public static StackTraceElement @Nullable [] asyncGetStackTrace(Thread thread) {
    Facade facade = thread.isVirtual() ? null : ThreadSlot.facade(thread);
    Thread running = facade == null ? thread : facade.thread();
    try {
      StackTraceElement[] trace = (StackTraceElement[]) Jdk.Later.STACK_TRACE.invokeExact(running);
      return facade == null || isInRun(trace) ? trace : null;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Whether a facade's trace shows code of the app, and not how its thread begins and ends. */
  private static boolean isInRun(StackTraceElement @Nullable [] trace) {
    if (trace == null || trace.length == 0) {
      return true;
    }
    StackTraceElement first = trace[trace.length - 1];
    String type = first.getClassName();
    return !type.equals(VIRTUAL)
        && !type.startsWith("jdk.internal.vm.")
        && (!type.startsWith(HUSK) || first.getMethodName().equals("uncaught"));
  }

  // Scheduling of virtual threads

  /**
   * The JDK's own pool of carriers: nobody runs on it, so it is made when somebody asks, which
   * spares each start its classes and lambdas.
   */
  @Replaces(
      type = VIRTUAL,
      method = "createDefaultScheduler",
      descriptor = "()Ljava/util/concurrent/ForkJoinPool;",
      in = VIRTUAL + "#<clinit>",
      optional = true,
      group = THREADS)
  @Hidden
  public static @Nullable ForkJoinPool createDefaultScheduler() {
    return null;
  }

  /** Those who ask: management. */
  @Replaces(
      type = VIRTUAL,
      field = "DEFAULT_SCHEDULER",
      descriptor = "Ljava/util/concurrent/ForkJoinPool;",
      in = VIRTUAL + "#defaultScheduler",
      optional = true,
      group = THREADS)
  @Hidden
  public static ForkJoinPool defaultScheduler() {
    return DefaultScheduler.get();
  }

  /** The scheduler of a virtual thread that is being made by a platform thread. */
  @Replaces(
      type = VIRTUAL,
      field = "DEFAULT_SCHEDULER",
      descriptor = "Ljava/util/concurrent/ForkJoinPool;",
      in = VIRTUAL + "#<init>",
      group = THREADS)
  @Hidden
  public static Executor newScheduler() {
    return new Task();
  }

  /** The scheduler of a virtual thread that is being made by another. */
  @Replaces(
      type = VIRTUAL,
      field = "scheduler",
      descriptor = "Ljava/util/concurrent/Executor;",
      in = VIRTUAL + "#<init>",
      group = THREADS)
  @Hidden
  public static Executor newScheduler(Object parent) {
    Executor scheduler = (Executor) U.getReference(parent, Jdk.VIRTUAL_SCHEDULER);
    return scheduler instanceof Task ? new Task() : scheduler;
  }

  /** Timed parks and waits go to the timers of the carrier's core. */
  @Replaces(
      type = VIRTUAL,
      method = "schedule",
      descriptor =
          "(Ljava/lang/Runnable;JLjava/util/concurrent/TimeUnit;)Ljava/util/concurrent/Future;",
      in = VIRTUAL + "#afterYield",
      group = THREADS)
  @Hidden
  public static Future<?> schedule(Object thread, Runnable expired, long delay, TimeUnit unit) {
    return Scheduler.schedule(expired, unit.toNanos(delay));
  }
}
