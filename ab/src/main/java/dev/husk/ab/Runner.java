package dev.husk.ab;

import dev.husk.ab.host.Host;
import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.Load;
import dev.husk.ab.stats.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs an experiment: each round starts every variant once, in an order drawn anew, measures it and
 * ends it. So what the machine does in these minutes it does to all of them.
 *
 * <p>An interrupt of the thread that runs it ends it early; the results say so.
 */
public final class Runner {
  private final Experiment experiment;
  private final Host host;
  private final RoundRunner.Work work;
  private final Map<String, String> environment;
  private final Progress progress;
  private final List<Round> rounds = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Instant started = Instant.now();
  private long spentNanos;
  private int spentRuns;
  private volatile boolean stopped;

  /**
   * With requests that Husk sends.
   *
   * @param environment what is known of the machine, for the report
   */
  public Runner(
      Experiment experiment,
      Host host,
      Load load,
      Map<String, String> environment,
      Progress progress) {
    this(experiment, host, new DrivenWork(experiment.plan(), load), environment, progress);
  }

  /** With a command of the user's that sends requests and prints figures. */
  public Runner(
      Experiment experiment,
      Host host,
      CommandLoad load,
      Map<String, String> environment,
      Progress progress) {
    this(experiment, host, new CommandWork(experiment.plan(), load), environment, progress);
  }

  private Runner(
      Experiment experiment,
      Host host,
      RoundRunner.Work work,
      Map<String, String> environment,
      Progress progress) {
    this.experiment = experiment;
    this.host = host;
    this.work = work;
    this.environment = environment;
    this.progress = progress;
  }

  /**
   * Ends the run as soon as it can be: what is measured counts, what is under way doesn't. Any
   * thread.
   */
  public void stop() {
    stopped = true;
  }

  /**
   * Runs all rounds.
   *
   * @throws BrokenRunException when it can't go on, or not even the first variant could be started
   *     or measured; it has what was measured by then
   */
  public Results run() throws BrokenRunException {
    Random random = new Random(experiment.seed());
    boolean complete = false;
    try {
      Variant base = experiment.variants().getFirst();
      Round pilot = measure(0, 1, base);
      Round.Failure failure = pilot.failure();
      if (failure != null) {
        warnings.add(base.name() + "'s log is " + pilot.log() + ".");
        throw new IOException(
            "variant '%s' could not be measured: %s: %s"
                .formatted(base.name(), Words.of(failure.kind()), failure.message()));
      }
      for (int number = 1; number <= experiment.rounds(); number++) {
        List<Variant> order = new ArrayList<>(experiment.variants());
        Collections.shuffle(order, random);
        for (int position = 1; position <= order.size(); position++) {
          Round round = measure(number, position, order.get(position - 1));
          rounds.add(round);
          progress.ended(round);
        }
      }
      complete = true;
    } catch (InterruptedException e) {
      warnings.addFirst("The run was interrupted after " + done() + ".");
    } catch (IOException e) {
      String why = Words.firstSentence(String.valueOf(e.getMessage()));
      warnings.addFirst("The run broke off after " + done() + ": " + why + ".");
      throw new BrokenRunException(e.getMessage(), e, results(false, warnings));
    }
    return results(complete, warnings);
  }

  /** What a run has by now that isn't over, marked as partial; on the thread of the run. */
  public Results soFar() {
    return results(false, List.of("This was written after " + done() + ", while the run went on."));
  }

  private String done() {
    return "%d of %d measurements"
        .formatted(rounds.size(), experiment.rounds() * experiment.variants().size());
  }

  private Round measure(int number, int position, Variant variant)
      throws IOException, InterruptedException {
    if (stopped || Thread.interrupted()) {
      throw new InterruptedException();
    }
    String name = variant.name().replaceAll("[^A-Za-z0-9.-]", "_");
    Path directory =
        experiment.directory().resolve("rounds").resolve("%02d-%s".formatted(number, name));
    Files.createDirectories(directory);
    long start = System.nanoTime();
    RoundRunner runner =
        new RoundRunner(
            experiment,
            host,
            work,
            what -> progress.begins(number, variant.name(), what, left(start)));
    Round round;
    try {
      round = runner.run(number, position, variant, directory);
    } catch (IOException | RuntimeException e) {
      // Ctrl-C ends the app and the driver, too, and what they were asked then fails.
      if (stopped) {
        throw new InterruptedException();
      }
      throw e;
    }
    if (stopped) {
      throw new InterruptedException();
    }
    spentNanos += System.nanoTime() - start;
    spentRuns++;
    return round;
  }

  /** By what the starts up to now took; before the first has ended by the plan. */
  private Duration left(long start) {
    int all = experiment.rounds() * experiment.variants().size() + 1;
    long each = spentRuns == 0 ? work.expected().toNanos() : spentNanos / spentRuns;
    long now = System.nanoTime() - start;
    long left = each * (all - spentRuns) - Math.min(now, each);
    return Duration.ofNanos(left);
  }

  private Results results(boolean complete, List<String> remarks) {
    return new Results(
        experiment.title(),
        started,
        complete,
        experiment.repeat(),
        experiment.describeApp(),
        work.describe(),
        work.latencyLimitMillis(),
        work.fixedRate(),
        experiment.variants(),
        work.figures(),
        work.headline(),
        List.copyOf(rounds),
        environment,
        List.copyOf(remarks));
  }
}
