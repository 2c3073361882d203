package dev.husk.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackSizeTest {
  @ParameterizedTest
  @CsvSource({
    "1048576, 1, 1048576",
    "512k, 1, 524288",
    "512K, 1, 524288",
    "1m, 1, 1048576",
    "2M, 1, 2097152",
    "1g, 1, 1073741824",
    "1G, 1, 1073741824",
    "1t, 1, 1099511627776",
    // -XX:ThreadStackSize counts in KB.
    "1024, 1024, 1048576",
    "0, 1, 0",
    "0, 1024, 0",
    "'', 1, 0",
    "k, 1, 0",
    "12q, 1, 0",
    "1kk, 1, 0",
    "1.5m, 1, 0",
  })
  void bytes(String text, long unit, long expected) {
    assertEquals(expected, StackSize.bytes(text, unit));
  }

  @Test
  void ofThisJvm() {
    long size = StackSize.ofThreads();
    assertTrue(size >= 64 << 10 && size <= 1L << 30, () -> "size " + size);
  }
}
