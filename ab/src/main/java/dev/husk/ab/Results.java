package dev.husk.ab;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that a run has found, before statistics; what {@code results.json} keeps.
 *
 * @param title the app in a few words
 * @param started when
 * @param complete false for a run that was interrupted or stopped: what is there is partial
 * @param command the command that repeats the run, word by word
 * @param appCommand the app's own command, or the image
 * @param loadDescription what was sent, in words
 * @param latencyLimitMillis p99 must be within it for a rate to count; 0 where it means nothing
 * @param fixedRate the offered rate of latencies, CPU and memory, req/s; 0 for a closed loop
 * @param variants the first is what the others are compared with
 * @param figures those that were looked for, the custom ones of a load command among them
 * @param headline ids of the figures that the verdict is about, the most important one first
 * @param rounds in the order in which they were run
 * @param environment name and value, in the order of display
 * @param warnings about the whole run, a sentence each
 */
public record Results(
    String title,
    Instant started,
    boolean complete,
    List<String> command,
    String appCommand,
    String loadDescription,
    double latencyLimitMillis,
    double fixedRate,
    List<Variant> variants,
    List<Figure> figures,
    List<String> headline,
    List<Round> rounds,
    Map<String, String> environment,
    List<String> warnings) {

  /** The figure with an id; it must be one of this run's. */
  public Figure figure(String id) {
    return figures.stream().filter(figure -> figure.id().equals(id)).findFirst().orElseThrow();
  }

  /** One variant's rounds that went well. */
  public List<Round> good(String variant) {
    return rounds.stream()
        .filter(round -> round.variant().equals(variant) && round.failure() == null)
        .toList();
  }
}
