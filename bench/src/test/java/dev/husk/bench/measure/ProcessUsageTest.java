package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.bench.measure.ProcessUsage.TaskSwitches;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProcessUsageTest {
  @Test
  void cpuTimeIsUserPlusSystemWhateverTheProgramIsCalled() {
    String fields = " S 1 2 3 4 5 6 7 8 9 10 250 50 99 99 20 0 12 0 100 1 2 3";
    assertEquals(3_000_000, ProcessUsage.parseCpuMicros("4711 (java)" + fields));
    assertEquals(3_000_000, ProcessUsage.parseCpuMicros("4711 (a) b (c d)" + fields));
  }

  @Test
  void switchesOfAThread() {
    String status =
        """
        Name:\tG1 Conc#0
        Umask:\t0022
        State:\tS (sleeping)
        voluntary_ctxt_switches:\t17
        nonvoluntary_ctxt_switches:\t4
        """;
    TaskSwitches switches = ProcessUsage.parseSwitches(status);
    assertEquals(new TaskSwitches("G1 Conc#0", 17, 4), switches);
    assertEquals(21, switches.sum());
  }

  @Test
  void differencesCountNewThreadsFromZeroAndForgetEndedOnes() {
    ProcessUsage before =
        new ProcessUsage(
            0, Map.of(1, new TaskSwitches("a", 10, 1), 2, new TaskSwitches("gone", 5, 5)));
    ProcessUsage after =
        new ProcessUsage(
            0, Map.of(1, new TaskSwitches("a", 13, 2), 3, new TaskSwitches("new", 2, 0)));
    assertEquals(6, after.switchesSince(before));
    assertEquals(
        Map.of(1, new TaskSwitches("a", 3, 1), 3, new TaskSwitches("new", 2, 0)),
        after.since(before));
  }

  @Test
  void thisProcess() throws Exception {
    ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid());
    assertTrue(usage.cpuMicros() > 0);
    assertFalse(usage.tasks().isEmpty());
  }
}
