package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.SampleRun;
import dev.husk.ab.stats.Analyst;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextTableTest {
  static Stream<Results> samples() {
    return Stream.of(
        SampleRun.two(),
        SampleRun.three(),
        SampleRun.five(),
        SampleRun.failing(),
        SampleRun.noisy(),
        SampleRun.partial(),
        SampleRun.empty());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void fitsAHundredColumns(Results results) {
    table(results)
        .lines()
        .forEach(
            line -> {
              assertTrue(line.length() <= 100, line);
              assertEquals(line.stripTrailing(), line);
            });
  }

  @Test
  void saysTheVerdictThenTheFiguresThenWarnings() {
    Results results =
        SampleRun.of(
            Figure.CPU,
            new double[] {10.1, 10, 10.3, 10.1, 10.2},
            new double[] {19.8, 19.9, 20.1, 19.8, 19.7});
    assertEquals(
        """
        b needs 1.96× (1.92–1.99×) of the CPU of a per request.

                                a        b
        CPU for 1,000 requests  10.10 s  19.80 s  1.96× (1.92–1.99×)  worse

        Medians of the rounds; the ratio to a with its 95 % interval. same: the rounds show no difference;
        noisy: the machine was too noisy to say; few: too few rounds.

        ! One processor only.
        """,
        table(SampleRun.with(results, true, results.rounds(), List.of("One processor only."))));
  }

  @Test
  void putsRatiosBelowWhereThreeVariantsStandSideBySide() {
    String table = table(SampleRun.three());
    assertTrue(table.lines().anyMatch(line -> line.matches(" +stock +husk +husk-zgc")), table);
    assertTrue(
        table.lines().anyMatch(line -> line.matches("throughput within.* req/s  better .*better")),
        table);
    assertTrue(table.lines().anyMatch(line -> line.matches(" +[0-9.]+× \\(.*×\\) .*×\\)")), table);
    assertTrue(table.contains("Not measured: system calls a request."), table);
  }

  @Test
  void beginsAnotherBlockWithTheBaseWhereThereIsNoRoom() {
    String table = table(SampleRun.five());
    assertEquals(2, table.lines().filter(line -> line.matches(" +stock .*")).count(), table);
  }

  @Test
  void hasNoTableWithoutRounds() {
    assertFalse(table(SampleRun.empty()).contains("throughput"));
  }

  private static String table(Results results) {
    return TextTable.of(results, Analyst.analyse(results));
  }
}
