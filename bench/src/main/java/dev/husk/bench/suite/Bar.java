package dev.husk.bench.suite;

/**
 * What a variant is to reach against a peer of the same run.
 *
 * @param metric the compared figure
 * @param variant the variant that is judged
 * @param peer the variant that it is judged against
 * @param kind how the two are compared
 * @param limit the bar, a factor or a difference
 */
public record Bar(String metric, String variant, String peer, Kind kind, double limit) {

  /** How two figures are compared. */
  public enum Kind {
    /** variant ÷ peer is at most the limit. */
    RATIO_AT_MOST,
    /** variant ÷ peer is at least the limit. */
    RATIO_AT_LEAST,
    /** variant − peer is at most the limit. */
    DIFFERENCE_AT_MOST
  }

  /** {@code variant ≤ factor × peer}. */
  public static Bar atMost(String metric, String variant, double factor, String peer) {
    return new Bar(metric, variant, peer, Kind.RATIO_AT_MOST, factor);
  }

  /** {@code variant ≥ factor × peer}. */
  public static Bar atLeast(String metric, String variant, double factor, String peer) {
    return new Bar(metric, variant, peer, Kind.RATIO_AT_LEAST, factor);
  }

  /** {@code variant ≤ peer + difference}. */
  public static Bar difference(String metric, String variant, double difference, String peer) {
    return new Bar(metric, variant, peer, Kind.DIFFERENCE_AT_MOST, difference);
  }

  /** What is compared with the limit. */
  public double value(double ours, double theirs) {
    return kind == Kind.DIFFERENCE_AT_MOST ? ours - theirs : ours / theirs;
  }

  /** Whether such a {@link #value} meets the bar. */
  public boolean met(double value) {
    return kind == Kind.RATIO_AT_LEAST ? value >= limit : value <= limit;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case RATIO_AT_MOST -> "%s: %s <= %s x %s".formatted(metric, variant, number(), peer);
      case RATIO_AT_LEAST -> "%s: %s >= %s x %s".formatted(metric, variant, number(), peer);
      case DIFFERENCE_AT_MOST -> "%s: %s <= %s + %s".formatted(metric, variant, peer, number());
    };
  }

  private String number() {
    return limit == Math.rint(limit) ? Long.toString((long) limit) : "%.3g".formatted(limit);
  }
}
