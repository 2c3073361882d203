package dev.husk.image.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads YAML 1.1 with PyYAML (Debian: python3-yaml). */
final class PythonYaml {

  private static final String PROGRAM =
      """
      import json, sys, yaml
      documents = list(yaml.safe_load_all(sys.stdin.buffer.read()))
      json.dump(documents, sys.stdout)
      """;

  private PythonYaml() {}

  /** All documents: maps, lists, strings, longs, booleans. */
  static List<@Nullable Object> read(String yaml) throws Exception {
    assumeTrue(
        Boolean.parseBoolean(System.getenv("CI")) || run("import yaml", "").status() == 0,
        "needs PyYAML (Debian: apt install python3-yaml)");
    Outcome outcome = run(PROGRAM, yaml);
    assertEquals(0, outcome.status(), () -> outcome.output() + yaml);
    try (JsonParser parser = new JsonFactory().createParser(outcome.output())) {
      parser.nextToken();
      return list(parser);
    }
  }

  private record Outcome(int status, String output) {}

  private static Outcome run(String program, String input)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile("husk-", ".yaml");
    Path out = Files.createTempFile("husk-", ".out");
    try {
      Files.writeString(in, input);
      // Debian's own, which has Debian's package.
      Process process =
          new ProcessBuilder("/usr/bin/python3", "-c", program)
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      return new Outcome(process.waitFor(), Files.readString(out, StandardCharsets.UTF_8));
    } finally {
      Files.delete(in);
      Files.delete(out);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }
}
