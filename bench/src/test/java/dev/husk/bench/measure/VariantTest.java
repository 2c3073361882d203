package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VariantTest {
  private static final Setup SETUP =
      new Setup(
          Path.of("/jdk/bin/java"),
          "a.jar:b.jar",
          Path.of("/husk.jar"),
          "stats,carriers=2",
          List.of("-Xmx1g"),
          1,
          Duration.ofSeconds(1),
          Duration.ZERO);

  @Test
  void theStockCommandHasNoAgent() {
    Variant variant =
        Variant.stock("s", String.class, "x=1")
            .startedBy("taskset", "-c", "0")
            .withJvmArgs("-Da=b");
    assertEquals(
        List.of(
            "taskset",
            "-c",
            "0",
            "/jdk/bin/java",
            "-Xmx1g",
            "-Da=b",
            "-cp",
            "a.jar:b.jar",
            "java.lang.String",
            "x=1",
            "y=2"),
        variant.command(SETUP, List.of("y=2")));
  }

  @Test
  void theHuskCommandDiffersByTheAgentAlone() {
    assertEquals(
        List.of(
            "/jdk/bin/java",
            "-Xmx1g",
            "-javaagent:/husk.jar=stats,carriers=2",
            "-cp",
            "a.jar:b.jar",
            "java.lang.String"),
        Variant.husk("h", String.class).command(SETUP, List.of()));
  }
}
