package dev.husk.cli;

import dev.husk.image.boot.Bootable;
import dev.husk.image.boot.Forward;
import dev.husk.image.boot.Machine;
import dev.husk.image.boot.MemoryFloor;
import dev.husk.image.boot.Processor;
import dev.husk.image.cache.Cache;
import dev.husk.image.init.InitPlan;
import dev.husk.image.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Measures the smallest memory that an image serves in, and says how it goes. */
final class FloorMeasurement {
  private static final int PROCESSORS = 1;

  private final Path image;
  private final @Nullable Integer port;
  private final int limitSeconds;
  private final PrintWriter err;

  /** What the app ended with in the most memory; empty before. */
  private OptionalInt expected = OptionalInt.empty();

  /**
   * A measurement.
   *
   * @param port what is asked; null for the first that the manifest has
   * @param limitSeconds how long a guest has
   * @param err where the lines of progress go
   */
  FloorMeasurement(Path image, @Nullable Integer port, int limitSeconds, PrintWriter err) {
    this.image = image;
    this.port = port;
    this.limitSeconds = limitSeconds;
    this.err = err;
  }

  /** The result, for people. */
  String measure() throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("husk-floor");
    try (Bootable bootable = Bootable.open(image)) {
      Path qemu = BootCommand.qemu();
      Processor processor = Processor.best(qemu);
      List<Integer> known = bootable.ports();
      Integer asked = port != null ? port : known.isEmpty() ? null : known.getFirst();
      Machine most =
          new Machine(
              qemu,
              bootable.kernel(Kernels.defaultCache().resolve("unpacked")),
              bootable.initramfs(scratch),
              bootable.disk(),
              List.of(),
              bootable.commandLine() + " " + InitPlan.DATA_IN_MEMORY,
              MemoryFloor.MOST,
              PROCESSORS,
              List.of(),
              true,
              processor);
      OptionalInt floor = MemoryFloor.search(megabytes -> works(most, megabytes, asked));
      if (floor.isEmpty()) {
        throw new CommandFailure(
            image
                + " doesn't serve in "
                + MemoryFloor.MOST
                + " MB within "
                + limitSeconds
                + " s; --limit gives it longer"
                + (asked == null ? ", and --port names the port of a server" : ""));
      }
      return "%d MB (measured here: %s, %d processor)"
          .formatted(floor.getAsInt(), processor, PROCESSORS);
    } finally {
      Cache.delete(scratch);
    }
  }

  private boolean works(Machine most, int megabytes, @Nullable Integer asked)
      throws IOException, InterruptedException {
    Forward forward = asked == null ? null : new Forward("127.0.0.1", freePort(), asked);
    MemoryFloor.Run run =
        MemoryFloor.run(
            most.with(megabytes, forward == null ? List.of() : List.of(forward)),
            forward,
            TimeUnit.SECONDS.toNanos(limitSeconds));
    if (forward == null && expected.isEmpty()) {
      expected = run.status(); // The most memory comes first.
    }
    boolean works =
        forward != null ? run.reply() : run.status().isPresent() && run.status().equals(expected);
    err.printf("%d MB: %s%n", megabytes, words(run, forward != null));
    err.flush();
    return works;
  }

  private String words(MemoryFloor.Run run, boolean server) {
    double seconds = run.nanos() / 1e9;
    if (run.reply()) {
      return "answers after %.1f s".formatted(seconds);
    }
    if (run.running()) {
      return "no %s in %d s".formatted(server ? "answer" : "end", limitSeconds);
    }
    String status =
        run.status().isPresent() ? "status " + run.status().getAsInt() : "no exit status";
    return "ended after %.1f s with %s".formatted(seconds, status);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
