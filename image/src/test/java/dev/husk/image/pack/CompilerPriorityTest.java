package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CompilerPriorityTest {
  @Test
  void ownOptionsOfPrioritiesGoFirst() {
    assertEquals(12, CompilerPriority.lowest(List.of("-Xmx9m"), Map.of()).size());
    for (String own :
        List.of(
            "-XX:ThreadPriorityPolicy=1", "-XX:-UseThreadPriorities", "-XX:VMThreadPriority=2")) {
      assertEquals(List.of(), CompilerPriority.lowest(List.of("-Xmx9m", own), Map.of()));
      assertEquals(
          List.of(), CompilerPriority.lowest(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-a " + own)));
    }
  }

  /** This JVM takes them without a word. */
  @Test
  void areOptionsOfTheJvm() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(CompilerPriority.lowest(List.of(), Map.of()));
    command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
    Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    assertTrue(said.matches("(?s).*CompilerThreadPriority += 19 .*"), said);
  }
}
