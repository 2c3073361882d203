package dev.husk.bench.probe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A probe's output: {@code metric <name> <value>}, one a line. */
final class Metrics {
  private Metrics() {}

  static void print(String name, double value) {
    System.out.println("metric " + name + " " + value);
  }

  /** For durations in ns up to an hour, to 0.8 %: for one thread at a time. */
  static Histogram histogram() {
    return new Histogram(TimeUnit.HOURS.toNanos(1), 2);
  }

  /** p50, p99 and p99.9 of a histogram, each divided by {@code unit}. */
  static void print(Histogram histogram, double unit) {
    print("p50", histogram.getValueAtPercentile(50) / unit);
    print("p99", histogram.getValueAtPercentile(99) / unit);
    print("p99.9", histogram.getValueAtPercentile(99.9) / unit);
  }
}
