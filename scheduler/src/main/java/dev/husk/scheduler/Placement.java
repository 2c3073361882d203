package dev.husk.scheduler;

import dev.husk.runtime.config.NamePatterns;
import java.util.ArrayList;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.LongAdder;
import jdk.internal.misc.CarrierThread;
import jdk.internal.misc.InnocuousThread;
import org.jspecify.annotations.Nullable;

/** Decides which started threads run on the scheduler, and counts why others don't. */
final class Placement {
  /** Why a thread stays on the platform. */
  enum Reason {
    /** One of Husk's own. */
    HUSK("Husk's own"),
    /** The JVM's and the JDK's own service threads. */
    JDK("the JVM's own"),
    /** A fork-join worker: its pool has a scheduling of its own. */
    FORK_JOIN("fork-join workers"),
    /** A shutdown hook. */
    SHUTDOWN_HOOK("shutdown hooks"),
    /** It asks for a deeper stack than carriers have. */
    STACK_SIZE("larger stack asked for"),
    /** The user's exclude option names it. */
    EXCLUDED("excluded by the user"),
    /** It was made before the agent came. */
    EARLY("made before the agent came"),
    /** The scheduler isn't open yet. */
    CLOSED("started before the scheduler was open");

    final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private static final LongAdder served = new LongAdder();
  private static final LongAdder[] left = new LongAdder[Reason.values().length];

  static {
    for (int i = 0; i < left.length; i++) {
      left[i] = new LongAdder();
    }
  }

  private static volatile boolean open;
  private static NamePatterns exclude;
  private static boolean excludes;
  private static long deepestStack;

  /** Shutdown hooks that are about to be started; only there while the JVM goes down. */
  private static volatile @Nullable Thread hook;

  private Placement() {}

  static void configure(NamePatterns patterns, long carrierStackSize) {
    exclude = patterns;
    excludes = !patterns.isEmpty();
    deepestStack = carrierStackSize;
  }

  static void open() {
    open = true;
  }

  static void keepOnPlatform(Thread thread) {
    hook = thread;
  }

  static boolean runsOnScheduler(Thread thread) {
    Reason reason = reason(thread);
    if (reason == null) {
      served.increment();
      return true;
    }
    left[reason.ordinal()].increment();
    return false;
  }

  private static @Nullable Reason reason(Thread thread) {
    if (isHusks(thread)) {
      return Reason.HUSK;
    }
    if (thread instanceof InnocuousThread || thread instanceof CarrierThread) {
      return Reason.JDK;
    }
    if (thread instanceof ForkJoinWorkerThread) {
      return Reason.FORK_JOIN;
    }
    if (!open) {
      return Reason.CLOSED;
    }
    if (thread == hook) {
      return Reason.SHUTDOWN_HOOK;
    }
    if (!(Jdk.U.getReference(thread, Jdk.INTERRUPT_LOCK) instanceof ThreadSlot)) {
      return Reason.EARLY;
    }
    Object holder = Jdk.U.getReference(thread, Jdk.HOLDER);
    if (Jdk.U.getLong(holder, Jdk.STACK_SIZE) > deepestStack) {
      return Reason.STACK_SIZE;
    }
    Object task = Jdk.U.getReference(holder, Jdk.TASK);
    if (isJdks(thread.getClass()) || (task != null && isJdks(task.getClass()))) {
      return Reason.JDK;
    }
    if (excludes
        && (exclude.matches(thread.getName())
            || exclude.matches(thread.getClass().getName())
            || (task != null && exclude.matches(task.getClass().getName())))) {
      return Reason.EXCLUDED;
    }
    return null;
  }

  /** Threads and tasks of the JVM's own services, such as the flight recorder's. */
  private static boolean isJdks(Class<?> type) {
    if (type.getClassLoader() != null) {
      return false;
    }
    String name = type.getName();
    return name.startsWith("jdk.jfr.")
        // Parks through Unsafe, below LockSupport.
        || name.equals("java.util.concurrent.DelayScheduler")
        || name.startsWith("java.lang.ref.")
        || name.startsWith("java.lang.ProcessHandleImpl")
        || name.startsWith("jdk.internal.");
  }

  static boolean isHusks(Thread thread) {
    return thread instanceof Carrier || thread instanceof SliceMonitor || thread instanceof Keeper;
  }

  /** The live platform threads that Husk consists of. */
  static ArrayList<Thread> husksThreads() {
    ArrayList<Thread> list = new ArrayList<>();
    try {
      for (Thread thread : (Thread[]) Jdk.Later.GET_THREADS.invokeExact()) {
        if (isHusks(thread)) {
          list.add(thread);
        }
      }
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    return list;
  }

  /** Whether the app is not to see a thread that it wouldn't have without Husk. */
  static boolean isHidden(Thread thread) {
    return isHusks(thread)
        || (thread instanceof InnocuousThread
            && (thread.getName().equals("VirtualThread-unblocker")
                || thread.getName().startsWith("husk-")));
  }

  static long served() {
    return served.sum();
  }

  static long left(Reason reason) {
    return left[reason.ordinal()].sum();
  }
}
