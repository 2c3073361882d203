package dev.husk.image.pe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** UEFI firmware in a virtual machine. */
public final class Ovmf {
  private Ovmf() {}

  /** Starts an EFI application, until the machine is switched off or reset; what it prints. */
  public static String boot(Path efi) throws IOException, InterruptedException {
    Path firmware =
        Stream.of("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_CODE.fd")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElse(Path.of(""));
    Tool.require(Files.isRegularFile(firmware), "firmware of the package ovmf");
    return Tool.run(
        "qemu-system-x86",
        "qemu-system-x86_64",
        "-machine",
        "q35",
        "-m",
        "256",
        "-nodefaults",
        "-display",
        "none",
        "-serial",
        "stdio",
        "-no-reboot",
        "-drive",
        "if=pflash,format=raw,readonly=on,file=" + firmware,
        "-kernel",
        efi.toString());
  }
}
