package dev.husk.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What programs print, as the benchmarks read it. */
final class ParsersTest {
  @Test
  void metricLinesOfAProbe() {
    assertEquals(
        Map.of("ns", 131.5, "p99.9", 4e7),
        ProbeBenchmark.parse(List.of("hello", "metric ns 131.5", "metric p99.9 4.0E7", "metric")));
    assertThrows(IllegalArgumentException.class, () -> ProbeBenchmark.parse(List.of("hello")));
  }

  @Test
  void timesOfBash() {
    Map<String, Double> means =
        StartupBenchmark.parse(List.of("0.041 0.040 0.018", "a warning", "0.043 0.042 0.020"));
    assertEquals(42, means.get("wall"), 1e-9);
    assertEquals(60, means.get("cpu"), 1e-9);
    assertThrows(
        IllegalArgumentException.class, () -> StartupBenchmark.parse(List.of("not found")));
  }

  @Test
  void benchmarksHaveNamesOfTheirOwnAndBarsOnWhatTheyMeasure() {
    Set<String> names = new HashSet<>();
    for (Benchmark benchmark : Suite.all()) {
      assertEquals(true, names.add(benchmark.name()), benchmark.name());
      Set<String> variants = new HashSet<>();
      benchmark.variants().forEach(variant -> variants.add(variant.name()));
      assertEquals(benchmark.variants().size(), variants.size(), benchmark.name());
      Set<String> metrics = new HashSet<>();
      benchmark.metrics().forEach(metric -> metrics.add(metric.name()));
      for (Bar bar : benchmark.bars()) {
        assertEquals(true, metrics.contains(bar.metric()), benchmark.name() + " " + bar);
        assertEquals(true, variants.contains(bar.variant()), benchmark.name() + " " + bar);
        assertEquals(true, variants.contains(bar.peer()), benchmark.name() + " " + bar);
      }
    }
  }
}
