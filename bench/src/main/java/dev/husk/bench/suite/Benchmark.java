package dev.husk.bench.suite;

import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A comparison of variants. */
public interface Benchmark {
  /** What the command line calls it. */
  String name();

  /** What it measures, in a line. */
  String title();

  /** The figures of a round, in the order of the table's columns. */
  List<Metric> metrics();

  /** What is compared. */
  List<Variant> variants();

  /** What Husk is to reach. */
  List<Bar> bars();

  /** About how many seconds one round of one variant takes, and one variant before it. */
  default int secondsPerRound(Setup setup) {
    return setup.measureSeconds() + 1;
  }

  /** Gets the variants ready. */
  Session open(Setup setup, List<Variant> variants) throws IOException, InterruptedException;

  /** Variants that are ready to be measured, in turn and again and again. */
  @FunctionalInterface
  interface Session extends AutoCloseable {
    /** Measures one variant once and returns its figures by name. */
    Map<String, Double> measure(Variant variant) throws IOException, InterruptedException;

    @Override
    default void close() {}
  }
}
