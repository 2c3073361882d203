package dev.husk.ab;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One variant, started, warmed up and measured once.
 *
 * @param number of the round, from 1; each has every variant once
 * @param position of this variant within the round, from 1: the order is drawn anew for each
 * @param variant its name
 * @param figures by {@link Figure#id}; what could not be measured isn't there
 * @param curve the sweep, by rising rate; empty without one
 * @param latencies an HdrHistogram of ns at the fixed rate, in its compressed encoding and base64;
 *     "" without one
 * @param samples over the whole round
 * @param warmUpSeconds how long the warm-up took
 * @param warm whether the warm-up ended by its rule, rather than at its limit
 * @param otherCpu part of the machine's CPU time, 0 to 1, that neither the app nor the driver had
 *     while it was measured: other processes and what the host took
 * @param notes what a reader should know, a sentence each
 * @param failure what went wrong, null when nothing did
 * @param log the file with what the app wrote, relative to the report
 */
public record Round(
    int number,
    int position,
    String variant,
    Map<String, Double> figures,
    List<RatePoint> curve,
    String latencies,
    List<Sample> samples,
    double warmUpSeconds,
    boolean warm,
    double otherCpu,
    List<String> notes,
    @Nullable Failure failure,
    String log) {

  /** How a note begins that tells so. */
  public static final String DRIVER_LIMIT = "the driver itself was the limit";

  /**
   * Why a round has no figures.
   *
   * @param kind what happened
   * @param message with what, where, and what to do
   */
  public record Failure(Kind kind, String message) {}

  /** Kinds of failures; for all but the last the variant is to blame. */
  public enum Kind {
    /** It ended before it answered. */
    NOT_STARTED,
    /** It never answered correctly within the limit. */
    NOT_READY,
    /** It ended under load. */
    DIED,
    /** It answered with something else than the first variant does. */
    WRONG_REPLY,
    /** Replies were missing. */
    NO_REPLY,
    /** The engine, the driver, or the machine: nobody can be judged by it. */
    NOT_MEASURED
  }
}
