package dev.husk.bench.suite;

import dev.husk.bench.measure.Children;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A benchmark whose every round is one run of a probe in a JVM of its own, so that what a JIT
 * compiler or the kernel happens to decide in one process is part of the spread.
 */
record ProbeBenchmark(
    String name, String title, List<Metric> metrics, List<Variant> variants, List<Bar> bars)
    implements Benchmark {

  private static final Duration SPARE = Duration.ofSeconds(60);

  @Override
  public int secondsPerRound(Setup setup) {
    return setup.measureSeconds() * 3 / 2 + (int) setup.warmUp().toSeconds() + 1;
  }

  @Override
  public Session open(Setup setup, List<Variant> ready) {
    return variant -> run(variant, setup);
  }

  static Map<String, Double> run(Variant variant, Setup setup)
      throws IOException, InterruptedException {
    List<String> times =
        List.of("seconds=" + setup.measureSeconds(), "warmUp=" + setup.warmUp().toSeconds());
    Duration limit = setup.measure().multipliedBy(2).plus(setup.warmUp()).plus(SPARE);
    try (Children children = new Children()) {
      return parse(children.run(variant.command(setup, times), limit));
    }
  }

  /** The {@code metric <name> <value>} lines of a probe. */
  static Map<String, Double> parse(List<String> lines) {
    Map<String, Double> metrics = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("metric")) {
        metrics.put(words[1], Double.valueOf(words[2]));
      }
    }
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("no metric lines in: " + lines);
    }
    return metrics;
  }
}
