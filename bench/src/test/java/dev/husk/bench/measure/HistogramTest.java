package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void smallValuesAreExact() {
    Histogram histogram = new Histogram();
    for (int i = 1; i <= 100; i++) {
      histogram.record(i);
    }
    assertEquals(50, histogram.percentile(50));
    assertEquals(99, histogram.percentile(99));
    assertEquals(100, histogram.percentile(99.9));
    assertEquals(1, histogram.percentile(0));
    assertEquals(100, histogram.max());
  }

  @Test
  void largeValuesAreWithinOnePercentOfTheSortedOnes() {
    Random random = new Random(7);
    long[] values = new long[10_000];
    Histogram histogram = new Histogram();
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 40);
      histogram.record(values[i]);
    }
    Arrays.sort(values);
    for (double percent : new double[] {1, 10, 50, 90, 99, 99.9, 100}) {
      long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
      double error = histogram.percentile(percent) - exact;
      assertEquals(0, error, exact * 0.01 + 1, percent + " %");
    }
  }

  @Test
  void extremesAreCounted() {
    Histogram histogram = new Histogram();
    histogram.record(-5);
    histogram.record(Long.MAX_VALUE);
    assertEquals(2, histogram.total());
    assertEquals(0, histogram.percentile(50));
    assertEquals(Long.MAX_VALUE, histogram.max());
    assertEquals(1.0, histogram.percentile(100) / (double) Long.MAX_VALUE, 0.01);
  }

  @Test
  void emptyIsZero() {
    assertEquals(0, new Histogram().percentile(99));
  }

  @Test
  void mergingKeepsAll() {
    Histogram first = new Histogram();
    Histogram second = new Histogram();
    for (int i = 0; i < 10; i++) {
      first.record(10);
      second.record(1_000_000);
    }
    first.add(second);
    assertEquals(20, first.total());
    assertEquals(10, first.percentile(50));
    assertEquals(1_000_000, first.max());
    assertEquals(1, first.percentile(51) / 1e6, 0.01);
  }
}
