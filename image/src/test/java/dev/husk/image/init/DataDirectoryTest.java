package dev.husk.image.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataDirectoryTest {
  @Test
  void isCalledAsItsLastNameUnlessItIsSaidOtherwise() {
    assertEquals(new DataDirectory("data", "/app/data"), DataDirectory.parse("/app/data"));
    assertEquals(new DataDirectory("shop", "/app/data"), DataDirectory.parse("shop:/app/data"));
    assertEquals("shop:/app/data", DataDirectory.parse("shop:/app/data").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "data", "/", "/app", "/app/", "/app/../etc", "/proc/data", "/tmp", "a:b", ":"})
  void mustBeADirectoryOfItsOwn(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> DataDirectory.parse(text)).getMessage();
    assertTrue(message.contains("such as /app/data") || message.contains("no label"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ä:/a/b", "a b:/a/b", "12345678901234567:/a/b", "/a/12345678901234567"})
  void itsLabelFitsAFileSystem(String text) {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> DataDirectory.parse(text))
            .getMessage()
            .contains("no label: give up to 16"));
  }
}
