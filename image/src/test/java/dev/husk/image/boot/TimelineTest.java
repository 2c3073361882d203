package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Phases from moments. */
final class TimelineTest {
  private static @Nullable Duration millis(int millis) {
    return millis < 0 ? null : Duration.ofMillis(millis);
  }

  /** The phases as text; -1 is a moment that wasn't. */
  private static List<String> phases(
      int start, int kernel, int init, int exec, int up, int reply, int end) {
    return new Timeline.Moments(
            Duration.ofMillis(start),
            millis(kernel),
            millis(init),
            millis(exec),
            millis(up),
            millis(reply),
            Duration.ofMillis(end))
        .timeline().phases().stream()
            .map(phase -> phase.name() + " " + phase.length().toMillis())
            .toList();
  }

  @Test
  void aWholeBootHasAllPhases() {
    assertEquals(
        List.of(
            "host's preparation 10",
            "QEMU until the kernel 20",
            "kernel until init 30",
            "init until the JVM 0",
            "JVM until the port is open 40",
            "first reply 5"),
        phases(10, 30, 60, 60, 100, 105, 105));
  }

  @Test
  void aGuestThatEndsEarlyHasWhatItCameTo() {
    assertEquals(
        List.of("host's preparation 10", "QEMU until the guest's end 90"),
        phases(10, -1, -1, -1, -1, -1, 100));
    assertEquals(
        List.of(
            "host's preparation 10",
            "QEMU until the kernel 10",
            "kernel until init 10",
            "init until the guest's end 70"),
        phases(10, 20, 30, -1, -1, -1, 100));
    assertEquals("JVM until the guest's end 60", phases(10, 20, 30, 40, -1, -1, 100).getLast());
    assertEquals("open without a reply 50", phases(10, 20, 30, 40, 50, -1, 100).getLast());
  }

  @Test
  void clocksThatDisagreeTurnNothingRound() {
    assertEquals(
        List.of(
            "host's preparation 10",
            "QEMU until the kernel 10",
            "kernel until init 30",
            "init until the JVM 10",
            "JVM until the port is open 0",
            "first reply 0"),
        phases(10, 20, 50, 90, 55, 60, 60));
  }

  @Test
  void aGapIsRefused() {
    Phase late = new Phase("late", Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThrows(IllegalArgumentException.class, () -> new Timeline(List.of(late)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Phase("back", Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }
}
