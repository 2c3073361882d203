package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.lang.management.ThreadInfo;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The seams under the platform's {@code ThreadMXBean}, which the VM answers for platform threads
 * only: facades come in, Husk's own threads go out.
 *
 * <p>All of them are optional: a run-time image may lack the module {@code java.management}. The
 * classes here are loaded on the first call of a rewritten class of that module, so never without
 * it.
 */
public final class ManagementSeams {
  private static final String IMPL = "sun.management.ThreadImpl";
  private static final String VM = "sun.management.VMManagement";

  /** The live ones when it was made: tools ask for one thread after another. */
  private static volatile WeakReference<HashMap<Long, Facade>> byId = new WeakReference<>(null);

  private ManagementSeams() {}

  // Counts

  @Replaces(
      type = VM,
      method = "getLiveThreadCount",
      descriptor = "()I",
      in = IMPL + "#getThreadCount",
      optional = true,
      group = THREADS)
  public static int liveThreads(Object vm) {
    return ThreadSeams.getThreads().length;
  }

  /** Of facades the peak is exact; platform threads count as they are now. */
  @Replaces(
      type = VM,
      method = "getPeakThreadCount",
      descriptor = "()I",
      in = IMPL + "#getPeakThreadCount",
      optional = true,
      group = THREADS)
  public static int peakThreads(Object vm) {
    int live = ThreadSeams.getThreads().length;
    int facades = Facade.Live.facades().size();
    return live + Math.max(0, Facade.Live.peak() - facades);
  }

  @Replaces(
      type = IMPL,
      method = "resetPeakThreadCount0",
      descriptor = "()V",
      in = IMPL + "#resetPeakThreadCount",
      optional = true,
      group = THREADS)
  public static void resetPeak() {
    ThreadInfos.resetVmPeak();
    Facade.Live.resetPeak();
  }

  @Replaces(
      type = VM,
      method = "getTotalThreadCount",
      descriptor = "()J",
      in = IMPL + "#getTotalStartedThreadCount",
      optional = true,
      group = THREADS)
  public static long totalThreads(Object vm) {
    return ThreadInfos.vmTotal(vm) - Placement.left(Placement.Reason.HUSK) + Placement.served();
  }

  @Replaces(
      type = VM,
      method = "getDaemonThreadCount",
      descriptor = "()I",
      in = IMPL + "#getDaemonThreadCount",
      optional = true,
      group = THREADS)
  public static int daemonThreads(Object vm) {
    int count = 0;
    for (Thread thread : ThreadSeams.getThreads()) {
      if (thread.isDaemon()) {
        count++;
      }
    }
    return count;
  }

  // Infos

  @Replaces(
      type = IMPL,
      method = "getThreads",
      descriptor = "()[Ljava/lang/Thread;",
      in = IMPL + "#getAllThreadIds",
      optional = true,
      group = THREADS)
  public static Thread[] getThreads() {
    return ThreadSeams.getThreads();
  }

  /** -1 for the depth is the whole stack. */
  @Replaces(
      type = IMPL,
      method = "getThreadInfo1",
      in = IMPL + "#getThreadInfo",
      optional = true,
      group = THREADS)
  public static void getThreadInfo(long[] ids, int maxDepth, ThreadInfo[] result) {
    ThreadInfos.fill(ids, maxDepth, result);
  }

  @Replaces(
      type = IMPL,
      method = "dumpThreads0",
      in = {IMPL + "#getThreadInfo", IMPL + "#dumpAllThreads"},
      optional = true,
      group = THREADS)
  public static ThreadInfo[] dumpThreads(
      long[] ids, boolean lockedMonitors, boolean lockedSynchronizers, int maxDepth) {
    return ThreadInfos.dump(ids, lockedMonitors, lockedSynchronizers, maxDepth);
  }

  // Deadlocks

  @Replaces(
      type = IMPL,
      method = "findMonitorDeadlockedThreads0",
      descriptor = "()[Ljava/lang/Thread;",
      in = IMPL + "#findMonitorDeadlockedThreads",
      optional = true,
      group = THREADS)
  public static Thread[] findMonitorDeadlocks() {
    return Deadlocks.find(false);
  }

  @Replaces(
      type = IMPL,
      method = "findDeadlockedThreads0",
      descriptor = "()[Ljava/lang/Thread;",
      in = IMPL + "#findDeadlockedThreads",
      optional = true,
      group = THREADS)
  public static Thread[] findDeadlocks() {
    return Deadlocks.find(true);
  }

  // CPU time and allocation

  /** Read where the app gets the bean: from now on the carriers measure. */
  @Replaces(
      type = VM,
      method = "isThreadCpuTimeEnabled",
      descriptor = "()Z",
      in = IMPL + "#<init>",
      optional = true,
      group = THREADS)
  public static boolean isCpuTimeEnabled(Object vm) {
    Usage.measureCpu();
    return ThreadInfos.isVmCpuTimeEnabled(vm);
  }

  /** Id 0 is the current thread. */
  @Replaces(
      type = IMPL,
      method = "getThreadTotalCpuTime0",
      in = {IMPL + "#getCurrentThreadCpuTime", IMPL + "#getThreadCpuTime"},
      optional = true,
      group = THREADS)
  public static long cpuTime(long id) {
    Facade facade = facade(id);
    return facade == null ? Usage.vmCpuTime(id) : Usage.cpuTime(facade);
  }

  @Replaces(
      type = IMPL,
      method = "getThreadTotalCpuTime1",
      in = IMPL + "#getThreadCpuTime",
      optional = true,
      group = THREADS)
  public static void cpuTimes(long[] ids, long[] result) {
    for (int i = 0; i < ids.length; i++) {
      result[i] = cpuTime(ids[i]);
    }
  }

  @Replaces(
      type = IMPL,
      method = "getThreadUserCpuTime0",
      in = {IMPL + "#getCurrentThreadUserTime", IMPL + "#getThreadUserTime"},
      optional = true,
      group = THREADS)
  public static long userTime(long id) {
    Facade facade = facade(id);
    return facade == null ? Usage.vmUserTime(id) : Usage.userTime(facade);
  }

  @Replaces(
      type = IMPL,
      method = "getThreadUserCpuTime1",
      in = IMPL + "#getThreadUserTime",
      optional = true,
      group = THREADS)
  public static void userTimes(long[] ids, long[] result) {
    for (int i = 0; i < ids.length; i++) {
      result[i] = userTime(ids[i]);
    }
  }

  @Replaces(
      type = IMPL,
      method = "getThreadAllocatedMemory0",
      in = {IMPL + "#getCurrentThreadAllocatedBytes", IMPL + "#getThreadAllocatedBytes"},
      optional = true,
      group = THREADS)
  public static long allocated(long id) {
    Facade facade = facade(id);
    return facade == null ? Usage.vmBytes(id) : Usage.allocated(facade);
  }

  @Replaces(
      type = IMPL,
      method = "getThreadAllocatedMemory1",
      in = IMPL + "#getThreadAllocatedBytes",
      optional = true,
      group = THREADS)
  public static void allocated(long[] ids, long[] result) {
    for (int i = 0; i < ids.length; i++) {
      result[i] = allocated(ids[i]);
    }
  }

  private static @Nullable Facade facade(long id) {
    if (id == 0) {
      return Facade.current();
    }
    Facade current = Facade.current();
    if (current != null && current.thread.threadId() == id) {
      return current;
    }
    HashMap<Long, Facade> known = byId.get();
    Facade facade = known == null ? null : known.get(id);
    if (facade == null) {
      known = new HashMap<>();
      for (Thread thread : Facade.Live.facades()) {
        known.put(thread.threadId(), ThreadSlot.facade(thread));
      }
      byId = new WeakReference<>(known);
      facade = known.get(id);
    }
    return facade != null && facade.isAlive() ? facade : null;
  }
}
