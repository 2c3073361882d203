package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HeapSizeTest {
  @Test
  void halfIsTheHeapsUnlessAnOptionSaysOtherwise() {
    assertEquals(List.of("-XX:MaxRAMPercentage=50"), HeapSize.in(List.of(), Map.of()));
    assertEquals(
        List.of("-XX:MaxRAMPercentage=50", "-Xms8m", "-Da=-Xmx1g"),
        HeapSize.in(List.of("-Xms8m", "-Da=-Xmx1g"), Map.of("A", "-Xmx1g")));
    for (String own : List.of("-Xmx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=70")) {
      assertEquals(List.of("-Da=b", own), HeapSize.in(List.of("-Da=b", own), Map.of()));
      assertEquals(
          List.of("-Da=b"),
          HeapSize.in(List.of("-Da=b"), Map.of("JAVA_TOOL_OPTIONS", "-Dx=y " + own)));
    }
  }

  @Test
  void wordsAreOfTheOptionThatCounts() {
    assertEquals(Optional.empty(), HeapSize.words(List.of("-Da=b")));
    assertEquals(
        Optional.of("up to 2g"),
        HeapSize.words(List.of("-Xmx1g", "-Xmx2g", "-XX:MaxRAMPercentage=70")));
    assertEquals(Optional.of("up to 1g"), HeapSize.words(List.of("-XX:MaxHeapSize=1g")));
    String half = HeapSize.words(HeapSize.in(List.of(), Map.of())).orElseThrow();
    assertTrue(half.startsWith("up to 50 % of memory; the rest is for"), half);
  }

  /** The JVM takes the option, and makes of it what is said here. */
  @Test
  void theJvmMakesHalfOfIt() throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(HeapSize.in(List.of("-XX:MaxRAM=600m", "-XX:+UseSerialGC"), Map.of()));
    command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    assertTrue(said.matches("(?s).* MaxHeapSize += " + (300 << 20) + " .*"), said);
  }
}
