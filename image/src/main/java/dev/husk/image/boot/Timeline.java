package dev.husk.image.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a boot went.
 *
 * @param phases one after the other, each beginning where the one before ended
 */
public record Timeline(List<Phase> phases) {
  /** Checks that the phases follow each other. */
  public Timeline {
    phases = List.copyOf(phases);
    Duration at = Duration.ZERO;
    for (Phase phase : phases) {
      if (!phase.begin().equals(at)) {
        throw new IllegalArgumentException(phase + " doesn't begin at " + at);
      }
      at = phase.end();
    }
  }

  /** How long all of it took. */
  public Duration length() {
    return phases.isEmpty() ? Duration.ZERO : phases.getLast().end();
  }

  /**
   * The moments of a boot, all from the command's start. Null is what didn't come to be.
   *
   * @param start QEMU is started
   * @param kernel the kernel has begun to run: the zero of the guest's clock
   * @param init init has begun
   * @param exec the JVM is executed
   * @param up the first port is open: a connection stayed open, or there was a byte
   * @param reply the first byte came
   * @param end the watching is over: there was a reply, or the guest ended
   */
  public record Moments(
      Duration start,
      @Nullable Duration kernel,
      @Nullable Duration init,
      @Nullable Duration exec,
      @Nullable Duration up,
      @Nullable Duration reply,
      Duration end) {

    /** The phases that there were, up to the end. */
    public Timeline timeline() {
      Steps steps = new Steps(end);
      steps.until("host's preparation", start);
      steps.until("QEMU until the kernel", kernel);
      steps.until("kernel until init", init);
      steps.until("init until the JVM", exec);
      steps.until("JVM until the port is open", up);
      steps.until("first reply", reply);
      if (reply == null) {
        steps.until(rest(), end);
      }
      return new Timeline(steps.phases);
    }

    private String rest() {
      if (up != null) {
        return "open without a reply";
      }
      if (exec != null) {
        return "JVM until the guest's end";
      }
      return init == null ? "QEMU until the guest's end" : "init until the guest's end";
    }
  }

  /** Phases as they come. Clocks that disagree make one short; they don't turn it round. */
  private static final class Steps {
    private final Duration last;
    private final List<Phase> phases = new ArrayList<>();
    private Duration at = Duration.ZERO;

    Steps(Duration last) {
      this.last = last;
    }

    void until(String name, @Nullable Duration moment) {
      if (moment == null) {
        return;
      }
      Duration next = moment.compareTo(last) > 0 ? last : moment;
      if (next.compareTo(at) < 0) {
        next = at;
      }
      phases.add(new Phase(name, at, next));
      at = next;
    }
  }
}
