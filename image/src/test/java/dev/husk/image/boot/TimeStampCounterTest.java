package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The rate of the time stamp counter. */
final class TimeStampCounterTest {
  private static OptionalLong rate(long... samples) {
    ByteBuffer bytes = ByteBuffer.allocate(samples.length * Long.BYTES);
    bytes.asLongBuffer().put(samples);
    return TimeStampCounter.rate(bytes);
  }

  @Test
  void theRateIsWhatWasCountedBetweenTheClocksReadings() {
    assertEquals(
        OptionalLong.of(2_300_000),
        rate(1_000, 7, 990_000_000, 1_100, 115_001_000, 8, 40_000_000, 115_001_100));
  }

  @Test
  void aReadingThatWasInterruptedSaysNothing() {
    assertEquals(
        OptionalLong.empty(),
        rate(1_000, 7, 990_000_000, 101_000, 115_001_000, 8, 40_000_000, 115_001_100));
    assertEquals(OptionalLong.empty(), rate(1_000, 7, 0, 1_100, 900, 8, 0, 1_000));
    assertEquals(OptionalLong.empty(), rate(1_000, 7, 0, 1_100, 2_000_000, 7, 0, 2_000_000));
  }

  @Test
  void thisMachineHasOneRate() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "this machine has no such counter");
    OptionalLong first = TimeStampCounter.kilohertz();
    OptionalLong second = TimeStampCounter.kilohertz();
    assumeTrue(first.isPresent() && second.isPresent(), "this machine is too busy to measure");
    assertTrue(first.getAsLong() > 100_000 && first.getAsLong() < 20_000_000, first::toString);
    assertEquals(1.0, (double) first.getAsLong() / second.getAsLong(), 0.001);
  }
}
