package dev.husk.bench.suite;

import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs a benchmark's variants in turn, round by round: A B C, A B C, … */
public final class Runner {
  private final Setup setup;
  private final Predicate<Variant> wanted;
  private final Consumer<String> progress;

  /** A runner of some variants that tells {@code progress} what it does, a line at a time. */
  public Runner(Setup setup, Predicate<Variant> wanted, Consumer<String> progress) {
    this.setup = setup;
    this.wanted = wanted;
    this.progress = progress;
  }

  /** Runs all rounds. A variant that fails is left out from there on; the others go on. */
  public Result run(Benchmark benchmark) throws IOException, InterruptedException {
    Result result = new Result(benchmark);
    List<Variant> variants =
        benchmark.variants().stream()
            .filter(variant -> !variant.husk() || setup.agent() != null)
            .filter(wanted)
            .toList();
    int seconds = benchmark.secondsPerRound(setup) * variants.size() * setup.rounds();
    progress.accept("%s: about %d s".formatted(benchmark.name(), seconds));
    Metric first = benchmark.metrics().getFirst();
    try (Benchmark.Session session = benchmark.open(setup, variants)) {
      for (int round = 1; round <= setup.rounds(); round++) {
        for (Variant variant : variants) {
          if (result.failures().containsKey(variant.name())) {
            continue;
          }
          String figure;
          try {
            Map<String, Double> figures = session.measure(variant);
            result.add(variant.name(), figures);
            figure = first.format(figures.get(first.name())) + " " + first.title();
          } catch (IOException | IllegalArgumentException e) {
            result.fail(variant.name(), String.valueOf(e.getMessage()));
            figure = "failed: " + e.getMessage();
          }
          progress.accept(
              "  round %d of %d, %s: %s".formatted(round, setup.rounds(), variant.name(), figure));
        }
      }
    }
    return result;
  }
}
