package dev.husk.bench.suite;

import dev.husk.bench.measure.Children;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import dev.husk.bench.probe.Hello;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What starting and ending a small program costs: user plus system time and wall time of whole
 * processes, one after the other.
 */
final class StartupBenchmark implements Benchmark {
  private static final String WITHOUT_MEMORY = "husk, memory=off";

  /** Runs per round; the median over the rounds is one of means over these. */
  private static final int RUNS = 10;

  private static final Duration LIMIT = Duration.ofSeconds(30L * RUNS);

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String title() {
    return "CPU and wall time of a hello-world process";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(new Metric("cpu", "CPU ms", 1), new Metric("wall", "wall ms", 1));
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        Variant.stock("stock", Hello.class),
        Variant.husk("husk", Hello.class),
        Variant.husk(WITHOUT_MEMORY, Hello.class).withJvmArgs("-Dhusk.memory=off"));
  }

  @Override
  public List<Bar> bars() {
    return List.of(
        Bar.difference("cpu", "husk", 100, "stock"),
        Bar.difference("cpu", "husk", 1, WITHOUT_MEMORY));
  }

  @Override
  public int secondsPerRound(Setup setup) {
    return 2;
  }

  @Override
  public Session open(Setup setup, List<Variant> ready) {
    return variant -> run(variant, setup);
  }

  private static Map<String, Double> run(Variant variant, Setup setup)
      throws IOException, InterruptedException {
    // A long class path is opened jar by jar; Hello alone is what a small program would have.
    String own =
        Path.of(Hello.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    Setup small =
        new Setup(
            setup.java(),
            own,
            setup.agent(),
            setup.agentOptions(),
            setup.jvmArgs(),
            setup.rounds(),
            setup.measure(),
            setup.warmUp());
    // bash reads what getrusage tells of a child to the millisecond; /proc has steps of ten.
    List<String> command = new ArrayList<>();
    command.add("bash");
    command.add("-c");
    command.add(
        "TIMEFORMAT='%R %U %S'; for i in $(seq "
            + RUNS
            + "); do"
            + " { time \"$@\" >/dev/null; } 2>&1 || exit 1; done");
    command.add("startup");
    command.addAll(variant.command(small, List.of()));
    try (Children children = new Children()) {
      return parse(children.run(command, LIMIT));
    }
  }

  /** Means of bash's {@code wall user system} lines, in ms. */
  static Map<String, Double> parse(List<String> lines) {
    double wall = 0;
    double cpu = 0;
    int count = 0;
    for (String line : lines) {
      if (line.matches("[0-9.]+ [0-9.]+ [0-9.]+")) {
        String[] seconds = line.split(" ");
        wall += Double.parseDouble(seconds[0]) * 1000;
        cpu += (Double.parseDouble(seconds[1]) + Double.parseDouble(seconds[2])) * 1000;
        count++;
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException("no times in: " + lines);
    }
    Map<String, Double> means = new HashMap<>();
    means.put("wall", wall / count);
    means.put("cpu", cpu / count);
    return means;
  }
}
