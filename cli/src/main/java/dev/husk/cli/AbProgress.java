package dev.husk.cli;

import dev.husk.ab.Experiment;
import dev.husk.ab.Figure;
import dev.husk.ab.Progress;
import dev.husk.ab.Round;
import dev.husk.ab.stats.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says on stderr how an A/B run goes: one line that is written over on a terminal, and a line a
 * round and variant that stays.
 */
final class AbProgress implements Progress, AutoCloseable {
  private static final List<Figure> SHOWN =
      List.of(Figure.THROUGHPUT, Figure.CLOSED_THROUGHPUT, Figure.P99, Figure.CPU, Figure.RSS);

  /** How many of a load command's figures fit on the line. */
  private static final int OF_COMMAND = 3;

  private final dev.husk.cli.Progress line = new dev.husk.cli.Progress();
  private final Experiment experiment;
  private final List<Figure> shown;
  private String last = "";

  /**
   * For one run.
   *
   * @param ofCommand the figures of its load command, which come first; empty where Husk sends
   */
  AbProgress(Experiment experiment, List<Figure> ofCommand) {
    this.experiment = experiment;
    shown = Stream.concat(ofCommand.stream().limit(OF_COMMAND), SHOWN.stream()).distinct().toList();
  }

  @Override
  public void begins(int round, String variant, String what, Duration left) {
    String where =
        round == 0
            ? "looking for the rates"
            : "round %d of %d".formatted(round, experiment.rounds());
    String text = where + ", " + variant + ": " + what;
    if (!line.isTerminal()) {
      // A log gets what began, not each second of it.
      String start = where + ", " + variant;
      if (!start.equals(last)) {
        last = start;
        line.accept(start + left(left));
      }
      return;
    }
    line.accept(text + left(left));
  }

  private static String left(Duration left) {
    long seconds = Math.max(0, left.toSeconds());
    return seconds < 90
        ? " (%d s left)".formatted(seconds)
        : " (%d min left)".formatted((seconds + 30) / 60);
  }

  @Override
  public void ended(Round round) {
    line.keep(
        "round %d of %d, %s: %s"
            .formatted(round.number(), experiment.rounds(), round.variant(), figures(round)));
  }

  private String figures(Round round) {
    if (round.failure() != null) {
      return "failed: " + Words.failure(round);
    }
    List<String> words = new ArrayList<>();
    for (Figure figure : shown) {
      Double value = round.figures().get(figure.id());
      if (value != null) {
        words.add(figure.id().replace('_', ' ') + " " + figure.format(value));
      }
    }
    return String.join(", ", words);
  }

  @Override
  public void close() {
    line.close();
  }
}
