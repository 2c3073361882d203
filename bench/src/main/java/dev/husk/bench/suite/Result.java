package dev.husk.bench.suite;

import dev.husk.bench.measure.Stats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of all rounds of a benchmark. */
public final class Result {
  private final Benchmark benchmark;
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  Result(Benchmark benchmark) {
    this.benchmark = benchmark;
  }

  /** What was run. */
  public Benchmark benchmark() {
    return benchmark;
  }

  void add(String variant, Map<String, Double> round) {
    Map<String, List<Double>> all = figures.computeIfAbsent(variant, key -> new LinkedHashMap<>());
    round.forEach((name, value) -> all.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
  }

  void fail(String variant, String why) {
    String prefix = variant + ": ";
    failures.put(variant, why.startsWith(prefix) ? why : prefix + why);
  }

  /** Why a variant has no figures, or fewer than there were rounds, with its name; by variant. */
  public Map<String, String> failures() {
    return failures;
  }

  /** The measured variants. */
  public List<String> variants() {
    return List.copyOf(figures.keySet());
  }

  /** A figure of a variant, round by round; empty when there is none. */
  public List<Double> rounds(String variant, String metric) {
    return figures.getOrDefault(variant, Map.of()).getOrDefault(metric, List.of());
  }

  /** The median over the rounds; NaN when there is none. */
  public double median(String variant, String metric) {
    return Stats.median(rounds(variant, metric));
  }

  /**
   * What a bar compares, as the median over the rounds, each of which is compared with itself: what
   * the machine does to one round it does to all variants of it. NaN when a side is missing.
   */
  public double value(Bar bar) {
    List<Double> ours = rounds(bar.variant(), bar.metric());
    List<Double> theirs = rounds(bar.peer(), bar.metric());
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      values.add(bar.value(ours.get(i), theirs.get(i)));
    }
    return Stats.median(values);
  }

  /** Everything, as it goes into the JSON file. */
  Map<String, Object> toJson() {
    List<Object> bars = new ArrayList<>();
    for (Bar bar : benchmark.bars()) {
      double value = value(bar);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("bar", bar.toString());
      entry.put("value", value);
      entry.put("met", Double.isNaN(value) ? null : bar.met(value));
      bars.add(entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", benchmark.name());
    json.put("title", benchmark.title());
    json.put("rounds", figures);
    json.put("bars", bars);
    json.put("failures", failures);
    return json;
  }
}
