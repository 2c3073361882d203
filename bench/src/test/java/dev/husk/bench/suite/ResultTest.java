package dev.husk.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the rounds to the table, with figures that are made up. */
final class ResultTest {
  private static final Benchmark.Session NONE = variant -> Map.of();

  private static Benchmark benchmark(Benchmark.Session session) {
    return new Benchmark() {
      @Override
      public String name() {
        return "made-up";
      }

      @Override
      public String title() {
        return "made-up figures";
      }

      @Override
      public List<Metric> metrics() {
        return List.of(new Metric("ns", "mean ns", 0), new Metric("p99", "p99 ns", 1));
      }

      @Override
      public List<Variant> variants() {
        return List.of(Variant.stock("platform", String.class), Variant.husk("husk", String.class));
      }

      @Override
      public List<Bar> bars() {
        return List.of(
            Bar.atMost("ns", "husk", 0.5, "platform"), Bar.atLeast("p99", "husk", 1, "gone"));
      }

      @Override
      public Session open(Setup setup, List<Variant> variants) {
        return session;
      }
    };
  }

  private static Setup setup(boolean agent) {
    return new Setup(
        Path.of("java"),
        "",
        agent ? Path.of("husk.jar") : null,
        "",
        List.of(),
        3,
        Duration.ofSeconds(1),
        Duration.ZERO);
  }

  @Test
  void barsCompareWithinARoundAndTakeTheMedian() {
    Result result = new Result(benchmark(NONE));
    // The machine halves its speed in the second round: each round's ratio stays 0.4 to 0.5.
    double[][] rounds = {{100, 40}, {200, 90}, {100, 50}};
    for (double[] round : rounds) {
      result.add("platform", Map.of("ns", round[0]));
      result.add("husk", Map.of("ns", round[1]));
    }
    Bar bar = Bar.atMost("ns", "husk", 0.5, "platform");
    assertEquals(0.45, result.value(bar), 1e-9);
    assertTrue(bar.met(result.value(bar)));
    assertFalse(bar.met(0.51));
    assertEquals(100, result.median("platform", "ns"));
  }

  @Test
  void differencesAndLowerBounds() {
    Bar cpu = Bar.difference("cpu", "husk", 100, "stock");
    assertEquals(90, cpu.value(150, 60));
    assertTrue(cpu.met(90));
    assertFalse(cpu.met(101));
    Bar rate = Bar.atLeast("requests/s", "husk", 1, "netty");
    assertTrue(rate.met(rate.value(120, 100)));
    assertFalse(rate.met(rate.value(99, 100)));
  }

  @Test
  void variantsAreInterleavedAndAFailingOneIsLeftOut() throws Exception {
    List<String> order = new ArrayList<>();
    Result result =
        new Runner(setup(true), variant -> true, line -> {})
            .run(
                benchmark(
                    variant -> {
                      order.add(variant.name());
                      if (variant.husk() && order.size() > 2) {
                        throw new IOException("it died");
                      }
                      return Map.of("ns", 1.0, "p99", 2.0);
                    }));
    assertEquals(List.of("platform", "husk", "platform", "husk", "platform"), order);
    assertEquals(Map.of("husk", "husk: it died"), result.failures());
    assertEquals(3, result.rounds("platform", "ns").size());
    assertTrue(Table.of(result).contains("FAILED husk: it died"), Table.of(result));
  }

  @Test
  void withoutAnAgentOnlyTheStockSidesRun() throws Exception {
    Result result =
        new Runner(setup(false), variant -> true, line -> {})
            .run(benchmark(variant -> Map.of("ns", 1.0)));
    assertEquals(List.of("platform"), result.variants());
  }

  @Test
  void theTableShowsMediansSpreadAndBars() {
    Result result = new Result(benchmark(NONE));
    for (double ns : new double[] {1000, 2000, 1500}) {
      result.add("platform", Map.of("ns", ns, "p99", ns * 2));
      result.add("husk", Map.of("ns", ns / 4, "p99", 0.25));
    }
    assertEquals(
        """
        made-up: made-up figures
                    mean ns   p99 ns  spread
          platform    1,500  3,000.0    67 %
          husk          375    0.250    67 %
          ns: husk <= 0.500 x platform  ->  0.250, met
          p99: husk >= 1 x gone  ->  not measured
        """,
        Table.of(result));
  }

  @Test
  void mediansAndSpreadsOfTheRounds() {
    Result result = new Result(benchmark(NONE));
    for (double ns : new double[] {13, 8, 10, 10}) {
      result.add("platform", Map.of("ns", ns, "p99", 0.0));
    }
    result.add("husk", Map.of("ns", 8.0));
    assertEquals(10, result.median("platform", "ns"));
    assertEquals(0.5, result.spread("platform", "ns"));
    assertEquals(0, result.spread("platform", "p99"));
    assertEquals(0, result.spread("husk", "ns"));
    assertTrue(Double.isNaN(result.median("gone", "ns")));
  }

  @Test
  void jsonHasEveryRound(@TempDir Path directory) throws Exception {
    Result result = new Result(benchmark(NONE));
    result.add("platform", Map.of("ns", 3.5));
    result.fail("husk", "said \"no\"\n");
    Path file = directory.resolve("results.json");
    Json.write(Map.of("cores", 2), List.of(result), file);
    String json = Files.readString(file);
    String flat = json.replaceAll("\\s+", "");
    assertTrue(flat.startsWith("{\"machine\":{\"cores\":2},\"benchmarks\":[{"), json);
    assertTrue(flat.contains("\"rounds\":{\"platform\":{\"ns\":[3.5]}}"), json);
    assertTrue(flat.contains("\"value\":null,\"met\":null"), json);
    assertTrue(flat.contains("{\"husk\":\"husk:said\\\"no\\\"\\n\"}"), json);
  }
}
