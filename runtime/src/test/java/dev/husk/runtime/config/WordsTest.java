package dev.husk.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "'','',0",
    "a,'',1",
    "'',abc,3",
    "slice,slice,0",
    "slcie,slice,1",
    "slice,spares,4",
    "kitten,sitting,3",
    "carrier,carriers,1",
  })
  void distance(String a, String b, int expected) {
    assertEquals(expected, Words.distance(a, b));
    assertEquals(expected, Words.distance(b, a));
  }

  @Test
  void nearestIsNoGuess() {
    assertEquals("debug", Words.nearest("debgu", "info", "debug"));
    assertNull(Words.nearest("loud", "info", "debug"));
    assertNull(Words.nearest("xy", "ab"));
  }
}
