package dev.husk.image.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether this machine runs guests on its own processors. */
public final class Kvm {
  private static final Path DEVICE = Path.of("/dev/kvm");

  private Kvm() {}

  /**
   * Whether it does: not only is there a device, a processor can be made, too. In virtual machines
   * that is another matter. Takes some 100 ms where there is a device.
   */
  public static boolean works(Path qemu) throws IOException, InterruptedException {
    if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
      return false;
    }
    Process probe =
        new ProcessBuilder(
                List.of(
                    qemu.toString(),
                    "-machine",
                    "microvm",
                    "-accel",
                    "kvm",
                    "-cpu",
                    "host",
                    "-nodefaults",
                    "-no-user-config",
                    "-display",
                    "none",
                    "-S",
                    "-qmp",
                    "stdio"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream control = probe.getOutputStream()) {
      control.write(
          "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"quit\"}\n"
              .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It has ended already, which its status tells.
    }
    if (!probe.waitFor(10, TimeUnit.SECONDS)) {
      probe.destroyForcibly().waitFor();
      return false;
    }
    return probe.exitValue() == 0;
  }
}
