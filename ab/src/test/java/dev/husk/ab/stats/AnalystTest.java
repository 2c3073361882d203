package dev.husk.ab.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Figure;
import dev.husk.ab.RatePoint;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.SampleRun;
import dev.husk.ab.load.DriverState;
import dev.husk.ab.stats.Comparison.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalystTest {
  private static final double[] HUNDRED = {100, 101, 99, 100, 102};
  private static final double[] DOUBLE = {200, 202, 198, 201, 199};
  private static final double[] ALIKE = {101, 100, 102, 99, 100};
  private static final double[] WILD = {60, 180, 95, 140, 70};

  @Test
  void saysWhichWayIsBetter() {
    Comparison faster = compare(Figure.THROUGHPUT, HUNDRED, DOUBLE);
    assertEquals(Verdict.BETTER, faster.verdict());
    assertEquals(2.0, faster.ratio());
    assertEquals(2.0 / 252, faster.pValue(), 1e-12);
    // Exact, from the binomial distribution of both medians: see BootstrapTest.
    assertEquals(new Interval(198.0 / 101, 200.0 / 99), faster.interval());
    assertEquals("b serves 2.00× (1.96–2.02×) the requests of a at p99 ≤ 10 ms.", faster.words());

    assertEquals(Verdict.WORSE, compare(Figure.THROUGHPUT, DOUBLE, HUNDRED).verdict());
    Comparison hungrier = compare(Figure.CPU, HUNDRED, DOUBLE);
    assertEquals(Verdict.WORSE, hungrier.verdict());
    assertEquals("b needs 2.00× (1.96–2.02×) of the CPU of a per request.", hungrier.words());
    Comparison leaner = compare(Figure.CPU, DOUBLE, HUNDRED);
    assertEquals(Verdict.BETTER, leaner.verdict());
    assertEquals("b needs 0.50× (0.50–0.51×) of the CPU of a per request.", leaner.words());
  }

  @Test
  void seesNoDifferenceWhereThereIsNone() {
    Comparison comparison = compare(Figure.RSS, HUNDRED, ALIKE);
    assertEquals(Verdict.NO_DIFFERENCE, comparison.verdict());
    assertEquals(1, comparison.ratio());
    assertEquals(
        "b shows no difference from a in resident memory: 1.00× (0.98–1.02×).", comparison.words());
  }

  @Test
  void takesNoNoticeOfWhatIsHardlyThere() {
    double[] more = new double[HUNDRED.length];
    Arrays.fill(more, 100.4);
    double[] exactly = new double[HUNDRED.length];
    Arrays.fill(exactly, 100);
    Comparison comparison = compare(Figure.LOOPBACK, exactly, more);
    assertTrue(comparison.pValue() < 0.01);
    assertEquals(Verdict.NO_DIFFERENCE, comparison.verdict());
    Arrays.fill(more, 101.1);
    assertEquals(Verdict.WORSE, compare(Figure.LOOPBACK, exactly, more).verdict());
  }

  @Test
  void needsFourRoundsOfEach() {
    double[] three = {100, 101, 99};
    assertEquals(
        Verdict.TOO_FEW_ROUNDS, compare(Figure.RSS, three, new double[] {200, 201, 199}).verdict());
    assertEquals(
        "3 rounds of a and 3 of b are too few for a verdict: 4 of each are the fewest."
            + " So far it comes to 2.00× (1.97–2.03×) in resident memory.",
        compare(Figure.RSS, three, new double[] {200, 201, 199}).words());
    assertEquals(
        Verdict.WORSE,
        compare(Figure.RSS, new double[] {100, 101, 99, 100}, new double[] {200, 201, 199, 200})
            .verdict());
    // 2 of the C(8,3) = 56 orders: 0.036.
    assertEquals(Verdict.WORSE, compare(Figure.RSS, three, DOUBLE).verdict());
  }

  @Test
  void saysWhenRoundsLieTooFarApart() {
    Comparison comparison = compare(Figure.P99, HUNDRED, WILD);
    assertEquals(Verdict.TOO_NOISY, comparison.verdict());
    assertTrue(
        comparison
            .words()
            .startsWith(
                "The machine was too noisy to say whether b differs from a in p99 latency at 5,000"
                    + " req/s: 0.95× (0.60"),
        comparison.words());
  }

  @Test
  void saysWhenOthersTookTheMachine() {
    Results calm = SampleRun.of(Figure.RSS, HUNDRED, ALIKE);
    List<Round> busy = calm.rounds().stream().map(round -> withOtherCpu(round, 0.3)).toList();
    Analysis analysis = Analyst.analyse(SampleRun.with(calm, true, busy, List.of()));
    assertEquals(Verdict.TOO_NOISY, analysis.comparison("b", "rss").verdict());
    assertEquals(
        List.of(
            "Others than the app and the driver took more than 15 % of the machine's CPU in 10 of"
                + " 10 measurements: 30 % in the middle one, 30 % at most. Stop what else runs, and"
                + " repeat."),
        analysis.warnings());
    // A difference that shows all the same is one.
    Results apart = SampleRun.of(Figure.RSS, HUNDRED, DOUBLE);
    busy = apart.rounds().stream().map(round -> withOtherCpu(round, 0.3)).toList();
    analysis = Analyst.analyse(SampleRun.with(apart, true, busy, List.of()));
    assertEquals(Verdict.WORSE, analysis.comparison("b", "rss").verdict());
  }

  @Test
  void letsNoSpeedOutweighAWrongReply() {
    Results results = SampleRun.of(Figure.THROUGHPUT, HUNDRED, DOUBLE, DOUBLE);
    Analysis analysis = Analyst.analyse(fail(results, "b", Round.Kind.WRONG_REPLY));
    Comparison comparison = analysis.comparison("b", "throughput");
    assertEquals(Verdict.FAILED, comparison.verdict());
    assertEquals(2.005, comparison.ratio(), 1e-9);
    assertEquals(
        "b failed, which no speed outweighs: in round 3 it answered wrongly: 404 for /.",
        comparison.words());
    assertEquals(Verdict.BETTER, analysis.comparison("c", "throughput").verdict());
    assertEquals(
        comparison.words() + "\nc serves 2.00× (1.96–2.02×) the requests of a at p99 ≤ 10 ms.",
        analysis.verdict());
    assertEquals("b, round 3: it answered wrongly: 404 for /.", analysis.warnings().getFirst());
  }

  @Test
  void hasNothingToCompareWithWhenTheBaseFailed() {
    Results results =
        fail(SampleRun.of(Figure.THROUGHPUT, HUNDRED, DOUBLE), "a", Round.Kind.NOT_READY);
    Analysis analysis = Analyst.analyse(fail(results, "b", Round.Kind.NOT_READY));
    assertEquals(Verdict.NO_BASE, analysis.comparison("b", "throughput").verdict());
    assertEquals(
        "a itself failed, so that there is nothing to compare b with: in round 3 it never answered"
            + " correctly within the limit: 404 for /. b failed as well: in round 3 it never"
            + " answered correctly within the limit: 404 for /.",
        analysis.verdict());
  }

  @Test
  void leavesOutRoundsThatNobodyIsToBlameFor() {
    Analysis analysis =
        Analyst.analyse(
            fail(SampleRun.of(Figure.THROUGHPUT, HUNDRED, DOUBLE), "b", Round.Kind.NOT_MEASURED));
    assertEquals(Verdict.BETTER, analysis.comparison("b", "throughput").verdict());
    assertEquals(List.of(200.0, 202.0, 201.0, 199.0), analysis.summary("b", "throughput").rounds());
    assertEquals(
        "b, round 3: it could not be measured: 404 for /.", analysis.warnings().getFirst());
  }

  @Test
  void comparesWithoutARatioWhereTheBaseIsZero() {
    double[] none = new double[5];
    Comparison same = compare(Figure.GC_PAUSES, none, none);
    assertEquals(Verdict.NO_DIFFERENCE, same.verdict());
    assertEquals(Double.NaN, same.ratio());
    assertEquals("b shows no difference from a in GC pauses: 0.0 ms against 0.0 ms.", same.words());
    Comparison some = compare(Figure.GC_PAUSES, none, new double[] {12, 13, 11, 12, 14});
    assertEquals(Verdict.WORSE, some.verdict());
    assertEquals("b has 12.0 ms against 0.0 ms of a in GC pauses.", some.words());
    Comparison gone = compare(Figure.GC_PAUSES, new double[] {12, 13, 11, 12, 14}, none);
    assertEquals(Verdict.BETTER, gone.verdict());
    assertEquals(new Interval(0, 0), gone.interval());
    // Zero in some rounds of the base: a resample's ratio has no bound.
    Comparison sometimes = compare(Figure.GC_PAUSES, new double[] {0, 0, 3, 4, 5}, HUNDRED);
    assertEquals(Double.POSITIVE_INFINITY, sometimes.interval().high());
    assertEquals(Verdict.WORSE, sometimes.verdict());
    assertTrue(sometimes.words().contains("–∞×)"), sometimes.words());
  }

  @Test
  void namesWhatWasNotMeasured() {
    Comparison comparison = compare(Figure.SYSCALLS, HUNDRED, new double[0]);
    assertEquals(Verdict.TOO_FEW_ROUNDS, comparison.verdict());
    assertEquals(
        "No verdict on system calls per request: it was not measured for b.", comparison.words());
    assertEquals(Double.NaN, comparison.pValue());
    assertEquals(Interval.NONE, comparison.interval());
  }

  @Test
  void answersInAFewSentences() {
    Analysis analysis = Analyst.analyse(SampleRun.two());
    assertTrue(
        analysis
            .verdict()
            .matches(
                "husk serves 1\\.6\\d× \\(1\\.5\\d–1\\.6\\d×\\) the requests of stock at p99 ≤ 10"
                    + " ms, has 0\\.\\d\\d× .* the p99 latency at 5,000 req/s, needs 0\\.\\d\\d× .*"
                    + " of the CPU per request and takes 0\\.\\d\\d× .* of the resident memory at"
                    + " its peak\\."),
        analysis.verdict());
    assertTrue(
        analysis
            .warnings()
            .getLast()
            .startsWith("18 comparisons were tested, each at 5 % and without a correction"),
        analysis.warnings().getLast());
  }

  @Test
  void answersAlsoWhenItCannotSay() {
    assertTrue(
        Analyst.analyse(SampleRun.same())
            .verdict()
            .startsWith("husk shows no difference from stock in throughput at p99 ≤ 10 ms ("));
    String noisy = Analyst.analyse(SampleRun.noisy()).verdict();
    assertTrue(
        noisy.startsWith("The machine was too noisy to say whether husk differs from stock in"),
        noisy);
    String few = Analyst.analyse(SampleRun.few()).verdict();
    assertTrue(
        few.startsWith(
            "3 rounds of stock and 3 of husk are too few for a verdict: 4 of each are the fewest."
                + " So far it comes to 1.66×"),
        few);
    assertEquals(
        "No round was run, so that there is no verdict.\n"
            + "The run didn't come to its end: this is partial.",
        Analyst.analyse(SampleRun.empty()).verdict());
  }

  @Test
  void givesTheSameForTheSameRounds() {
    assertEquals(Analyst.analyse(SampleRun.three()), Analyst.analyse(SampleRun.three()));
  }

  @Test
  void warnsOfWhatMakesVerdictsDoubtful() {
    Results results = SampleRun.of(Figure.THROUGHPUT, HUNDRED, WILD);
    List<Round> rounds = new ArrayList<>(results.rounds());
    Round cold = rounds.getFirst();
    rounds.set(
        0,
        new Round(
            cold.number(),
            cold.position(),
            cold.variant(),
            cold.figures(),
            List.of(
                new RatePoint(
                    8_000.4, 7_000, 1, 2, 3, 4, 0, new DriverState(2, 0.97, 0, "it was busy"))),
            "",
            List.of(),
            60,
            false,
            0.02,
            List.of(),
            null,
            ""));
    Analysis analysis =
        Analyst.analyse(SampleRun.with(results, false, rounds, List.of("One processor only.")));
    assertEquals(
        List.of(
            "One processor only.",
            "The rounds of b lie more than 20 % apart in throughput at p99 ≤ 10 ms (60 req/s to"
                + " 180 req/s).",
            "a, round 1: the warm-up ended at its limit, not by its rule; figures may be those of a"
                + " JVM that was still compiling.",
            "a: at 1 point of the sweep the driver itself was the limit, from 8,000 req/s on: it"
                + " was busy. Those points say nothing about the app."),
        analysis.warnings());
  }

  @Test
  void writesRatiosSoThatTheySayOnWhichSideOfOneTheyAre() {
    assertEquals("1.9× (1.8–2.1×)", Words.times(1.93, new Interval(1.81, 2.08)));
    assertEquals("0.62× (0.60–0.65×)", Words.times(0.62, new Interval(0.6, 0.65)));
    assertEquals("1.01× (0.99–1.04×)", Words.times(1.012, new Interval(0.99, 1.04)));
    assertEquals("1.008× (1.004–1.012×)", Words.times(1.008, new Interval(1.004, 1.012)));
    assertEquals("0.022× (0.020–0.024×)", Words.times(0.022, new Interval(0.02, 0.024)));
    assertEquals("14× (12–15×)", Words.times(14.1, new Interval(12.2, 15.3)));
    assertEquals("2.0×", Words.times(2, Interval.NONE));
    assertEquals("-", Words.times(Double.NaN, Interval.NONE));
    assertFalse(Words.times(1, new Interval(1, 1)).contains("000"));
  }

  private static Comparison compare(Figure figure, double[] base, double[] other) {
    return Analyst.analyse(SampleRun.of(figure, base, other)).comparisons().getFirst();
  }

  private static Results fail(Results results, String variant, Round.Kind kind) {
    return SampleRun.with(
        results,
        true,
        results.rounds().stream()
            .map(
                round ->
                    round.variant().equals(variant) && round.number() == 3
                        ? SampleRun.round(
                            3,
                            round.position(),
                            variant,
                            Map.of(),
                            new Round.Failure(kind, "404 for /."))
                        : round)
            .toList(),
        List.of());
  }

  private static Round withOtherCpu(Round round, double part) {
    return new Round(
        round.number(),
        round.position(),
        round.variant(),
        round.figures(),
        List.of(),
        "",
        List.of(),
        8,
        true,
        part,
        List.of(),
        null,
        "");
  }
}
