package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code ThreadInfo}s of facades, made of {@link Snapshot}s, among those that the VM makes of
 * platform threads.
 */
final class ThreadInfos {
  private static final long OWNER_ID = Jdk.U.objectFieldOffset(ThreadInfo.class, "lockOwnerId");
  private static final long OWNER_NAME = Jdk.U.objectFieldOffset(ThreadInfo.class, "lockOwnerName");
  private static final Class<?> IMPL = Jdk.find("sun.management.ThreadImpl");
  private static final Class<?> VM = Jdk.find("sun.management.VMManagement");

  private static final MethodHandle NEW =
      Trusted.ofConstructor(
          ThreadInfo.class,
          Thread.class,
          int.class,
          Object.class,
          Thread.class,
          long.class,
          long.class,
          long.class,
          long.class,
          StackTraceElement[].class,
          Object[].class,
          int[].class,
          Object[].class);
  private static final MethodHandle FILL =
      Trusted.ofStatic(
          IMPL, "getThreadInfo1", void.class, long[].class, int.class, ThreadInfo[].class);
  private static final MethodHandle DUMP =
      Trusted.ofStatic(
          IMPL,
          "dumpThreads0",
          ThreadInfo[].class,
          long[].class,
          boolean.class,
          boolean.class,
          int.class);
  private static final MethodHandle RESET_PEAK =
      Trusted.ofStatic(IMPL, "resetPeakThreadCount0", void.class);
  private static final MethodHandle TOTAL =
      Trusted.ofVirtual(VM, "getTotalThreadCount", long.class)
          .asType(MethodType.methodType(long.class, Object.class));
  private static final MethodHandle CPU_ENABLED =
      Trusted.ofVirtual(VM, "isThreadCpuTimeEnabled", boolean.class)
          .asType(MethodType.methodType(boolean.class, Object.class));

  private static final Object[] NONE = {};
  private static final int[] NO_DEPTHS = {};

  private ThreadInfos() {}

  /**
   * Fills in what is known of these threads; null stays for those that don't live.
   *
   * @param maxDepth frames, -1 for all
   */
  static void fill(long[] ids, int maxDepth, ThreadInfo[] result) {
    try {
      FILL.invokeExact(ids, maxDepth, result);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    complete(ids, maxDepth < 0 ? Integer.MAX_VALUE : maxDepth, false, false, result);
  }

  /**
   * The same with locks.
   *
   * @param ids of the threads, or null for all
   */
  static ThreadInfo[] dump(
      long @Nullable [] ids, boolean monitors, boolean synchronizers, int maxDepth) {
    if (ids == null) {
      Thread[] threads = ThreadSeams.getThreads();
      ids = new long[threads.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = threads[i].threadId();
      }
    }
    try {
      ThreadInfo[] result = (ThreadInfo[]) DUMP.invokeExact(ids, monitors, synchronizers, maxDepth);
      complete(ids, maxDepth, monitors, synchronizers, result);
      return result;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  private static void complete(
      long[] ids, int maxDepth, boolean monitors, boolean synchronizers, ThreadInfo[] result) {
    HashMap<Long, Integer> wanted = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      wanted.put(ids[i], i);
    }
    Snapshots all = new Snapshots();
    for (Thread thread : Facade.Live.facades()) {
      if (wanted.containsKey(thread.threadId())) {
        Snapshot snapshot = all.of(thread);
        if (snapshot != null) {
          result[wanted.get(thread.threadId())] =
              info(snapshot, maxDepth, monitors, synchronizers, all);
        }
      }
    }
    // An id may be there twice; the map has the last.
    for (int i = 0; i < ids.length; i++) {
      result[i] = result[wanted.get(ids[i])];
    }
    // A platform thread that waits for a facade's monitor: the VM knows no owner, or the carrier.
    for (ThreadInfo info : result) {
      if (info != null && info.getThreadState() == Thread.State.BLOCKED && all.isUnknown(info)) {
        correctOwner(info, all);
      }
    }
  }

  private static ThreadInfo info(
      Snapshot snapshot, int maxDepth, boolean monitors, boolean synchronizers, Snapshots all) {
    StackTraceElement[] stack = snapshot.stack;
    if (stack.length > maxDepth) {
      stack = Arrays.copyOf(stack, maxDepth);
    }
    Thread owner = null;
    if (snapshot.monitorAwaited() != null) {
      owner = all.ownerOf(snapshot.monitorAwaited());
    } else if (snapshot.synchronizerAwaited() != null) {
      owner = Snapshot.ownerOf(snapshot.synchronizerAwaited());
    }
    Object[] held = NONE;
    int[] depths = NO_DEPTHS;
    if (monitors) {
      int count = 0;
      while (count < snapshot.depths.length && snapshot.depths[count] < stack.length) {
        count++;
      }
      held = Arrays.copyOf(snapshot.monitors, count);
      depths = Arrays.copyOf(snapshot.depths, count);
    }
    Object[] owned = synchronizers ? all.synchronizersOf(snapshot.thread) : NONE;
    Facade facade = ThreadSlot.facade(snapshot.thread);
    long blocked = facade.blocks;
    long waited = facade.runs - blocked;
    try {
      return (ThreadInfo)
          NEW.invokeExact(
              snapshot.thread,
              snapshot.status,
              snapshot.blocker,
              owner,
              snapshot.isBlocked() ? Math.max(1, blocked) : blocked,
              -1L,
              Math.max(0, waited),
              -1L,
              stack,
              held,
              depths,
              owned);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  private static void correctOwner(ThreadInfo info, Snapshots all) {
    for (Thread thread : all.threads()) {
      if (thread.threadId() == info.getThreadId()) {
        Snapshot snapshot = all.of(thread);
        Object monitor = snapshot == null ? null : snapshot.monitorAwaited();
        Thread owner = monitor == null ? null : all.ownerOf(monitor);
        if (owner != null) {
          Jdk.U.putLong(info, OWNER_ID, owner.threadId());
          Jdk.U.putReference(info, OWNER_NAME, owner.getName());
        }
        return;
      }
    }
  }

  static void resetVmPeak() {
    try {
      RESET_PEAK.invokeExact();
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  static long vmTotal(Object vm) {
    try {
      return (long) TOTAL.invokeExact(vm);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  static boolean isVmCpuTimeEnabled(Object vm) {
    try {
      return (boolean) CPU_ENABLED.invokeExact(vm);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Snapshots of one call, each taken when it is needed. */
  private static final class Snapshots {
    private final HashMap<Thread, Snapshot> taken = new HashMap<>();
    private Thread @Nullable [] threads;

    /** Owners, once somebody has asked for one. */
    private @Nullable IdentityHashMap<Object, Thread> monitors;

    private @Nullable IdentityHashMap<Object, @Nullable Thread> synchronizers;

    Thread[] threads() {
      if (threads == null) {
        threads = ThreadSeams.getThreads();
      }
      return threads;
    }

    @Nullable Snapshot of(Thread thread) {
      Snapshot snapshot = taken.get(thread);
      if (snapshot == null) {
        snapshot = Snapshot.of(thread);
        taken.put(thread, snapshot);
      }
      return snapshot;
    }

    /** Looks at every thread: the VM has no way from a monitor to its owner that Java could go. */
    @Nullable Thread ownerOf(Object monitor) {
      if (monitors == null) {
        monitors = new IdentityHashMap<>();
        for (Thread thread : threads()) {
          Snapshot snapshot = of(thread);
          for (int i = 0; snapshot != null && i < snapshot.monitors.length; i++) {
            monitors.put(snapshot.monitors[i], thread);
          }
        }
      }
      return monitors.get(monitor);
    }

    /**
     * Those that somebody waits for. The VM finds the others by walking the heap, for platform
     * threads only.
     */
    Object[] synchronizersOf(Thread owner) {
      if (synchronizers == null) {
        synchronizers = new IdentityHashMap<>();
        for (Thread thread : threads()) {
          Snapshot snapshot = of(thread);
          Object synchronizer = snapshot == null ? null : snapshot.synchronizerAwaited();
          if (synchronizer != null) {
            synchronizers.put(synchronizer, Snapshot.ownerOf(synchronizer));
          }
        }
      }
      ArrayList<Object> found = new ArrayList<>();
      for (Map.Entry<Object, @Nullable Thread> entry : synchronizers.entrySet()) {
        if (entry.getValue() == owner) {
          found.add(entry.getKey());
        }
      }
      return found.toArray();
    }

    /** Whether the owner that the VM gives is none that the app may see. */
    boolean isUnknown(ThreadInfo info) {
      long owner = info.getLockOwnerId();
      if (owner < 0) {
        return true;
      }
      for (Thread thread : threads()) {
        if (thread.threadId() == owner) {
          return false;
        }
      }
      return true;
    }
  }
}
