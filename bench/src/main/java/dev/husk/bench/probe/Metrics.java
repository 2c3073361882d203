package dev.husk.bench.probe;

import dev.husk.bench.measure.Histogram;

/** A probe's output: {@code metric <name> <value>}, one a line. */
final class Metrics {
  private Metrics() {}

  static void print(String name, double value) {
    System.out.println("metric " + name + " " + value);
  }

  /** p50, p99 and p99.9 of a histogram, each divided by {@code unit}. */
  static void print(Histogram histogram, double unit) {
    print("p50", histogram.percentile(50) / unit);
    print("p99", histogram.percentile(99) / unit);
    print("p99.9", histogram.percentile(99.9) / unit);
  }
}
