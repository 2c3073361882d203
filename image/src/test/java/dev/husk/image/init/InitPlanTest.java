package dev.husk.image.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InitPlanTest {

  @Test
  void refusesWhatTheKernelWouldRefuse() {
    assertRefused("no program", List.of(), Map.of(), "/", "husk", 1);
    assertRefused("absolute path", List.of("java"), Map.of(), "/", "husk", 1);
    assertRefused("absolute path", List.of("/java"), Map.of(), "app", "husk", 1);
    assertRefused("zero byte", List.of("/java", "a\0b"), Map.of(), "/", "husk", 1);
    assertRefused("variable's name", List.of("/java"), Map.of("A=B", "C"), "/", "husk", 1);
    assertRefused("variable's name", List.of("/java"), Map.of("", "C"), "/", "husk", 1);
    assertRefused("host name", List.of("/java"), Map.of(), "/", "", 1);
    assertRefused("host name", List.of("/java"), Map.of(), "/", "h".repeat(65), 1);
    assertRefused("no time", List.of("/java"), Map.of(), "/", "husk", 0);
  }

  private static void assertRefused(
      String reason,
      List<String> arguments,
      Map<String, String> environment,
      String directory,
      String hostName,
      int graceSeconds) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new InitPlan(
                    null,
                    List.of(),
                    arguments,
                    List.of(),
                    environment,
                    List.of(),
                    List.of(),
                    directory,
                    hostName,
                    false,
                    false,
                    graceSeconds));
    assertEquals(true, e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void theEnvironmentHasOneOrder() {
    Map<String, String> environment = new HashMap<>();
    environment.put("Z", "1");
    environment.put("A", "2");
    InitPlan plan =
        new InitPlan(
            null,
            List.of(),
            List.of("/java"),
            List.of(),
            environment,
            List.of(),
            List.of(),
            "/",
            "husk",
            false,
            false,
            1);
    environment.put("M", "3");
    assertEquals(List.of("A", "Z"), List.copyOf(plan.environment().keySet()));
  }
}
