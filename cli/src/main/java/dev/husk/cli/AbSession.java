package dev.husk.cli;

import dev.husk.ab.Experiment;
import dev.husk.ab.Reports;
import dev.husk.ab.Results;
import dev.husk.ab.Runner;
import dev.husk.ab.Variant;
import dev.husk.ab.host.Host;
import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.Load;
import dev.husk.ab.measure.Environment;
import dev.husk.ab.report.TextTable;
import dev.husk.ab.stats.Analysis;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An A/B run from the command line: runs, writes the reports, shows the table. */
final class AbSession {
  /** How long an interrupted run may take to write what it has. */
  private static final long LAST_WORDS_SECONDS = 20;

  private final Experiment experiment;
  private final Host host;
  private final AbLoadOptions.Opened load;
  private final PrintWriter out;

  AbSession(Experiment experiment, Host host, AbLoadOptions.Opened load, PrintWriter out) {
    this.experiment = experiment;
    this.host = host;
    this.load = load;
    this.out = out;
  }

  /** The exit status: 0 when all was measured, 1 when a variant failed, 130 for an interrupt. */
  @SuppressWarnings("try") // The progress is closed once more, before the table is shown.
  int run() throws IOException, InterruptedException {
    Map<String, String> environment =
        Environment.describe(host, experiment.limits(), experiment.agent(), jdks());
    CountDownLatch over = new CountDownLatch(1);
    Load driven = load.load();
    CommandLoad command = load.command();
    try (AbProgress progress =
        new AbProgress(experiment, command == null ? List.of() : command.figures())) {
      Runner runner =
          driven != null
              ? new Runner(experiment, host, driven, environment, progress)
              : new Runner(experiment, host, command, environment, progress);
      Thread hook = interrupting(runner, over);
      Runtime.getRuntime().addShutdownHook(hook);
      Results results = runner.run();
      // An interrupt has done its work by now, and mustn't end the writing of the reports.
      Thread.interrupted();
      Analysis analysis = Reports.write(results, experiment.directory());
      progress.close();
      show(results, analysis);
      if (results.complete()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
      return status(results);
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

  private void show(Results results, Analysis analysis) {
    out.println();
    out.print(TextTable.of(results, analysis));
    out.println();
    out.println("report: " + experiment.directory().resolve(Reports.HTML));
    out.println("figures: " + experiment.directory().resolve(Reports.JSON));
    out.flush();
  }

  private static int status(Results results) {
    if (!results.complete()) {
      return 130;
    }
    return results.rounds().stream().anyMatch(round -> round.failure() != null) ? 1 : 0;
  }
}
