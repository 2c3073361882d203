package dev.husk.image.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether this machine runs guests on its own processors. */
public final class Kvm {
  private static final Path DEVICE = Path.of("/dev/kvm");

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Kvm() {}

  /**
   * Whether it does: not only is there a device, the processor has what it takes and one can be
   * made for a guest, too. In virtual machines these are other matters. Takes some 100 ms where
   * there is a device.
   */
  public static boolean works(Path qemu) throws IOException, InterruptedException {
    if (!Files.isReadable(DEVICE)
        || !Files.isWritable(DEVICE)
        || !virtualizes(Files.readString(PROCESSORS))) {
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

  /**
   * Whether x86 processors can run guests, as /proc/cpuinfo lists them. KVM has a device without,
   * where it runs guests in the host's page tables (PVM): those have to know of it, and Debian's
   * kernel doesn't; the first instruction that KVM can't interpret stops it.
   */
  static boolean virtualizes(String cpuinfo) {
    return cpuinfo
        .lines()
        .filter(line -> line.startsWith("flags"))
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(flag -> flag.equals("vmx") || flag.equals("svm"));
  }
}
