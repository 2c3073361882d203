package dev.husk.ab.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.husk.ab.Figure;
import dev.husk.ab.RatePoint;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Sample;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Analyst;
import dev.husk.ab.stats.Comparison;
import dev.husk.ab.stats.Interval;
import dev.husk.ab.stats.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code results.json}: UTF-8, indented, as {@code docs/ab-results.schema.json} describes
 * it. What isn't a finite number is null.
 */
public final class ResultsJson {
  /** Changes when a reader of the file before would misread the new one. */
  private static final int SCHEMA_VERSION = 1;

  private final JsonGenerator json;

  private ResultsJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes a file, over one that is there.
   *
   * @throws IOException when it can't be written
   */
  public static void write(Results results, Analysis analysis, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      write(results, analysis, out);
    }
  }

  /** Writes to a stream, which stays open. */
  public static void write(Results results, Analysis analysis, OutputStream out)
      throws IOException {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      new ResultsJson(json).write(results, analysis);
      json.writeRaw('\n');
    }
  }

  private void write(Results results, Analysis analysis) throws IOException {
    json.writeStartObject();
    json.writeNumberField("schemaVersion", SCHEMA_VERSION);
    json.writeStringField("title", results.title());
    json.writeStringField("started", results.started().toString());
    json.writeBooleanField("complete", results.complete());
    json.writeStringField("verdict", analysis.verdict());
    strings("warnings", analysis.warnings());
    strings("command", results.command());
    json.writeStringField("appCommand", results.appCommand());
    json.writeStringField("load", results.loadDescription());
    number("latencyLimitMillis", results.latencyLimitMillis());
    number("fixedRate", results.fixedRate());
    number("alpha", Analyst.ALPHA);
    json.writeArrayFieldStart("variants");
    for (Variant variant : results.variants()) {
      write(variant);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("figures");
    for (Figure figure : results.figures()) {
      write(figure);
    }
    json.writeEndArray();
    strings("headline", results.headline());
    json.writeArrayFieldStart("summaries");
    for (Summary summary : analysis.summaries()) {
      write(summary);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("comparisons");
    for (Comparison comparison : analysis.comparisons()) {
      write(comparison);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rounds");
    for (Round round : results.rounds()) {
      write(round);
    }
    json.writeEndArray();
    strings("environment", results.environment());
    json.writeEndObject();
  }

  private void write(Variant variant) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", variant.name());
    json.writeBooleanField("husk", variant.husk());
    json.writeStringField("agentOptions", variant.agentOptions());
    if (variant.javaHome() == null) {
      json.writeNullField("javaHome");
    } else {
      json.writeStringField("javaHome", variant.javaHome().toString());
    }
    strings("jvmArguments", variant.jvmArgs());
    strings("environment", variant.environment());
    json.writeEndObject();
  }

  private void write(Figure figure) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", figure.id());
    json.writeStringField("title", figure.title());
    json.writeStringField("unit", figure.unit());
    json.writeStringField("better", word(figure.better()));
    json.writeNumberField("decimals", figure.decimals());
    json.writeEndObject();
  }

  private void write(Summary summary) throws IOException {
    json.writeStartObject();
    json.writeStringField("variant", summary.variant());
    json.writeStringField("figure", summary.figure());
    json.writeArrayFieldStart("rounds");
    for (double value : summary.rounds()) {
      number(value);
    }
    json.writeEndArray();
    number("median", summary.median());
    interval(summary.interval());
    json.writeEndObject();
  }

  private void write(Comparison comparison) throws IOException {
    json.writeStartObject();
    json.writeStringField("figure", comparison.figure());
    json.writeStringField("base", comparison.base());
    json.writeStringField("other", comparison.other());
    number("ratio", comparison.ratio());
    interval(comparison.interval());
    number("pValue", comparison.pValue());
    json.writeStringField("verdict", word(comparison.verdict()));
    json.writeStringField("words", comparison.words());
    json.writeEndObject();
  }

  private void write(Round round) throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", round.number());
    json.writeNumberField("position", round.position());
    json.writeStringField("variant", round.variant());
    if (round.failure() == null) {
      json.writeNullField("failure");
    } else {
      json.writeObjectFieldStart("failure");
      json.writeStringField("kind", word(round.failure().kind()));
      json.writeStringField("message", round.failure().message());
      json.writeEndObject();
    }
    json.writeObjectFieldStart("figures");
    for (Map.Entry<String, Double> figure : round.figures().entrySet()) {
      number(figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
    number("warmUpSeconds", round.warmUpSeconds());
    json.writeBooleanField("warm", round.warm());
    number("otherCpu", round.otherCpu());
    strings("notes", round.notes());
    json.writeStringField("log", round.log());
    json.writeArrayFieldStart("curve");
    for (RatePoint point : round.curve()) {
      write(point);
    }
    json.writeEndArray();
    json.writeStringField("latencies", round.latencies());
    json.writeArrayFieldStart("samples");
    for (Sample sample : round.samples()) {
      json.writeStartObject();
      number("seconds", sample.seconds());
      number("cores", sample.cores());
      number("rssMegabytes", sample.rssMegabytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(RatePoint point) throws IOException {
    json.writeStartObject();
    number("offered", point.offered());
    number("achieved", point.achieved());
    number("p50", point.p50());
    number("p99", point.p99());
    number("p99_9", point.p999());
    number("max", point.max());
    json.writeNumberField("errors", point.errors());
    json.writeBooleanField("driverLimited", point.driverLimited());
    json.writeObjectFieldStart("driver");
    number("latenessMillis", point.driver().latenessMillis());
    number("busiest", point.driver().busiest());
    number("waiting", point.driver().waiting());
    json.writeStringField("limit", point.driver().limit()); // Null is null.
    json.writeEndObject();
    json.writeEndObject();
  }

  private void interval(Interval interval) throws IOException {
    json.writeArrayFieldStart("interval");
    number(interval.low());
    number(interval.high());
    json.writeEndArray();
  }

  private void strings(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private void strings(String name, Map<String, String> values) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> value : values.entrySet()) {
      json.writeStringField(value.getKey(), value.getValue());
    }
    json.writeEndObject();
  }

  private void number(String name, double value) throws IOException {
    json.writeFieldName(name);
    number(value);
  }

  private void number(double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
