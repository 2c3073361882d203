package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StatsTest {
  @Test
  void medianOfOddEvenAndNoCounts() {
    assertEquals(3, Stats.median(List.of(9.0, 1.0, 3.0)));
    assertEquals(2, Stats.median(List.of(9.0, 1.0, 3.0, 1.0)));
    assertTrue(Double.isNaN(Stats.median(List.of())));
  }

  @Test
  void spreadIsTheRangeOverTheMedian() {
    assertEquals(0.5, Stats.spread(List.of(8.0, 10.0, 13.0)));
    assertEquals(0, Stats.spread(List.of(8.0)));
    assertEquals(0, Stats.spread(List.of(0.0, 0.0)));
  }
}
