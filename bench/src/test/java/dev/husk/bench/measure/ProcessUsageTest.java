package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.measure.ThreadSwitches;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProcessUsageTest {
  @Test
  void differencesCountNewThreadsFromZeroAndForgetEndedOnes() {
    ProcessUsage before =
        new ProcessUsage(
            1.5, Map.of(1L, new ThreadSwitches("a", 10, 1), 2L, new ThreadSwitches("gone", 5, 5)));
    ProcessUsage after =
        new ProcessUsage(
            2, Map.of(1L, new ThreadSwitches("a", 13, 2), 3L, new ThreadSwitches("new", 2, 0)));
    ProcessUsage used = after.since(before);
    assertEquals(0.5, used.cpuSeconds());
    assertEquals(6, used.switches());
    assertEquals(
        Map.of(1L, new ThreadSwitches("a", 3, 1), 3L, new ThreadSwitches("new", 2, 0)),
        used.threads());
  }

  @Test
  void threadsThatHaveEndedAreKeptFromAnEarlierLook() {
    ProcessUsage earlier =
        new ProcessUsage(
            1, Map.of(1L, new ThreadSwitches("a", 3, 0), 2L, new ThreadSwitches("gone", 5, 2)));
    ProcessUsage now = new ProcessUsage(2, Map.of(1L, new ThreadSwitches("a", 4, 0)));
    assertEquals(
        new ProcessUsage(
            2, Map.of(1L, new ThreadSwitches("a", 4, 0), 2L, new ThreadSwitches("gone", 5, 2))),
        now.with(earlier));
  }

  @Test
  void thisProcess() throws Exception {
    ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid());
    assertTrue(usage.cpuSeconds() > 0);
    assertFalse(usage.threads().isEmpty());
  }
}
