package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines are Debian's kernel's. */
final class KernelLogTest {
  @TempDir private Path folder;

  @Test
  void tellsWhyTheKernelPanicked() {
    KernelLog log =
        new KernelLog(
            "[    8.9] sysrq: Trigger a crash\r\n"
                + "[    8.9] Kernel panic - not syncing: sysrq triggered crash\r\n"
                + "[    8.9] CPU: 0 PID: 88 Comm: java\r\n"
                + "[    8.9] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\r\n");
    assertEquals(Optional.of("sysrq triggered crash"), log.panic());
    assertEquals(Optional.empty(), log.outOfMemory());
  }

  @Test
  void tellsOfAnExceptionBeforeThereIsAPanic() {
    KernelLog log =
        new KernelLog("PANIC: early exception 0x0d IP 10:ffffffff81e01ef0 error 0 cr2 0x0\n");
    assertEquals(
        Optional.of("early exception 0x0d IP 10:ffffffff81e01ef0 error 0 cr2 0x0"), log.panic());
  }

  @Test
  void tellsWhatWasKilledForMemory() {
    KernelLog log =
        new KernelLog(
            "[   60.1] Out of memory: Killed process 74 (java) total-vm:2338572kB,"
                + " anon-rss:1kB\r\n");
    assertEquals(Optional.of("java"), log.outOfMemory());
    assertEquals(Optional.empty(), log.panic());
  }

  @Test
  void isEmptyBeforeTheKernelSaysAnything() throws IOException {
    assertEquals(Optional.empty(), KernelLog.read(folder.resolve("kernel-log")).panic());
  }
}
