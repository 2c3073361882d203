package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessStatTest {
  private static final String STAT =
      "4242 (a) b (c) S 4000 4242 4100 0 -1 4194304 5000 60 7 8 1234 567 89 11 20 0 31 0 99000"
          + " 3000000000 25000 18446744073709551615 1 1 0 0 0 0 4096 4 2 0 0 0 17 1 0 0 0 0 0\n";

  @Test
  void fieldsAreCountedBehindTheName() {
    assertEquals(new ProcessStat(4242, 'S', 4000, 4100, 1801, 100, 99000), ProcessStat.parse(STAT));
  }

  @Test
  void aZombieIsNotAlive() {
    assertFalse(ProcessStat.parse(STAT.replace(" S ", " Z ")).isAlive());
  }

  @Test
  void thereIsNoProcessOfThatNumber() {
    assertThrows(NoSuchFileException.class, () -> ProcessStat.of(Integer.MAX_VALUE));
  }

  @Test
  void loopbackBytesAreThoseReceived() {
    assertEquals(
        123456,
        Logs.loopbackBytes(
            List.of(
                "Inter-|   Receive                            |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast|bytes",
                "    lo:  123456     100    0    0    0     0          0         0   123456  100",
                "  eth0: 1000 10    0    0    0     0          0         0   123 10")));
    assertEquals(-1, Logs.loopbackBytes(List.of("eth0: 1 2")));
  }
}
