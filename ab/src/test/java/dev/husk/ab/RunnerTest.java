package dev.husk.ab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.host.App;
import dev.husk.ab.host.Host;
import dev.husk.ab.host.Launch;
import dev.husk.ab.load.DriverState;
import dev.husk.ab.load.Load;
import dev.husk.ab.load.LoadReport;
import dev.husk.ab.load.WrongReplyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of rounds, and what becomes of failures, with apps and loads that are played. */
final class RunnerTest {
  @TempDir private Path directory;

  private final List<String> phases = new ArrayList<>();
  private final PlayedHost host = new PlayedHost();
  private final PlayedLoad load = new PlayedLoad();

  private static final class PlayedHost implements Host {
    final List<String> started = new ArrayList<>();
    int running;
    String dies = "";
    String current = "";
    int startsUntilLost = Integer.MAX_VALUE;

    @Override
    public String describe() {
      return "a play";
    }

    @Override
    public App start(Launch launch) throws IOException {
      if (started.size() == startsUntilLost) {
        throw new IOException("the engine is gone");
      }
      current = launch.variant().name();
      started.add(current);
      running++;
      return new PlayedApp(this, launch);
    }

    @Override
    public void close() {}
  }

  private record PlayedApp(PlayedHost host, Launch launch, long startedNanos) implements App {
    PlayedApp(PlayedHost host, Launch launch) {
      this(host, launch, System.nanoTime());
    }

    @Override
    public List<Long> pids() {
      return List.of();
    }

    @Override
    public boolean isAlive() {
      return !host.dies.equals(launch.variant().name());
    }

    @Override
    public String ending() {
      return "status 3";
    }

    @Override
    public InetSocketAddress address(int port) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public Path log() {
      return launch.directory().resolve("app.log");
    }

    @Override
    public Path gcLog() {
      return launch.directory().resolve("gc.log");
    }

    @Override
    public long loopbackBytes() {
      return -1;
    }

    @Override
    public void close() {
      host.running--;
    }
  }

  /** Serves up to 1000 requests a second, husk twice as many. */
  private final class PlayedLoad implements Load {
    String wrong = "";
    String silent = "";
    int interruptAfter = Integer.MAX_VALUE;
    private int runs;

    @Override
    public String describe() {
      return "played requests";
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public boolean isReady(InetSocketAddress address) throws WrongReplyException {
      if (host.current.equals(wrong) && wrong.equals("never right")) {
        throw new WrongReplyException("status 500");
      }
      return true;
    }

    @Override
    public LoadReport run(InetSocketAddress address, double rate, Duration time)
        throws InterruptedException {
      if (++runs >= interruptAfter) {
        throw new InterruptedException();
      }
      double most = host.current.equals("husk") ? 2000 : 1000;
      double served = rate == 0 ? most : Math.min(rate, most);
      Histogram histogram = new Histogram(3);
      histogram.recordValueWithCount(rate > most ? 50_000_000 : 1_000_000, 1000);
      boolean isWrong = host.current.equals(wrong);
      boolean isSilent = host.current.equals(silent);
      double seconds = time.toMillis() / 1000.0;
      return new LoadReport(
          seconds,
          (long) (served * seconds),
          isWrong ? 1 : 0,
          isSilent ? 5 : 0,
          isWrong ? "got 'b', expected 'a'" : isSilent ? "timed out" : null,
          histogram,
          DriverState.IDLE,
          0.1);
    }

    @Override
    public void close() {}
  }

  private Results run(int rounds, Variant... variants) throws IOException {
    Plan plan =
        Plan.DEFAULT
            .withTimes(
                Duration.ofMillis(1000),
                Duration.ofMillis(1000),
                Duration.ofMillis(0),
                Duration.ofMillis(50))
            .withReadyLimit(Duration.ofMillis(300));
    Experiment experiment =
        new Experiment(
            "a test",
            List.of("java", "App"),
            null,
            List.of(variants),
            rounds,
            plan,
            Path.of("husk.jar"),
            Launch.Limits.NONE,
            Map.of(),
            List.of(),
            directory,
            42,
            List.of("husk", "ab"));
    Progress progress =
        new Progress() {
          @Override
          public void begins(int round, String variant, String what, Duration left) {
            assertFalse(left.isNegative(), left.toString());
            phases.add(round + " " + variant + " " + what);
          }

          @Override
          public void ended(Round round) {}
        };
    return new Runner(experiment, host, load, Map.of("machine", "none"), progress).run();
  }

  @Test
  void eachRoundHasEachVariantInAnOrderOfItsOwn() throws IOException {
    Results results = run(6, Variant.STOCK, Variant.HUSK, Variant.parse("c"));
    assertTrue(results.complete());
    assertEquals(18, results.rounds().size());
    List<String> orders = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      List<Round> of = results.rounds().subList(3 * round, 3 * round + 3);
      assertEquals(3, of.stream().map(Round::variant).distinct().count());
      int number = round + 1;
      assertTrue(of.stream().allMatch(each -> each.number() == number));
      orders.add(of.stream().map(Round::variant).toList().toString());
    }
    assertTrue(orders.stream().distinct().count() > 1, orders.toString());
    // The pilot is the first variant's.
    assertEquals("stock", host.started.getFirst());
    assertEquals(19, host.started.size());
    assertEquals(0, host.running);
  }

  @Test
  void ratesComeFromTheFirstVariantsClosedLoop() throws IOException {
    Results results = run(1, Variant.STOCK, Variant.HUSK);
    assertEquals(500, results.fixedRate());
    Map<String, Double> stock = results.good("stock").getFirst().figures();
    Map<String, Double> husk = results.good("husk").getFirst().figures();
    assertEquals(1000, stock.get("closed_throughput"), 1);
    assertEquals(2000, husk.get("closed_throughput"), 1);
    assertEquals(1000, stock.get("throughput"), 60);
    assertEquals(2000, husk.get("throughput"), 200);
    assertEquals(1.0, husk.get("p99"), 0.01);
    assertNull(husk.get("rss"), "what can't be seen isn't there");
    assertNotEquals("", results.good("husk").getFirst().latencies());
  }

  @Test
  void aVariantThatAnswersWronglyFails() throws IOException {
    load.wrong = "husk";
    Results results = run(1, Variant.STOCK, Variant.HUSK);
    Round husk =
        results.rounds().stream().filter(r -> r.variant().equals("husk")).findFirst().orElseThrow();
    assertEquals(Round.Kind.WRONG_REPLY, husk.failure().kind());
    assertTrue(husk.failure().message().contains("got 'b', expected 'a'"));
    assertEquals(Map.of(), husk.figures());
    assertEquals(1, results.good("stock").size());
  }

  @Test
  void aVariantThatDoesNotAnswerFails() throws IOException {
    load.silent = "husk";
    Results results = run(1, Variant.STOCK, Variant.HUSK);
    assertEquals(0, results.good("husk").size());
    assertTrue(
        results.rounds().stream()
            .filter(round -> round.failure() != null)
            .allMatch(round -> round.failure().kind() == Round.Kind.NO_REPLY));
  }

  @Test
  void aVariantThatDiesFails() throws IOException {
    host.dies = "husk";
    Results results = run(1, Variant.STOCK, Variant.HUSK);
    Round husk =
        results.rounds().stream().filter(r -> r.variant().equals("husk")).findFirst().orElseThrow();
    assertEquals(Round.Kind.NOT_STARTED, husk.failure().kind());
    assertTrue(husk.failure().message().contains("status 3"), husk.failure().message());
  }

  @Test
  void withoutTheFirstVariantThereIsLittleToReport() {
    host.dies = "stock";
    BrokenRunException e =
        assertThrows(BrokenRunException.class, () -> run(1, Variant.STOCK, Variant.HUSK));
    assertTrue(e.getMessage().contains("'stock'"), e.getMessage());
    assertTrue(e.getMessage().contains("status 3"), e.getMessage());
    assertFalse(e.results().complete());
    assertTrue(e.results().warnings().getFirst().contains("status 3"), "" + e.results());
  }

  @Test
  void aRunThatBreaksOffKeepsWhatItHas() {
    host.startsUntilLost = 5;
    BrokenRunException e =
        assertThrows(BrokenRunException.class, () -> run(9, Variant.STOCK, Variant.HUSK));
    assertEquals("the engine is gone", e.getMessage());
    assertFalse(e.results().complete());
    assertEquals(4, e.results().rounds().size());
    assertEquals(
        List.of("The run broke off after 4 of 18 measurements: the engine is gone."),
        e.results().warnings());
    assertEquals(0, host.running);
  }

  @Test
  void anInterruptedRunKeepsWhatItHas() throws IOException {
    load.interruptAfter = 30;
    Results results = run(9, Variant.STOCK, Variant.HUSK);
    assertFalse(results.complete());
    assertTrue(results.rounds().size() < 18);
    assertTrue(results.warnings().getFirst().contains("interrupted"), "" + results.warnings());
    assertEquals(0, host.running);
  }
}
