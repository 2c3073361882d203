package dev.husk.image.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.asm.Tools;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual machine under QEMU, with its console and what it tells the host in files. */
final class Guest implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path directory;
  private final Process qemu;

  private Guest(Path directory, Process qemu) {
    this.directory = directory;
    this.qemu = qemu;
  }

  /**
   * Starts one.
   *
   * @param machine of QEMU
   * @param options of QEMU: what boots, and from what
   */
  static Guest start(Path directory, String machine, List<String> options) throws IOException {
    Tools.need("qemu-system-x86_64");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("qemu-system-x86_64", "-machine", machine, "-m", "256", "-no-reboot"));
    command.addAll(List.of("-display", "none", "-monitor", "none"));
    command.addAll(List.of("-serial", "file:" + directory.resolve("console")));
    command.addAll(List.of("-qmp", "unix:" + directory.resolve("qmp") + ",server=on,wait=off"));
    command.addAll(options);
    Process qemu =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("qemu").toFile())
            .start();
    return new Guest(directory, qemu);
  }

  /** The device behind which the lines of {@link HostPort} end up in a file. */
  static List<String> hostPort(Path directory) {
    return List.of(
        "-chardev",
        "file,id=husk,path=" + directory.resolve("host"),
        "-device",
        "isa-debugcon,iobase=" + HostPort.PORT + ",chardev=husk");
  }

  /** Waits until it has switched itself off. */
  void awaitEnd() throws IOException, InterruptedException {
    assertTrue(qemu.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), this::state);
    assertEquals(0, qemu.exitValue(), this::state);
  }

  /** Waits until something is on its console. */
  void awaitConsole(String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!console().contains(text)) {
      assertTrue(qemu.isAlive() && System.nanoTime() < end, this::state);
      Thread.sleep(50);
    }
  }

  /** Presses the power button. */
  void pressPowerButton() throws IOException {
    try (SocketChannel monitor =
        SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("qmp")))) {
      for (String command : List.of("qmp_capabilities", "system_powerdown")) {
        String line = "{\"execute\":\"" + command + "\"}\n";
        monitor.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
        awaitReturn(monitor);
      }
    }
  }

  private static void awaitReturn(SocketChannel monitor) throws IOException {
    StringBuilder answer = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (!answer.toString().contains("\"return\"")) {
      if (monitor.read(buffer.clear()) < 0) {
        throw new IOException("QEMU: " + answer);
      }
      answer.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
    }
  }

  /** The lines on the console, as the guest's programs wrote them. */
  String console() throws IOException {
    return read("console").replace("\r", "");
  }

  /** What it told the host. */
  String host() throws IOException {
    return read("host");
  }

  private String state() {
    try {
      return "console:\n" + console() + "\nhost:\n" + host() + "\nqemu:\n" + read("qemu");
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String read(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
  }

  /** Ends it if it is still there. */
  @Override
  public void close() {
    qemu.destroyForcibly().onExit().join();
  }
}
