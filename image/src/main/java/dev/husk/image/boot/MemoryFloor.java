package dev.husk.image.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Looks for the smallest memory that an image works in. */
public final class MemoryFloor {
  /** The least that is tried, in megabytes. */
  public static final int LEAST = 64;

  /** The most that is tried. */
  public static final int MOST = 512;

  /** What is found is a multiple of it. */
  public static final int STEP = 8;

  private MemoryFloor() {}

  /** Tries a memory. */
  @FunctionalInterface
  public interface Trial {
    /** Whether the image works in so many megabytes. */
    boolean works(int megabytes) throws IOException, InterruptedException;
  }

  /**
   * Tries the most first, then the middle of what isn't known yet. More memory is taken to be no
   * worse than less.
   *
   * @return empty where the most is too little
   */
  public static OptionalInt search(Trial trial) throws IOException, InterruptedException {
    if (!trial.works(MOST)) {
      return OptionalInt.empty();
    }
    int works = MOST / STEP;
    int fails = LEAST / STEP - 1; // Not tried: below what is.
    while (works - fails > 1) {
      int middle = (works + fails) / 2;
      if (trial.works(middle * STEP)) {
        works = middle;
      } else {
        fails = middle;
      }
    }
    return OptionalInt.of(works * STEP);
  }

  /**
   * How one guest fared.
   *
   * @param nanos how long until it answered, ended, or the time was over
   * @param reply whether its port replied
   * @param running whether it still ran then
   * @param status the app's exit status; empty where it still ran or told none
   */
  public record Run(long nanos, boolean reply, boolean running, OptionalInt status) {}

  /**
   * Boots a guest once and watches how it fares; then there is none any more.
   *
   * @param forward what is asked until there is a byte; null where the guest shall end
   * @param limitNanos how long it may take
   */
  public static Run run(Machine machine, @Nullable Forward forward, long limitNanos)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (Guest guest = Guest.start(machine, false)) {
      Process qemu = guest.process();
      Thread end = new Thread(qemu::destroyForcibly, "husk-floor-end");
      Runtime.getRuntime().addShutdownHook(end);
      try {
        drain(qemu);
        boolean reply = false;
        if (forward == null) {
          guest.await(limitNanos, TimeUnit.NANOSECONDS);
        } else {
          BooleanSupplier goOn = () -> qemu.isAlive() && System.nanoTime() - begin < limitNanos;
          Probe probe = new Probe(forward);
          while (!reply && goOn.getAsBoolean()) {
            Probe.Answer answer = probe.ask(goOn);
            reply = answer != null && answer.reply() != null;
          }
        }
        long nanos = System.nanoTime() - begin;
        OptionalInt status = qemu.isAlive() ? OptionalInt.empty() : guest.status();
        return new Run(nanos, reply, qemu.isAlive(), status);
      } finally {
        remove(end);
      }
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs: this process is being ended.
    }
  }

  /** What the guest prints is nobody's; QEMU would stop where it isn't read. */
  private static void drain(Process qemu) {
    InputStream console = qemu.getInputStream();
    Thread.ofPlatform()
        .daemon()
        .name("husk-floor-console")
        .start(
            () -> {
              try (console) {
                console.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // The guest is gone.
              }
            });
  }
}
