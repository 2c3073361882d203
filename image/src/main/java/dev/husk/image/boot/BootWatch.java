package dev.husk.image.boot;

import dev.husk.image.init.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches a guest boot. */
public final class BootWatch {
  /** So late may a line of the guest's be noticed. */
  private static final int PAUSE_MILLIS = 10;

  private final Guest guest;
  private final @Nullable Forward forward;
  private final long begin;
  private final Duration start;

  /**
   * Begins to watch; to be called when QEMU was just started.
   *
   * @param forward the port whose first reply ends the boot; null where only the guest's end does
   * @param begin the command's start, by {@link System#nanoTime()}
   */
  public BootWatch(Guest guest, @Nullable Forward forward, long begin) {
    this.guest = guest;
    this.forward = forward;
    this.begin = begin;
    start = Duration.ofNanos(System.nanoTime() - begin);
  }

  /**
   * Waits until there was a reply or the guest has ended. The port is left alone until the JVM is
   * executed: nobody listens before.
   */
  public Timeline watch() throws IOException, InterruptedException {
    Duration origin = null;
    OptionalLong init = guest.reported(HostPort.INIT);
    OptionalLong exec = OptionalLong.empty();
    while (exec.isEmpty()) {
      boolean alive = guest.process().isAlive();
      init = guest.reported(HostPort.INIT);
      if (init.isPresent() && origin == null) {
        // The zero of the guest's clock, as the host sees it.
        origin = now().minusNanos(init.getAsLong());
        origin = origin.compareTo(start) < 0 ? start : origin;
      }
      exec = guest.reported(HostPort.EXEC);
      if (!alive) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    Probe.Answer answer = null;
    if (exec.isPresent() && forward != null) {
      answer = new Probe(forward).ask(guest.process()::isAlive);
    }
    if (answer == null) {
      guest.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
    Long reply = answer == null ? null : answer.reply();
    Duration end = reply == null ? now() : Duration.ofNanos(reply - begin);
    return new Timeline.Moments(
            start,
            origin,
            after(origin, init),
            after(origin, exec),
            answer == null ? null : Duration.ofNanos(answer.up() - begin),
            reply == null ? null : end,
            end)
        .timeline();
  }

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static @Nullable Duration after(@Nullable Duration origin, OptionalLong nanos) {
    return origin == null || nanos.isEmpty() ? null : origin.plusNanos(nanos.getAsLong());
  }
}
