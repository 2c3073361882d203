package dev.husk.bench.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a load generator saw.
 *
 * @param requests answered requests
 * @param durationMicros how long the load lasted
 * @param bytes received bytes
 * @param errors failed connects, reads and writes, time-outs, and answers other than 2xx and 3xx
 * @param p50Micros median latency
 * @param p99Micros 99 % of the latencies are at most this
 * @param p999Micros 99.9 % of the latencies are at most this
 * @param maxMicros the longest
 */
public record LoadResult(
    long requests,
    long durationMicros,
    long bytes,
    long errors,
    long p50Micros,
    long p99Micros,
    long p999Micros,
    long maxMicros) {

  /** Answered requests per second. */
  public double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }

  /** The line that {@link #parse} reads. */
  public String toLine() {
    return "load requests="
        + requests
        + " duration_us="
        + durationMicros
        + " bytes="
        + bytes
        + " errors="
        + errors
        + " p50_us="
        + p50Micros
        + " p99_us="
        + p99Micros
        + " p999_us="
        + p999Micros
        + " max_us="
        + maxMicros;
  }

  /**
   * Finds the line of {@code report.lua}, or of {@link JavaLoad}, in the output of a run.
   *
   * @throws IllegalArgumentException when it isn't there or lacks a field
   */
  public static LoadResult parse(List<String> output) {
    for (String line : output) {
      if (line.startsWith("load ")) {
        Map<String, Long> fields = new HashMap<>();
        for (String field : line.substring("load ".length()).strip().split(" ")) {
          int equals = field.indexOf('=');
          fields.put(field.substring(0, equals), Long.parseLong(field.substring(equals + 1)));
        }
        return new LoadResult(
            field(fields, "requests"),
            field(fields, "duration_us"),
            field(fields, "bytes"),
            field(fields, "errors"),
            field(fields, "p50_us"),
            field(fields, "p99_us"),
            field(fields, "p999_us"),
            field(fields, "max_us"));
      }
    }
    throw new IllegalArgumentException(
        "no 'load' line in the load generator's output:\n" + String.join("\n", output));
  }

  private static long field(Map<String, Long> fields, String name) {
    Long value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no field " + name + " in the load generator's line");
    }
    return value;
  }
}
