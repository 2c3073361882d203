package dev.husk.ab.measure;

import dev.husk.ab.host.Host;
import dev.husk.ab.host.Launch;
import dev.husk.ab.host.ProcessStat;
import dev.husk.ab.host.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What a reader has to know of the machine to judge figures, some of it from minute to minute. */
public final class Environment {
  private Environment() {}

  /**
   * Looks at the machine, which takes a moment for each JDK.
   *
   * @param host where the apps run
   * @param limits what they may use
   * @param agent Husk's jar
   * @param jdks the JDK's directory by variant, without those whose image hides it
   * @return name and value, in the order of display
   */
  public static Map<String, String> describe(
      Host host, Launch.Limits limits, Path agent, Map<String, Path> jdks)
      throws InterruptedException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("CPU", cpuModel());
    all.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("memory", memory(lines("/proc/meminfo")));
    all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("machine", machine());
    all.put("time taken by its host", stolen());
    all.put("load average", text("/proc/loadavg", "unknown"));
    all.put(
        "frequency governor",
        text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "unknown"));
    all.put("turbo", turbo());
    all.put(
        "transparent huge pages",
        chosen(text("/sys/kernel/mm/transparent_hugepage/enabled", "unknown")));
    all.put("apps run in", host.describe());
    all.put("limits", limits(limits));
    all.put("Husk", huskVersion(agent));
    Map<Path, String> versions = new LinkedHashMap<>();
    for (Map.Entry<String, Path> jdk : jdks.entrySet()) {
      String version = versions.get(jdk.getValue());
      if (version == null) {
        version = javaVersion(jdk.getValue());
        versions.put(jdk.getValue(), version);
      }
      all.put("JDK of " + jdk.getKey(), version);
    }
    return all;
  }

  /** The first processor's name. */
  public static String cpuModel() {
    return cpuModel(lines("/proc/cpuinfo"));
  }

  /** CPU time that the host of a virtual machine has taken from it since boot, in 1/100 s. */
  public static long stolenTicks() {
    return MachineTime.now().stolen();
  }

  /** The first processor's name in {@code /proc/cpuinfo}. */
  static String cpuModel(List<String> cpuinfo) {
    return value(cpuinfo, "model name", "unknown");
  }

  /** The memory in {@code /proc/meminfo}. */
  static String memory(List<String> meminfo) {
    String total = value(meminfo, "MemTotal", "");
    if (!total.endsWith(" kB")) {
      return "unknown";
    }
    return "%,d MB"
        .formatted(Long.parseLong(total.substring(0, total.length() - 3).strip()) / 1024);
  }

  /** The choice in the brackets of {@code always [madvise] never}. */
  static String chosen(String text) {
    int open = text.indexOf('[');
    int close = text.indexOf(']');
    return open >= 0 && close > open ? text.substring(open + 1, close) : text;
  }

  /** Limits in words. */
  static String limits(Launch.Limits limits) {
    StringBuilder words = new StringBuilder();
    if (limits.cpus() != 0) {
      words.append(String.format(Locale.ROOT, "%s processors' time, ", limits.cpus()));
    }
    if (!limits.cpuSet().isEmpty()) {
      words.append("processors ").append(limits.cpuSet()).append(", ");
    }
    if (limits.memoryMegabytes() != 0) {
      words.append(limits.memoryMegabytes()).append(" MB, ");
    }
    return words.isEmpty() ? "none" : words.substring(0, words.length() - 2);
  }

  private static String machine() {
    String vendor = text("/sys/class/dmi/id/sys_vendor", "");
    String product = text("/sys/class/dmi/id/product_name", "");
    boolean virtual =
        (" " + value(lines("/proc/cpuinfo"), "flags", "") + " ").contains(" hypervisor ");
    StringBuilder words = new StringBuilder(virtual ? "virtual" : "no sign of a hypervisor");
    if (!vendor.isEmpty() || !product.isEmpty()) {
      words.append(": ").append((vendor + " " + product).strip());
    }
    if (Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))) {
      words.append("; this program runs in a container");
    }
    return words.toString();
  }

  private static String stolen() {
    MachineTime time = MachineTime.now();
    return String.format(
        Locale.ROOT,
        "%.2f %% since boot, %.0f s",
        100.0 * time.stolen() / time.all(),
        time.stolen() / ProcessStat.TICKS_PER_SECOND);
  }

  private static String turbo() {
    // Intel's driver says what is off, the others what is on.
    String off = text("/sys/devices/system/cpu/intel_pstate/no_turbo", "");
    String on = text("/sys/devices/system/cpu/cpufreq/boost", "");
    if (off.isEmpty() && on.isEmpty()) {
      return "unknown";
    }
    return off.equals("0") || on.equals("1") ? "on" : "off";
  }

  private static String huskVersion(Path agent) {
    try (JarFile jar = new JarFile(agent.toFile())) {
      Manifest manifest = jar.getManifest();
      String version =
          manifest == null ? null : manifest.getMainAttributes().getValue("Implementation-Version");
      return (version == null ? "unknown version" : version) + ", " + agent.toAbsolutePath();
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static String javaVersion(Path home) throws InterruptedException {
    Path java = home.resolve("bin/java");
    if (Programs.find(java.toString()) == null) {
      return home + " (no bin/java there)";
    }
    try {
      Process process =
          new ProcessBuilder(java.toString(), "-version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      // The second line names the build: "OpenJDK Runtime Environment Temurin-25.0.3+9 (build …)".
      List<String> lines = text.lines().filter(line -> !line.startsWith("Picked up ")).toList();
      return (lines.size() > 1 ? lines.get(1) : text.strip()) + ", " + home;
    } catch (IOException e) {
      return home + " (" + e.getMessage() + ")";
    }
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String text(String file, String otherwise) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? otherwise : lines.getFirst().strip();
  }

  private static String value(List<String> lines, String name, String otherwise) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return otherwise;
  }
}
