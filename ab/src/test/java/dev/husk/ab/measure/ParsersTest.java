package dev.husk.ab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.host.Launch;
import dev.husk.ab.host.ProcessStat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ParsersTest {
  @Test
  void theHeapsPartOfMemoryIsThatOfItsRange() {
    List<String> smaps =
        List.of(
            "e0000000-e8000000 rw-p 00000000 00:00 0 ",
            "Size:             131072 kB",
            "Rss:               10000 kB",
            "Anonymous:         10000 kB",
            "VmFlags: rd wr mr mw me nr sd ",
            // The end of the heap and what lies behind it, in one.
            "ff000000-102000000 rw-p 00000000 00:00 0 ",
            "Rss:               20000 kB",
            "7fa000000000-7fa000100000 r-xp 00000000 fe:00 42      /usr/lib/jvm/libjvm.so",
            "Rss:                 500 kB");
    GcLog.HeapRange heap = new GcLog.HeapRange(0xe0000000L, 0x100000000L);
    assertEquals(new Smaps(10_000 + 16_384, 30_500), Smaps.parse(smaps, heap));
    assertEquals(new Smaps(0, 30_500), Smaps.parse(smaps, null));
  }

  @Test
  void theHeapOfZgcIsKnownByItsName() {
    assertEquals(
        new Smaps(2048, 2100),
        Smaps.parse(
            List.of(
                "40000000000-40020000000 rw-s 00000000 00:01 1025  /memfd:java_heap (deleted)",
                "Rss:                2048 kB",
                "7fa000000000-7fa000100000 rw-p 00000000 00:00 0 [stack]",
                "Rss:                  52 kB"),
            null));
  }

  @Test
  void theMachinesTimeWithoutThatOfGuests() {
    MachineTime before = MachineTime.parse("cpu  100 10 50 800 20 5 5 10 7 7\ncpu0 1 2 3\n");
    assertEquals(new MachineTime(1000, 820, 10), before);
    MachineTime after = new MachineTime(2000, 1220, 60);
    // 1,000 ticks, 400 of them idle, 500 known: 100 are somebody else's.
    assertEquals(0.1, after.otherSince(before, 5), 1e-9);
    assertEquals(0, after.otherSince(before, 7), 1e-9);
    assertTrue(Double.isNaN(after.otherSince(before, Double.NaN)));
    assertTrue(Double.isNaN(before.otherSince(before, 0)));
  }

  @Test
  void switchesOfThreadsThatEndedStayInTheSum() {
    Switches switches = new Switches();
    switches.saw(Map.of(1L, new Switches.Count(10, 1), 2L, new Switches.Count(20, 2)));
    switches.saw(Map.of(1L, new Switches.Count(15, 1), 3L, new Switches.Count(100, 0)));
    assertEquals(new Switches.Count(135, 3), switches.total());
    // Number 3 is another thread now.
    switches.saw(Map.of(1L, new Switches.Count(15, 1), 3L, new Switches.Count(1, 1)));
    assertEquals(new Switches.Count(136, 4), switches.total());
  }

  @Test
  void switchesAreReadFromAStatus() {
    assertEquals(
        new ThreadSwitches("GC Thread#0", 52, 7),
        ThreadSwitches.parse(
            List.of(
                "Name:\tGC Thread#0",
                "voluntary_ctxt_switches:\t52",
                "nonvoluntary_ctxt_switches:\t7")));
  }

  @Test
  void timeOfProcessesThatEndedIsCountedOnce() {
    CpuTime time = new CpuTime();
    time.saw(Map.of(1L, stat(1, 0, 100, 0), 2L, stat(2, 1, 300, 0), 3L, stat(3, 9, 50, 0)));
    assertEquals(4.5, time.seconds());
    // 2 has ended, and its parent 1 has its time; 3 has ended without a parent among these.
    time.saw(Map.of(1L, stat(1, 0, 110, 320)));
    assertEquals(4.8, time.seconds());
    time.saw(Map.of());
    assertEquals(4.8, time.seconds());
  }

  private static ProcessStat stat(long pid, long parent, long ticks, long childTicks) {
    return new ProcessStat(pid, 'S', parent, 1, ticks, childTicks, 77);
  }

  @Test
  void systemCallsAreReadFromPerf() {
    assertEquals(
        OptionalLong.of(12345),
        SystemCalls.parsePerf(
            List.of(
                "# started on Sat Nov 28 18:52:01 2026",
                "",
                "12345,,raw_syscalls:sys_enter,1000000,100.00,,")));
    assertEquals(
        OptionalLong.empty(),
        SystemCalls.parsePerf(List.of("<not counted>,,raw_syscalls:sys_enter,0,0.00,,")));
  }

  @Test
  void systemCallsAreReadFromStrace() {
    String title = "% time     seconds  usecs/call     calls    errors syscall";
    String line = "------ ----------- ----------- --------- --------- ----------------";
    assertEquals(
        OptionalLong.of(29),
        SystemCalls.parseStrace(
            List.of(
                title,
                line,
                "  0.00    0.000000           0         2           close",
                line,
                "100.00    0.000000           0        29         1 total")));
    assertEquals(
        OptionalLong.of(61),
        SystemCalls.parseStrace(
            List.of(title, line, "100.00    0.000339                    61           total")));
    assertEquals(OptionalLong.empty(), SystemCalls.parseStrace(List.of()));
  }

  @Test
  void theMachineIsDescribed() {
    assertEquals(
        "AMD EPYC",
        Environment.cpuModel(List.of("processor\t: 0", "model name\t: AMD EPYC", "flags\t: fpu")));
    assertEquals("unknown", Environment.cpuModel(List.of()));
    assertEquals("24,105 MB", Environment.memory(List.of("MemTotal:       24683652 kB")));
    assertEquals("madvise", Environment.chosen("always [madvise] never"));
    assertEquals("unknown", Environment.chosen("unknown"));
    assertEquals("none", Environment.limits(Launch.Limits.NONE));
    assertEquals(
        "1.5 processors' time, processors 0-1, 512 MB",
        Environment.limits(new Launch.Limits(1.5, "0-1", 512)));
  }
}
