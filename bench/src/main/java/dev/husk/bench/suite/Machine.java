package dev.husk.bench.suite;

import dev.husk.ab.measure.Environment;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import dev.husk.bench.probe.CoreToCore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one has to know of the machine to judge a figure, some of it from minute to minute. */
public final class Machine {
  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  private Machine() {}

  /**
   * Looks at the machine: cores, CPU, kernel, load, CPU time stolen by the host since boot, and the
   * core-to-core round trip of this minute (half a second of spinning).
   */
  public static Map<String, Object> describe(Setup setup) throws InterruptedException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("cpu", Environment.cpuModel());
    machine.put("kernel", System.getProperty("os.version"));
    machine.put("jdk", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    machine.put("load", "%.2f".formatted(SYSTEM.getSystemLoadAverage()));
    machine.put("stolen ticks", Environment.stolenTicks());
    machine.put("core to core ns", coreToCore(setup));
    return machine;
  }

  /** The same in a line. */
  public static String toLine(Map<String, Object> machine) {
    StringBuilder line = new StringBuilder();
    machine.forEach(
        (key, value) -> line.append(line.isEmpty() ? "" : ", ").append(key + " " + value));
    return line.toString();
  }

  private static Object coreToCore(Setup setup) throws InterruptedException {
    Variant probe = Variant.stock("core to core", CoreToCore.class);
    try {
      return Math.round(ProbeBenchmark.run(probe, setup).getOrDefault("ns", Double.NaN));
    } catch (IOException | IllegalArgumentException e) {
      return "unknown";
    }
  }
}
