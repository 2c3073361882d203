package dev.husk.ab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {
  @Test
  void showsAllDigitsOfSmallNumbers() {
    assertEquals("0.0264 s", Figure.CPU.format(0.02638));
    assertEquals("1.264 s", Figure.CPU.format(1.2638));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0.000 ms",
        "0.0123; 0.012 ms",
        "9.9876; 9.988 ms",
        "46.498; 46.50 ms",
        "498.598; 498.6 ms",
        "12345.678; 12,346 ms",
        "-46.498; -46.50 ms",
        "NaN; -",
      })
  void showsNoMoreThanFourDigitsOfLargeNumbers(double value, String shown) {
    assertEquals(shown, Figure.P99.format(value));
  }
}
