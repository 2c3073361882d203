package dev.husk.bench.suite;

import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import dev.husk.bench.probe.CoreToCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one has to know of the machine to judge a figure, some of it from minute to minute. */
public final class Machine {
  private Machine() {}

  /**
   * Looks at the machine: cores, CPU, kernel, load, CPU time stolen by the host since boot, and the
   * core-to-core round trip of this minute (half a second of spinning).
   */
  public static Map<String, Object> describe(Setup setup) throws InterruptedException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("cpu", cpuModel());
    machine.put("kernel", System.getProperty("os.version"));
    machine.put("jdk", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    machine.put("load", firstWord("/proc/loadavg"));
    machine.put("stolen ticks", stolenTicks());
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

  private static String cpuModel() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // No /proc: said as unknown.
    }
    return "unknown";
  }

  private static String firstWord(String file) {
    try {
      return Files.readString(Path.of(file)).split(" ")[0];
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String stolenTicks() {
    try {
      // "cpu" user nice system idle iowait irq softirq steal …
      return Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +")[8];
    } catch (IOException e) {
      return "unknown";
    }
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
