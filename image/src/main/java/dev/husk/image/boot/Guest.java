package dev.husk.image.boot;

import dev.husk.image.init.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A running guest. Its console is QEMU's standard output and input. */
public final class Guest implements AutoCloseable {
  private static final String REPORT = "report";
  private static final String KERNEL_LOG = "kernel-log";
  private static final String CONTROL = "control";

  /** How often its kernel's lines are looked at, and how long one that panicked may take to end. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * Gives QEMU a session of its own: an interrupt typed at a terminal goes to all processes of its
   * foreground group, and QEMU would end at once, where the app is to be asked.
   */
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  /** Has QEMU end when the thread ends that started it, be it because this process was killed. */
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  private final Process process;
  private final Path scratch;
  private final Control control;

  private Guest(Process process, Path scratch) {
    this.process = process;
    this.scratch = scratch;
    control = Control.of(process, scratch.resolve(CONTROL));
  }

  /**
   * Starts a guest. It lives no longer than the thread that starts it.
   *
   * @param inheritConsole whether its console is this process's standard input and output; else it
   *     is {@link #process()}'s
   * @throws IOException if QEMU can't be started
   */
  public static Guest start(Machine machine, boolean inheritConsole) throws IOException {
    Path scratch = Files.createTempDirectory("husk-guest");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    if (Files.isExecutable(SETPRIV)) {
      command.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "TERM"));
    }
    command.addAll(
        machine.command(
            scratch.resolve(REPORT), scratch.resolve(KERNEL_LOG), scratch.resolve(CONTROL)));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (inheritConsole) {
      builder.inheritIO();
    } else {
      builder.redirectErrorStream(true);
    }
    return new Guest(builder.start(), scratch);
  }

  /** QEMU. */
  public Process process() {
    return process;
  }

  /** Presses the power button: the app is asked to end, the guest then switches itself off. */
  public void powerDown() throws IOException {
    control.powerDown();
  }

  /**
   * QEMU's word for why it stopped the guest for good, such as internal-error where KVM couldn't go
   * on; empty where it didn't. The guest has ended then.
   */
  public Optional<String> stopped() {
    return Optional.ofNullable(control.stopped());
  }

  /**
   * Waits until the guest is off; false when it isn't within the time. One whose kernel has
   * panicked is ended: before the kernel has read its command line it doesn't end by itself.
   */
  public boolean await(long time, TimeUnit unit) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long limit = unit.toNanos(time);
    boolean panicked = false;
    while (true) {
      long left = limit - (System.nanoTime() - begin);
      if (process.waitFor(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (left <= LOOK_NANOS) {
        return false;
      }
      if (panicked) {
        process.destroyForcibly();
      }
      panicked = kernelLog().panic().isPresent();
    }
  }

  /** What the guest's kernel has said so far. */
  public KernelLog kernelLog() throws IOException {
    return KernelLog.read(scratch.resolve(KERNEL_LOG));
  }

  /**
   * The app's exit status as a shell would give it, once the guest is off; empty where it told
   * none.
   */
  public OptionalInt status() throws IOException {
    OptionalLong status = reported(HostPort.STATUS);
    return status.isPresent() ? OptionalInt.of((int) status.getAsLong()) : OptionalInt.empty();
  }

  /** What the guest has told the host under a name of {@link HostPort} so far. */
  public OptionalLong reported(String name) throws IOException {
    Path report = scratch.resolve(REPORT);
    if (Files.exists(report)) {
      String text = Files.readString(report, StandardCharsets.ISO_8859_1);
      // A line without its end is still being written.
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        if (line.startsWith(name)) {
          try {
            return OptionalLong.of(Long.parseLong(line.substring(name.length()).strip()));
          } catch (NumberFormatException e) {
            // A guest may write what it likes.
            return OptionalLong.empty();
          }
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Ends the guest where it still runs, and forgets what it reported. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(scratch.resolve(REPORT));
    Files.deleteIfExists(scratch.resolve(KERNEL_LOG));
    Files.deleteIfExists(scratch.resolve(CONTROL));
    Files.deleteIfExists(scratch);
  }
}
