package dev.husk.ab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VariantTest {
  @Test
  void readsEachKindOfWord() {
    Variant variant =
        Variant.parse("all=husk:carriers=1,stats jdk:/opt/jdk env:A=b=c -XX:+UseZGC -Da=b");
    assertEquals("all", variant.name());
    assertTrue(variant.husk());
    assertEquals("carriers=1,stats", variant.agentOptions());
    assertEquals(Path.of("/opt/jdk"), variant.javaHome());
    assertEquals(Map.of("A", "b=c"), variant.environment());
    assertEquals(List.of("-XX:+UseZGC", "-Da=b"), variant.jvmArgs());
  }

  @Test
  void aNameAloneIsTheAppAsItIs() {
    Variant variant = Variant.parse("again");
    assertFalse(variant.husk());
    assertEquals("the app as it is", variant.describe());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=-Xmx1g", "a=UseZGC", "a=env:B", "a/b=-Xmx1g"})
  void saysWhatIsWrong(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Variant.parse(text));
    assertTrue(e.getMessage().contains("variant"), e.getMessage());
  }
}
