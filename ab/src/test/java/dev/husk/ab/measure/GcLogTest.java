package dev.husk.ab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GcLogTest {
  @TempDir Path directory;

  @Test
  void pausesOfSerial() {
    assertEquals(
        List.of(99.303, 97.816),
        GcLog.pauses(
            List.of(
                "[3440ms][gc,start     ] GC(0) Pause Young (Allocation Failure)",
                "[3539ms][gc,heap      ] GC(0) DefNew: 103296K(116288K)->12992K(116288K)",
                "[3539ms][gc           ] GC(0) Pause Young (Allocation Failure) 101M->68M(365M)"
                    + " 99.303ms",
                "[3539ms][gc,cpu       ] GC(0) User=0.05s Sys=0.04s Real=0.10s",
                "[3920ms][gc,start     ] GC(3) Pause Full (Allocation Failure)",
                "[3950ms][gc,phases    ] GC(3) Phase 1: Mark live objects 1.500ms",
                "[4018ms][gc           ] GC(3) Pause Full (Allocation Failure) 366M->203M(491M)"
                    + " 97.816ms")));
  }

  @Test
  void pausesOfG1() {
    assertEquals(
        List.of(18.43, 1.767, 0.089),
        GcLog.pauses(
            List.of(
                "[1769ms][gc,start     ] GC(0) Pause Young (Normal) (G1 Evacuation Pause)",
                "[1788ms][gc,phases    ] GC(0)   Evacuate Collection Set: 17.9ms",
                "[1788ms][gc           ] GC(0) Pause Young (Normal) (G1 Evacuation Pause)"
                    + " 19M->4M(380M) 18.430ms",
                "[2789ms][gc           ] GC(2) Concurrent Mark Cycle 44.2ms",
                "[2791ms][gc           ] GC(2) Pause Remark 194M->194M(380M) 1.767ms",
                "[2805ms][gc           ] GC(2) Pause Cleanup 208M->208M(380M) 0.089ms")));
  }

  @Test
  void pausesOfZgc() {
    assertEquals(
        List.of(0.039, 0.019, 0.027),
        GcLog.pauses(
            List.of(
                "[3289ms][gc,phases   ] GC(0) Y: Pause Mark Start (Major) 0.039ms",
                "[3400ms][gc,phases   ] GC(0) Y: Concurrent Mark 100.012ms",
                "[3433ms][gc,phases   ] GC(0) y: Pause Mark End 0.019ms",
                "[3440ms][gc,phases   ] GC(0) O: Pause Relocate Start 0.027ms")));
  }

  @Test
  void pausesOfShenandoahAreNotCountedAgainInItsStatistics() {
    assertEquals(
        List.of(0.121, 0.237),
        GcLog.pauses(
            List.of(
                "[1764ms][gc,start     ] GC(0) Pause Init Mark (unload classes)",
                "[1764ms][gc           ] GC(0) Pause Init Mark (unload classes) 0.121ms",
                "[1854ms][gc           ] GC(0) Pause Final Mark (unload classes) 0.237ms",
                "[1927ms][gc,stats     ] Pause Init Mark (G)                7359 us",
                "[1927ms][gc,stats     ] Pause Init Mark (N)                 132 us")));
  }

  @Test
  void theHeapIsWhereItsPagesAre() {
    assertEquals(
        new GcLog.HeapRange(0xe0000000L, 0x100000000L),
        GcLog.heap(
            List.of(
                "[4ms][pagesize] CodeHeap 'profiled nmethods':  min=2496K max=120036K"
                    + " base=0x00007f91083ff000 size=120036K page_size=4K",
                "[5ms][pagesize] Heap:  min=8M max=512M base=0x00000000e0000000 size=512M"
                    + " page_size=4K")));
    assertEquals(
        new GcLog.HeapRange(0x7fa418200000L, 0x7fa418200000L + (2L << 30)),
        GcLog.heap(
            List.of(
                "[6ms][pagesize      ] Heap: req_size=2G req_page_size=256K"
                    + " base=0x00007fa418200000 size=2G page_size=4K")));
    assertNull(GcLog.heap(List.of("[17ms][gc,init] Initializing The Z Garbage Collector")));
  }

  @Test
  void aLineThatIsStillBeingWrittenIsLeftForLater() throws Exception {
    Path log = directory.resolve("gc.log");
    assertEquals(List.of(), GcLog.since(log, 0));
    Files.writeString(log, "one\ntwo\nthr");
    assertEquals(List.of("one", "two"), GcLog.since(log, 0));
    assertEquals(List.of("two"), GcLog.since(log, 4));
    assertEquals(List.of(), GcLog.since(log, 1000));
    assertEquals(11, GcLog.length(log));
  }
}
