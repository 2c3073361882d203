package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.SampleRun;
import dev.husk.ab.stats.Analyst;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path SCHEMA = Path.of("../docs/ab-results.schema.json");

  static Stream<Results> samples() {
    return Stream.of(
        SampleRun.two(),
        SampleRun.failing(),
        SampleRun.partial(),
        SampleRun.empty(),
        SampleRun.of(Figure.GC_PAUSES, new double[4], new double[] {0, 1, 2, 3}),
        SampleRun.of(Figure.GC_PAUSES, new double[] {0, 0, 1, 1}, new double[] {0, 1, 2, 3}));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void followsItsSchema(Results results) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(SCHEMA));
    Set<ValidationMessage> messages = schema.validate(write(results));
    assertTrue(messages.isEmpty(), messages::toString);
  }

  @Test
  void writesNothingThatTheSchemaDoesNotName() throws IOException {
    JsonNode schema = MAPPER.readTree(SCHEMA.toFile());
    Set<String> named = new HashSet<>();
    schema.findValues("properties").forEach(each -> each.fieldNames().forEachRemaining(named::add));
    JsonNode json = write(SampleRun.failing());
    for (String holder : Set.of("variants", "figures", "summaries", "comparisons", "rounds")) {
      json.get(holder).get(0).fieldNames().forEachRemaining(name -> assertNamed(named, name));
    }
    json.fieldNames().forEachRemaining(name -> assertNamed(named, name));
    json.at("/rounds/0/curve/0").fieldNames().forEachRemaining(name -> assertNamed(named, name));
    json.at("/rounds/0/samples/0").fieldNames().forEachRemaining(name -> assertNamed(named, name));
  }

  @Test
  void keepsTheFiguresAndTheirComparison() throws IOException {
    JsonNode json =
        write(SampleRun.of(Figure.RSS, new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}));
    assertEquals("[1.0,2.0,3.0,4.0]", json.at("/summaries/0/rounds").toString());
    assertEquals(2.5, json.at("/summaries/0/median").doubleValue());
    assertEquals(2.6, json.at("/comparisons/0/ratio").doubleValue());
    assertEquals("worse", json.at("/comparisons/0/verdict").textValue());
    assertEquals(2.0 / 70, json.at("/comparisons/0/pValue").doubleValue(), 1e-12);
  }

  @Test
  void writesNullForWhatIsNoNumber() throws IOException {
    JsonNode json = write(SampleRun.of(Figure.RSS, new double[0], new double[] {5}));
    assertTrue(json.at("/summaries/0/median").isNull());
    assertTrue(json.at("/summaries/0/interval/0").isNull());
    assertTrue(json.at("/comparisons/0/ratio").isNull());
    assertTrue(json.at("/comparisons/0/pValue").isNull());
  }

  @Test
  void writesTheSameToAFile(@TempDir Path directory) throws IOException {
    Results results = SampleRun.partial();
    Path file = directory.resolve("results.json");
    ResultsJson.write(results, Analyst.analyse(results), file);
    assertEquals(write(results), MAPPER.readTree(file.toFile()));
  }

  private static void assertNamed(Set<String> named, String name) {
    assertTrue(named.contains(name), name);
  }

  private static JsonNode write(Results results) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ResultsJson.write(results, Analyst.analyse(results), out);
    return MAPPER.readTree(out.toByteArray());
  }
}
