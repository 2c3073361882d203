package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * What threads use of the machine, for those who ask the platform's {@code ThreadMXBean}: CPU time
 * and bytes allocated.
 *
 * <p>The kernel and the VM know both per carrier only. A carrier books the time of each run anyway,
 * by the clock on the wall; that is CPU time as long as the run neither blocks in a native call nor
 * loses its processor to another process, and it can't do much of that in a short run. So once
 * somebody has got hold of the bean, the carrier reads its CPU clock after each run of more than
 * {@link #LONG_RUN}, and what the run didn't use of the processor comes off. Before that, and for
 * shorter runs, time is time on a carrier.
 *
 * <p>The VM's count of bytes is read after each run, from the first time on that somebody asks for
 * it; until then nothing is counted.
 */
final class Usage {
  /** Runs longer than this are measured by the CPU clock, which costs a system call; ns. */
  private static final long LONG_RUN = 100_000;

  /**
   * The kernel counts time in user mode in ticks of 10 ms: of less than this a share says nothing;
   * ns.
   */
  private static final long LEAST_SHARED = 100_000_000;

  /** Whether carriers call {@link #ran}. Plain: a carrier may see it late. */
  static boolean on;

  private static boolean cpu;
  private static boolean bytes;

  private Usage() {}

  /** Called when the app gets the bean. */
  static void measureCpu() {
    Jdk.U.ensureClassInitialized(Vm.class);
    cpu = true;
    on = true;
  }

  private static void measureBytes() {
    if (!bytes) {
      Jdk.U.ensureClassInitialized(Vm.class);
      bytes = true;
      on = true;
    }
  }

  /** A task has stopped running; called by the carrier, which runs none now. */
  static void ran(Carrier carrier, Task task, long nanos) {
    try {
      if (bytes) {
        long now = (long) Vm.BYTES.invokeExact(0L);
        long base = carrier.bytesBase;
        if (base >= 0) {
          task.allocated += now - base;
        }
        carrier.bytesBase = now;
      }
      if (nanos < LONG_RUN) {
        carrier.shortRuns += nanos;
      } else if (cpu) {
        long now = (long) Vm.CPU.invokeExact(0L);
        long base = carrier.cpuBase;
        if (base >= 0) {
          task.offCpu += nanos - clamp(now - base - carrier.shortRuns, nanos);
        }
        carrier.cpuBase = now;
        carrier.shortRuns = 0;
      }
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  private static long clamp(long value, long max) {
    return value < 0 ? 0 : Math.min(value, max);
  }

  /** CPU time of a facade, ns. Any thread. */
  static long cpuTime(Facade facade) {
    measureCpu();
    long time = facade.consumed - facade.offCpu;
    Carrier carrier = carrierOf(facade);
    if (carrier != null) {
      long run = Math.max(0, System.nanoTime() - carrier.runStart);
      long base = carrier.cpuBase;
      time += base < 0 ? run : clamp(vmCpuTime(carrier.threadId()) - base - carrier.shortRuns, run);
    }
    return Math.max(0, time);
  }

  /** The same in user mode: by the share of that in all carriers' time, which the kernel knows. */
  static long userTime(Facade facade) {
    long all = 0;
    long user = 0;
    for (Thread carrier : Placement.husksThreads()) {
      all += Math.max(0, vmCpuTime(carrier.threadId()));
      user += Math.max(0, vmUserTime(carrier.threadId()));
    }
    long time = cpuTime(facade);
    return all < LEAST_SHARED ? time : (long) (time * Math.min(1.0, (double) user / all));
  }

  /** Bytes that a facade has allocated since somebody first asked. Any thread. */
  static long allocated(Facade facade) {
    measureBytes();
    long count = facade.allocated;
    Carrier carrier = carrierOf(facade);
    if (carrier != null) {
      boolean mine = Jdk.JLA.currentCarrierThread() == carrier;
      long now = vmBytes(mine ? 0 : carrier.threadId());
      long base = carrier.bytesBase;
      if (base >= 0 && now >= 0) {
        count += now - base;
      } else if (mine) {
        carrier.bytesBase = now;
      }
    }
    return count;
  }

  /** The carrier that runs it now, or null. */
  private static @Nullable Carrier carrierOf(Facade facade) {
    Thread virtual = facade.thread();
    return virtual != null
            && Jdk.U.getReferenceVolatile(virtual, Vm.CARRIER) instanceof Carrier carrier
            && carrier.current == facade
        ? carrier
        : null;
  }

  // The VM's own figures of platform threads; id 0 is the current one.

  static long vmCpuTime(long id) {
    try {
      return (long) Vm.CPU.invokeExact(id);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  static long vmUserTime(long id) {
    try {
      return (long) Vm.USER.invokeExact(id);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  static long vmBytes(long id) {
    try {
      return (long) Vm.BYTES.invokeExact(id);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Looked up by the first who asks, never by a carrier. */
  private static final class Vm {
    static final long CARRIER = Jdk.U.objectFieldOffset(Jdk.VIRTUAL_THREAD, "carrierThread");
    private static final Class<?> IMPL = Jdk.find("sun.management.ThreadImpl");
    static final MethodHandle CPU =
        Trusted.ofStatic(IMPL, "getThreadTotalCpuTime0", long.class, long.class);
    static final MethodHandle USER =
        Trusted.ofStatic(IMPL, "getThreadUserCpuTime0", long.class, long.class);
    static final MethodHandle BYTES =
        Trusted.ofStatic(IMPL, "getThreadAllocatedMemory0", long.class, long.class);
  }
}
