package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void endsAtRoundNumbers() {
    assertEquals(new Scale.Linear(0, 15_000), Scale.linear(0, 13_504));
    assertEquals(new Scale.Linear(2_000, 2_500), Scale.linear(2_040, 2_455));
    assertEquals(new Scale.Linear(0, 1), Scale.linear(0, 1));
  }

  @Test
  void marksEqualStepsWithOneTwoOrFive() {
    assertEquals(List.of(0.0, 5_000.0, 10_000.0, 15_000.0), Scale.linear(0, 13_504).ticks(5));
    assertEquals(List.of(0.0, 10_000.0), Scale.linear(0, 13_504).ticks(3));
    assertEquals(List.of(0.0, 0.5, 1.0, 1.5, 2.0), Scale.linear(0, 2).ticks(5));
  }

  @Test
  void marksDecadesOrFewer() {
    assertEquals(List.of(1.0, 10.0, 100.0, 1_000.0), Scale.log(0.6, 2_000).ticks(6));
    assertEquals(List.of(0.2, 0.5, 1.0, 2.0), Scale.log(0.2, 3).ticks(6));
    assertEquals(List.of(1.0, 100.0, 10_000.0), Scale.log(1, 50_000).ticks(4));
  }

  @Test
  void placesValuesAndKeepsThemInside() {
    assertEquals(0.5, Scale.log(1, 100).at(10), 1e-12);
    assertEquals(0.25, new Scale.Linear(0, 4).at(1));
    assertEquals(1, new Scale.Linear(0, 4).at(9));
    assertEquals(0, Scale.log(1, 100).at(0.01));
  }

  @Test
  void copesWithOneValue() {
    for (Scale scale :
        List.of(Scale.linear(0, 0), Scale.linear(7, 7), Scale.log(3, 3), Axis.around(List.of()))) {
      assertTrue(Double.isFinite(scale.at(7)), scale.toString());
      assertTrue(scale.ticks(5).size() >= 1, scale.toString());
    }
  }

  @Test
  void namesMarksWithoutIdleDigits() {
    assertEquals("12,000", Axis.plain(12_000));
    assertEquals("0.05", Axis.plain(0.05));
    assertEquals("0.3", Axis.plain(0.1 + 0.2));
    assertEquals("-2.5", Axis.plain(-2.5));
    assertEquals("0", Axis.plain(0));
    assertEquals("1.00e+30", Axis.plain(1e30));
    assertEquals("2.00e-09", Axis.plain(2e-9));
  }

  @Test
  void spreadsPercentiles() {
    Axis axis = Axis.percentiles("part", 99.99);
    assertEquals(
        List.of("50 %", "90 %", "99 %", "99.9 %", "99.99 %"),
        axis.ticksIn(600).stream().map(tick -> axis.label().apply(tick)).toList());
    double step = axis.scale().at(100) - axis.scale().at(10);
    assertEquals(step, axis.scale().at(10_000) - axis.scale().at(1_000), 1e-9);
  }

  @Test
  void leavesMarksOutWhereTheyWouldTouch() {
    Axis axis = Axis.of("req/s", Scale.linear(0, 1_500_000));
    for (double width = 100; width < 700; width += 10) {
      double end = Double.NEGATIVE_INFINITY;
      for (double tick : axis.ticksIn(width)) {
        double middle = axis.scale().at(tick) * width;
        assertTrue(middle - axis.width(tick) / 2 > end, "width " + width);
        end = middle + axis.width(tick) / 2;
      }
    }
  }
}
