package dev.husk.ab.stats;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import java.util.List;
import java.util.Locale;

/** Figures and failures in plain words. */
public final class Words {
  /** What is kept of a message inside a sentence: the whole is with its round. */
  private static final int MESSAGE_LENGTH = 300;

  private final Results results;

  Words(Results results) {
    this.results = results;
  }

  /** A ratio with its interval, as in {@code 1.9× (1.8–2.1×)}; "-" for none. */
  public static String times(double ratio, Interval interval) {
    if (Double.isNaN(ratio)) {
      return "-";
    }
    int decimals = decimals(ratio, interval);
    String number = number(ratio, decimals) + "×";
    return Double.isNaN(interval.low()) ? number : number + " (" + ends(interval, decimals) + ")";
  }

  /** The same inside parentheses: {@code 1.9×, 1.8–2.1×}. */
  static String inParentheses(double ratio, Interval interval) {
    int decimals = decimals(ratio, interval);
    return number(ratio, decimals)
        + "×"
        + (Double.isNaN(interval.low()) ? "" : ", " + ends(interval, decimals));
  }

  private static String ends(Interval interval, int decimals) {
    return number(interval.low(), decimals) + "–" + number(interval.high(), decimals) + "×";
  }

  /** What happened in a failed round, as in "in round 3 it ended under load". */
  public static String of(Round.Kind kind) {
    return switch (kind) {
      case NOT_STARTED -> "it ended before it answered";
      case NOT_READY -> "it never answered correctly within the limit";
      case DIED -> "it ended under load";
      case WRONG_REPLY -> "it answered wrongly";
      case NO_REPLY -> "replies were missing";
      case NOT_MEASURED -> "it could not be measured";
    };
  }

  /** Whether the variant itself is to blame. */
  static boolean blames(Round round) {
    return round.failure() != null && round.failure().kind() != Round.Kind.NOT_MEASURED;
  }

  /** What went wrong in a round, without a full stop. */
  public static String failure(Round round) {
    String message = firstSentence(round.failure().message());
    return of(round.failure().kind()) + (message.isEmpty() ? "" : ": " + message);
  }

  /** What a message says before the end of a log, if it has one; without a full stop. */
  public static String firstSentence(String text) {
    String message = text.strip().lines().findFirst().orElse("");
    int log = message.indexOf("; it said");
    if (log >= 0) {
      message = message.substring(0, log);
    }
    if (message.length() > MESSAGE_LENGTH) {
      message = message.substring(0, MESSAGE_LENGTH) + "…";
    }
    while (message.endsWith(".") || message.endsWith(":")) {
      message = message.substring(0, message.length() - 1);
    }
    return message;
  }

  /** Things in a row: {@code a, b and c}. */
  static String join(List<String> things) {
    int last = things.size() - 1;
    return last <= 0
        ? String.join("", things)
        : String.join(", ", things.subList(0, last)) + " and " + things.get(last);
  }

  /** "1 round", "2 rounds". */
  static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** A part of one, as in "23 %". */
  static String percent(double part) {
    return Math.round(100 * part) + " %";
  }

  /** What a figure is about, inside a sentence. */
  String topic(Figure figure) {
    return switch (figure.id()) {
      case "throughput" -> "throughput" + limit();
      case "closed_throughput" -> "throughput in a closed loop";
      case "first_reply" -> "time to the first correct reply";
      case "p50", "p90", "p99", "p99_9", "p99_99", "max" -> latency(figure) + rate();
      case "cpu" -> "CPU per request";
      case "rss" -> "resident memory";
      case "heap" -> "heap";
      case "off_heap" -> "memory outside the heap";
      case "voluntary_switches" -> "voluntary switches per request";
      case "involuntary_switches" -> "involuntary switches per request";
      case "syscalls" -> "system calls per request";
      case "gc_pauses" -> "GC pauses";
      case "gc_longest" -> "the longest GC pause";
      case "loopback" -> "loopback bytes per request";
      default -> figure.title();
    };
  }

  /**
   * What a variant does, with a ratio.
   *
   * @param times the ratio in words
   * @param of " of stock", or "" where that is clear from what was said before
   */
  String does(Figure figure, String times, String of) {
    return switch (figure.id()) {
      case "throughput" -> "serves " + times + " the requests" + of + limit();
      case "closed_throughput" -> "serves " + times + " the requests" + of + " in a closed loop";
      case "first_reply" -> "gives its first correct reply after " + times + " the time" + of;
      case "p50", "p90", "p99", "p99_9", "p99_99", "max" ->
          "has " + times + " the " + latency(figure) + of + rate();
      case "cpu" -> "needs " + times + " of the CPU" + of + " per request";
      case "rss" -> "takes " + times + " of the resident memory" + of + " at its peak";
      case "heap" -> "takes " + times + " of the heap" + of + " at its peak";
      case "off_heap" -> "takes " + times + " of the memory" + of + " outside the heap at its peak";
      case "voluntary_switches" -> "makes " + times + " the voluntary switches" + of + perRequest();
      case "involuntary_switches" ->
          "suffers " + times + " the involuntary switches" + of + perRequest();
      case "syscalls" -> "makes " + times + " the system calls" + of + perRequest();
      case "gc_pauses" -> "spends " + times + " the time" + of + " in GC pauses";
      case "gc_longest" -> "has a longest GC pause of " + times + " that" + of;
      case "loopback" -> "moves " + times + " the loopback bytes" + of + perRequest();
      default -> "comes to " + times + of + " in " + figure.title();
    };
  }

  private static String perRequest() {
    return " per request";
  }

  private static String latency(Figure figure) {
    return figure.id().equals("max")
        ? "longest latency"
        : figure.id().replace('_', '.') + " latency";
  }

  private String limit() {
    return results.latencyLimitMillis() > 0
        ? " at p99 ≤ " + plain(results.latencyLimitMillis()) + " ms"
        : "";
  }

  private String rate() {
    return results.fixedRate() > 0
        ? " at " + plain(results.fixedRate()) + " req/s"
        : " in a closed loop";
  }

  /** Without digits that say nothing: 10, 2.5. */
  static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : Double.toString(value);
  }

  private static String number(double value, int decimals) {
    return Double.isInfinite(value)
        ? "∞"
        : value == 0 ? "0" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /**
   * Two significant digits of the smaller numbers, and one or two more where the ratio would look
   * like an end of its interval, or an end like 1.
   */
  private static int decimals(double ratio, Interval interval) {
    double smallest = Double.isNaN(interval.low()) ? ratio : interval.low();
    int decimals = smallest < 0.1 ? 3 : smallest < 1.2 ? 2 : smallest < 10 ? 1 : 0;
    while (decimals < 2
        && (looksLike(ratio, interval.low(), decimals)
            || looksLike(ratio, interval.high(), decimals))) {
      decimals++;
    }
    while (decimals < 3
        && (looksLike(1, interval.low(), decimals) || looksLike(1, interval.high(), decimals))) {
      decimals++;
    }
    return decimals;
  }

  private static boolean looksLike(double one, double other, int decimals) {
    return one != other && number(one, decimals).equals(number(other, decimals));
  }
}
