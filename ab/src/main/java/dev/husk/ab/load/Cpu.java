package dev.husk.ab.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

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
   * @param waited the part of the time in which threads were ready to run and had no processor, of
   *     all that it depends on together; NaN where unknown
   */
  record Use(double seconds, double busiest, double ofProcessors, double waited) {}

  /** Of this process since it was started, ns. */
  static long ofProcess() {
    return SYSTEM.getProcessCpuTime();
  }

  /** Of this thread since it was started, ns. */
  static long ofThread() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** For how long this thread was ready to run and had no processor, ns; NaN where unknown. */
  static double waitOfThread() {
    return waited(Path.of("/proc/thread-self/schedstat"));
  }

  /** The same of all threads of this process. */
  static double waitOfThreads() {
    double sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        double waited = waited(task.resolve("schedstat"));
        sum += Double.isNaN(waited) ? 0 : waited; // It ended meanwhile.
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    return sum == 0 ? Double.NaN : sum;
  }

  private static double waited(Path schedstat) {
    try {
      // ns on a processor, ns in a queue for one, times on one
      return Double.parseDouble(Files.readString(schedstat).split(" ")[1]);
    } catch (IOException e) {
      return Double.NaN; // A kernel without these figures.
    }
  }

  /** The use since some moment. */
  static Use since(long process, long nanos, double busiest, double waited) {
    long used = ofProcess() - process;
    int processors = Runtime.getRuntime().availableProcessors();
    return new Use(used / 1e9, busiest, (double) used / Math.max(1, nanos) / processors, waited);
  }
}
