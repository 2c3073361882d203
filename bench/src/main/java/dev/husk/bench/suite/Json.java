package dev.husk.bench.suite;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Results as JSON, every round of them, for whoever wants to look at them later. */
public final class Json {
  private Json() {}

  /**
   * Writes a file with one object, the machine and all benchmarks, over one that is there. What
   * isn't a finite number is null.
   *
   * @param machine what is known of the machine
   */
  public static void write(Map<String, Object> machine, List<Result> results, Path file)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectFieldStart("machine");
      for (Map.Entry<String, Object> entry : machine.entrySet()) {
        json.writeObjectField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("benchmarks");
      for (Result result : results) {
        result.write(json);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
