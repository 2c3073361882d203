package dev.husk.ab;

import java.util.List;
import java.util.Locale;

/**
 * Something that is measured, one number a round and variant.
 *
 * @param id its name in {@code results.json}
 * @param title what tables call it
 * @param unit its unit, "" for a plain number
 * @param better which direction is the good one
 * @param decimals digits behind the point in tables; of numbers from one on no more than four
 *     digits in all
 */
public record Figure(String id, String title, String unit, Better better, int decimals) {
  /** Which direction is the good one. */
  public enum Better {
    HIGHER,
    LOWER
  }

  /** As many digits of a number say what rounds can tell. */
  private static final int DIGITS = 4;

  /** The highest offered rate at which all was answered within the latency limit. */
  public static final Figure THROUGHPUT =
      higher("throughput", "throughput within the latency limit", "req/s", 0);

  /** Answered requests of connections that each send the next when they have the last answer. */
  public static final Figure CLOSED_THROUGHPUT =
      higher("closed_throughput", "throughput, closed loop", "req/s", 0);

  public static final Figure FIRST_REPLY =
      lower("first_reply", "start to first correct reply", "ms", 0);

  public static final Figure P50 = lower("p50", "latency p50", "ms", 3);
  public static final Figure P90 = lower("p90", "latency p90", "ms", 3);
  public static final Figure P99 = lower("p99", "latency p99", "ms", 3);
  public static final Figure P999 = lower("p99_9", "latency p99.9", "ms", 3);
  public static final Figure P9999 = lower("p99_99", "latency p99.99", "ms", 3);
  public static final Figure MAX = lower("max", "latency max", "ms", 3);

  public static final Figure CPU = lower("cpu", "CPU for 1,000 requests", "s", 4);
  public static final Figure RSS = lower("rss", "resident memory, peak", "MB", 0);
  public static final Figure HEAP = lower("heap", "heap resident, peak", "MB", 0);
  public static final Figure OFF_HEAP =
      lower("off_heap", "resident outside the heap, peak", "MB", 0);

  public static final Figure VOLUNTARY =
      lower("voluntary_switches", "voluntary switches a request", "", 3);

  public static final Figure INVOLUNTARY =
      lower("involuntary_switches", "involuntary switches a request", "", 3);

  public static final Figure SYSCALLS = lower("syscalls", "system calls a request", "", 2);
  public static final Figure GC_PAUSES = lower("gc_pauses", "GC pauses, sum", "ms", 1);
  public static final Figure GC_LONGEST = lower("gc_longest", "GC pause, longest", "ms", 2);
  public static final Figure LOOPBACK = lower("loopback", "loopback bytes a request", "B", 0);

  /** All that Husk measures by itself, in the order of tables. */
  public static final List<Figure> ALL =
      List.of(
          THROUGHPUT,
          CLOSED_THROUGHPUT,
          FIRST_REPLY,
          P50,
          P90,
          P99,
          P999,
          P9999,
          MAX,
          CPU,
          RSS,
          HEAP,
          OFF_HEAP,
          VOLUNTARY,
          INVOLUNTARY,
          SYSCALLS,
          GC_PAUSES,
          GC_LONGEST,
          LOOPBACK);

  private static Figure higher(String id, String title, String unit, int decimals) {
    return new Figure(id, title, unit, Better.HIGHER, decimals);
  }

  private static Figure lower(String id, String title, String unit, int decimals) {
    return new Figure(id, title, unit, Better.LOWER, decimals);
  }

  /** A figure with its unit, as tables show it. */
  public String format(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    int whole = Math.abs(value) < 1 ? 0 : (int) Math.log10(Math.abs(value)) + 1;
    int shown = Math.clamp(DIGITS - whole, 0, decimals);
    String number = String.format(Locale.ROOT, "%,." + shown + "f", value);
    return unit.isEmpty() ? number : number + " " + unit;
  }
}
