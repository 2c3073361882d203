package dev.husk.bench.suite;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.descriptive.Median;

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
    return median(rounds(variant, metric));
  }

  /**
   * How far the rounds of a figure lie apart: (largest − smallest) ÷ median. A ratio between two
   * variants that is closer to 1 than this says nothing.
   */
  public double spread(String variant, String metric) {
    DoubleSummaryStatistics rounds =
        rounds(variant, metric).stream().mapToDouble(Double::doubleValue).summaryStatistics();
    double median = median(variant, metric);
    return rounds.getCount() < 2 || median == 0 ? 0 : (rounds.getMax() - rounds.getMin()) / median;
  }

  private static double median(List<Double> values) {
    return Median.withDefaults()
        .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
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
    return median(values);
  }

  /** Writes everything. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", benchmark.name());
    json.writeStringField("title", benchmark.title());
    json.writeObjectFieldStart("rounds");
    for (Map.Entry<String, Map<String, List<Double>>> variant : figures.entrySet()) {
      json.writeObjectFieldStart(variant.getKey());
      for (Map.Entry<String, List<Double>> figure : variant.getValue().entrySet()) {
        json.writeArrayFieldStart(figure.getKey());
        for (double value : figure.getValue()) {
          number(json, value);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeArrayFieldStart("bars");
    for (Bar bar : benchmark.bars()) {
      double value = value(bar);
      json.writeStartObject();
      json.writeStringField("bar", bar.toString());
      json.writeFieldName("value");
      number(json, value);
      if (Double.isNaN(value)) {
        json.writeNullField("met");
      } else {
        json.writeBooleanField("met", bar.met(value));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, String> failure : failures.entrySet()) {
      json.writeStringField(failure.getKey(), failure.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }
}
