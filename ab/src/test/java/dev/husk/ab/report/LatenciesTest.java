package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.husk.ab.Round;
import dev.husk.ab.SampleRun;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void addsTheRoundsUp() {
    List<Round> rounds = SampleRun.two().good("husk");
    Histogram sum = Latencies.of(rounds).sum();
    assertEquals(6 * 20_000, sum.getTotalCount());
    double p50 = rounds.getFirst().figures().get("p50");
    assertEquals(p50, sum.getValueAtPercentile(50) / 1e6, 0.02 * p50);
  }

  @Test
  void readsAWholeLineOfALogToo() {
    Histogram histogram = new Histogram(3);
    histogram.recordValue(1_000_000);
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    new HistogramLogWriter(log).outputIntervalHistogram(histogram);
    Round round = withLatencies(log.toString(StandardCharsets.UTF_8));
    assertEquals(1, Latencies.of(List.of(round)).sum().getTotalCount());
  }

  @Test
  void countsWhatCannotBeRead() {
    for (String text : List.of("x", "!!!", "SElTVA==", "HISTFAAAABB42pNpmSzMwMDAxAABjIwMDAA=")) {
      Latencies latencies = Latencies.of(List.of(withLatencies(text), withLatencies("")));
      assertEquals(0, latencies.sum().getTotalCount(), text);
      assertEquals(1, latencies.unreadable(), text);
    }
    assertEquals(0, Latencies.of(List.of()).sum().getTotalCount());
  }

  private static Round withLatencies(String latencies) {
    return new Round(
        1, 1, "a", Map.of(), List.of(), latencies, List.of(), 1, true, 0, List.of(), null, "");
  }
}
