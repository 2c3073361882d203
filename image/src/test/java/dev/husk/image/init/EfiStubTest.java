package dev.husk.image.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.asm.Objdump;
import dev.husk.image.asm.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boots what {@link EfiStub} makes in OVMF, the firmware of virtual machines. */
final class EfiStubTest {
  private static final List<Path> FIRMWARE =
      List.of(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd"), Path.of("/usr/share/OVMF/OVMF_CODE.fd"));
  private static final int PAGE = 4096;

  @TempDir private Path scratch;

  @Test
  void theSourceIsWhatRuns() throws Exception {
    Objdump.assertAgrees(EfiStub.program(), scratch);
  }

  @Test
  void isSmallAndTheSameEachTime() {
    byte[] code = EfiStub.code();
    assertTrue(code.length < PAGE, code.length + " bytes");
    assertArrayEquals(code, EfiStub.code());
  }

  /** The command line decides what init's environment is, and the initramfs holds init. */
  @Test
  void startsTheKernelWithInitramfsAndCommandLine() throws Exception {
    InitPlan plan =
        new InitPlan(
            null,
            List.of(),
            List.of("/bin/busybox", "sh", "-c", "echo \"word <$WORD>\"; exit 3"),
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            "/",
            "guest",
            false,
            false,
            1);
    Path busybox = Path.of("/bin/busybox");
    Tools.need(Files.isExecutable(busybox), "busybox-static is not installed");
    byte[] initrd =
        new Initramfs()
            .file("init", InitProgram.executable(plan))
            .directory("bin")
            .file("bin/busybox", Files.readAllBytes(busybox))
            .bytes();
    Map<String, byte[]> sections = new LinkedHashMap<>();
    sections.put(".text", EfiStub.code());
    sections.put(".cmdline", ascii("console=ttyS0 quiet panic=-1 WORD=of-the-image"));
    sections.put(".linux", Files.readAllBytes(Kernel.find().image()));
    sections.put(".initrd", initrd);
    try (Guest guest = boot(sections)) {
      guest.awaitEnd();
      assertTrue(guest.console().contains("word <of-the-image>\n"), guest.console());
      assertTrue(guest.host().endsWith("husk:status=3\n"), guest.host());
    }
  }

  /** And takes back what it has made, so that the firmware can go on. */
  @Test
  void saysWhichStepFailed() throws Exception {
    Map<String, byte[]> sections = new LinkedHashMap<>();
    sections.put(".text", EfiStub.code());
    sections.put(".linux", Files.readAllBytes(Kernel.find().image()));
    sections.put(".initrd", ascii("an initramfs"));
    try (Guest guest = boot(sections)) {
      guest.awaitConsole("husk: find .cmdline: 800000000000000e\n"); // EFI_NOT_FOUND
      guest.awaitConsole("BdsDxe: failed to start Boot");
      guest.awaitConsole(": Not Found\n");
      guest.awaitConsole("UEFI Interactive Shell");
    }
  }

  private Guest boot(Map<String, byte[]> sections) throws IOException {
    Optional<Path> firmware = FIRMWARE.stream().filter(Files::exists).findFirst();
    Tools.need(firmware.isPresent(), "ovmf is not installed");
    Path disk = scratch.resolve("disk");
    Path boot = Files.createDirectories(disk.resolve("EFI/BOOT"));
    Files.write(boot.resolve("BOOTX64.EFI"), pe(sections));
    List<String> options = new ArrayList<>(Guest.hostPort(scratch));
    options.addAll(List.of("-nic", "none"));
    options.addAll(
        List.of(
            "-drive",
            "if=pflash,format=raw,readonly=on,file=" + firmware.orElseThrow(),
            "-drive",
            "format=raw,file=fat:rw:" + disk));
    return Guest.start(scratch, "q35", options);
  }

  /** An EFI application of these sections, with no more in its headers than the firmware reads. */
  private static byte[] pe(Map<String, byte[]> sections) {
    int end = PAGE;
    for (byte[] bytes : sections.values()) {
      end += pages(bytes);
    }
    ByteBuffer file = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, ascii("MZ")).putInt(0x3c, 0x40);
    file.position(0x40).put(ascii("PE\0\0"));
    file.putShort((short) 0x8664).putShort((short) sections.size());
    file.putInt(0).putInt(0).putInt(0);
    file.putShort((short) 240).putShort((short) 0x22); // size of what follows; executable, 64 bits
    file.putShort((short) 0x20b).putShort((short) 0); // PE32+
    file.putInt(0).putInt(0).putInt(0).putInt(PAGE + EfiStub.ENTRY).putInt(PAGE);
    file.putLong(0).putInt(PAGE).putInt(PAGE); // image base, alignment in memory and in the file
    file.putLong(0).putLong(0);
    file.putInt(end).putInt(PAGE).putInt(0);
    file.putShort((short) 10).putShort((short) 0); // EFI application
    file.putLong(0).putLong(0).putLong(0).putLong(0);
    file.putInt(0).putInt(16).position(file.position() + 16 * 8);
    int offset = PAGE;
    for (Map.Entry<String, byte[]> section : sections.entrySet()) {
      byte[] bytes = section.getValue();
      file.put(ascii(section.getKey())).position(file.position() + 8 - section.getKey().length());
      file.putInt(bytes.length).putInt(offset).putInt(pages(bytes)).putInt(offset);
      file.putLong(0).putInt(0);
      file.putInt(section.getKey().equals(".text") ? 0x60000020 : 0x40000040);
      file.put(offset, bytes);
      offset += pages(bytes);
    }
    return file.array();
  }

  private static int pages(byte[] bytes) {
    return (bytes.length + PAGE - 1) / PAGE * PAGE;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
