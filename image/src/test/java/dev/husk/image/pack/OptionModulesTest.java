package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OptionModulesTest {
  @Test
  void optionsBringTheModulesThatTheyNeed() {
    assertEquals(Set.of(), OptionModules.of(List.of("-Xmx9m", "-Dhusk.stats"), Map.of("A", "b")));
    assertEquals(
        Set.of("jdk.jfr", "jdk.net", "java.sql"),
        OptionModules.of(
            List.of("-XX:StartFlightRecording=filename=a.jfr", "--add-modules=jdk.net,java.sql"),
            Map.of()));
    assertEquals(
        Set.of("java.instrument", "jdk.management.agent"),
        OptionModules.of(
            List.of("-javaagent:a.jar=b", "--add-modules=ALL-SYSTEM"),
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx9m  -Dcom.sun.management.jmxremote.port=1")));
  }

  @Test
  void aLanguageNeedsItsData() {
    assertEquals(
        Set.of("jdk.localedata"),
        OptionModules.of(List.of("-Duser.language=fr", "-Duser.timezone=UTC"), Map.of()));
  }
}
