package dev.husk.ab.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** CPU time that this process and its threads take. */
final class Cpu {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Cpu() {}

  /**
   * CPU time of a run.
   *
   * @param seconds of the whole process
   * @param busiest the part of one processor that the busiest thread had, 0 to 1
   * @param ofProcessors the part of all processors it may use that the process had, 0 to 1
   */
  record Use(double seconds, double busiest, double ofProcessors) {}

  /** Of this process since it was started, ns. */
  static long ofProcess() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Of this thread since it was started, ns. */
  static long ofThread() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** The use since some moment. */
  static Use since(long process, long nanos, double busiest) {
    long used = ofProcess() - process;
    int processors = Runtime.getRuntime().availableProcessors();
    return new Use(used / 1e9, busiest, (double) used / Math.max(1, nanos) / processors);
  }
}
