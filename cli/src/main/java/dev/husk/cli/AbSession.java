package dev.husk.cli;

import dev.husk.ab.BrokenRunException;
import dev.husk.ab.Experiment;
import dev.husk.ab.Progress;
import dev.husk.ab.Reports;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Runner;
import dev.husk.ab.Variant;
import dev.husk.ab.host.Host;
import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.Load;
import dev.husk.ab.measure.Environment;
import dev.husk.ab.report.TextTable;
import dev.husk.ab.stats.Analyst;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An A/B run from the command line: runs, writes the reports, shows the table. */
final class AbSession {
  /** How long an interrupted run may take to write what it has. */
  private static final long LAST_WORDS_SECONDS = 20;

  private final Experiment experiment;
  private final Host host;
  private final AbLoadOptions.Opened load;
  private final PrintWriter out;
  private final PrintWriter err;

  AbSession(
      Experiment experiment,
      Host host,
      AbLoadOptions.Opened load,
      PrintWriter out,
      PrintWriter err) {
    this.experiment = experiment;
    this.host = host;
    this.load = load;
    this.out = out;
    this.err = err;
  }

  /**
   * The exit status: 0 when all was measured, 1 when a variant failed or the run broke off, 130 for
   * an interrupt.
   */
  @SuppressWarnings("try") // The progress is closed once more, before the table is shown.
  int run() throws IOException, InterruptedException {
    Map<String, String> environment =
        Environment.describe(host, experiment.limits(), experiment.agent(), jdks());
    CountDownLatch over = new CountDownLatch(1);
    Load driven = load.load();
    CommandLoad command = load.command();
    try (AbProgress progress =
        new AbProgress(experiment, command == null ? List.of() : command.figures())) {
      Keeper keeper = new Keeper(progress);
      Runner runner =
          driven != null
              ? new Runner(experiment, host, driven, environment, keeper)
              : new Runner(experiment, host, command, environment, keeper);
      keeper.runner = runner;
      Thread hook = interrupting(runner, over);
      Runtime.getRuntime().addShutdownHook(hook);
      String broken = null;
      Results results;
      try {
        results = runner.run();
      } catch (BrokenRunException e) {
        results = e.results();
        broken = e.getMessage();
      }
      // An interrupt has done its work by now, and mustn't end the writing of the reports.
      Thread.interrupted();
      progress.close();
      show(results);
      if (broken != null) {
        err.println("husk: " + broken);
      }
      if (results.complete() || broken != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
      return broken != null ? 1 : status(results);
    } catch (IllegalStateException e) {
      // Interrupted just when it was complete: the hook runs, and waits for this.
      return 130;
    } finally {
      over.countDown();
    }
  }

  /** What Ctrl-C does: the run ends, and its reports are written, marked as partial. */
  private static Thread interrupting(Runner runner, CountDownLatch over) {
    Thread running = Thread.currentThread();
    return new Thread(
        () -> {
          System.err.println("\nhusk: ending the app, and writing what was measured");
          runner.stop();
          running.interrupt();
          try {
            if (!over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
              System.err.println("husk: the reports weren't written in time");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "interrupted run");
  }

  private Map<String, Path> jdks() {
    Map<String, Path> jdks = new LinkedHashMap<>();
    if (experiment.image() == null) {
      Path own = Path.of(System.getProperty("java.home"));
      for (Variant variant : experiment.variants()) {
        Path other = variant.javaHome();
        jdks.put(variant.name(), other == null ? own : other);
      }
    }
    return jdks;
  }

  /** The table comes first: it needs no disk. */
  private void show(Results results) throws IOException {
    out.println();
    out.print(TextTable.of(results, Analyst.analyse(results)));
    out.flush();
    Path directory = experiment.directory();
    try {
      Reports.write(results, directory);
    } catch (IOException e) {
      err.println("husk: " + e.getMessage());
      directory = Files.createTempDirectory("husk-ab-report");
      Reports.write(results, directory);
    }
    out.println();
    out.println("report: " + directory.resolve(Reports.HTML));
    out.println("figures: " + directory.resolve(Reports.JSON));
    out.flush();
  }

  /**
   * Writes the reports after each measurement, marked as partial: should this program be killed,
   * they are there, and a disk that is full shows before hours have passed.
   */
  private final class Keeper implements Progress {
    private final Progress next;
    private @Nullable Runner runner;
    private boolean warned;

    private Keeper(Progress next) {
      this.next = next;
    }

    @Override
    public void begins(int round, String variant, String what, Duration left) {
      next.begins(round, variant, what, left);
    }

    @Override
    public void ended(Round round) {
      next.ended(round);
      try {
        Reports.write(runner.soFar(), experiment.directory());
      } catch (IOException e) {
        if (!warned && !Thread.currentThread().isInterrupted()) {
          warned = true;
          err.println("husk: " + e.getMessage() + "; the run goes on");
        }
      }
    }
  }

  private static int status(Results results) {
    if (!results.complete()) {
      return 130;
    }
    return results.rounds().stream().anyMatch(round -> round.failure() != null) ? 1 : 0;
  }
}
