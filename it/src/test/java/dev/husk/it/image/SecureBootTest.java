package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images that a user signs, under a firmware that boots nothing else: OVMF, with the keys that
 * Debian's package brings for tests.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "husk.long", matches = "true")
final class SecureBootTest {
  private static final Path KEYS = Path.of("/usr/share/ovmf");
  private static final Path FIRMWARE = Path.of("/usr/share/OVMF");
  private static final String PROGRAM = "::EFI/BOOT/BOOTX64.EFI";

  /** Where the EFI system partition of a disk begins. */
  private static final String PARTITION = "@@1M";

  @TempDir private static Path shared;

  private static Path key;
  private static Path certificate;
  private static Path jar;
  private static Path kernel;
  private static Path signedKernel;

  @TempDir private Path folder;

  @BeforeAll
  static void signTheKernel() throws Exception {
    Needs.program("qemu-system-x86_64");
    jar = FaultyApp.jar(shared.resolve("faulty.jar"));
    key = shared.resolve("key.pem");
    certificate = KEYS.resolve("PkKek-1-snakeoil.pem");
    call(
        "openssl",
        "rsa",
        "-passin",
        "pass:snakeoil",
        "-in",
        KEYS.resolve("PkKek-1-snakeoil.key").toString(),
        "-out",
        key.toString());
    kernel = Needs.kernel();
    assertTrue(kernel != null, "HUSK_KERNEL names a kernel");
    signedKernel = shared.resolve("vmlinuz");
    sign(kernel, signedKernel);
  }

  @Test
  void aSignedDiskBoots() throws Exception {
    Path disk = signedDisk(pack("app.img", signedKernel, true));
    assertSays(boot(disk, null), "husk: exited with status 3\n");
  }

  @Test
  void aSignedUnifiedKernelImageBoots() throws Exception {
    Path image = pack("app.efi", signedKernel, true);
    sign(image, image);
    Path directory = Files.createDirectories(folder.resolve("esp/EFI/BOOT"));
    Files.copy(image, directory.resolve("BOOTX64.EFI"));
    assertSays(boot(folder.resolve("esp"), null), "husk: exited with status 3\n");
  }

  @Test
  void whatIsNotSignedIsRefused() throws Exception {
    String console = boot(pack("app.img", signedKernel, true), "No bootable option");
    assertSays(console, "BdsDxe: failed to load Boot0001 ");
    assertSays(console, ": Access Denied\n");
    assertFalse(console.contains("husk: "), console);
  }

  @Test
  void aKernelThatIsNotSignedByTheKeyIsRefused() throws Exception {
    Path disk = signedDisk(pack("app.img", kernel, true));
    // EFI_ACCESS_DENIED
    assertSays(boot(disk, "No bootable option"), "husk: load the kernel: 800000000000000f\n");
  }

  @Test
  void theKernelRefusesModulesWithoutTheirSignatures() throws Exception {
    Path disk = signedDisk(pack("app.img", signedKernel, false));
    String console = boot(disk, null);
    assertTrue(
        console.matches("(?s).*husk: module /lib/modules/\\w+\\.ko: errno 129\n.*"), console);
    assertSays(console, "husk: exited with status 127\n");
  }

  private Path pack(String name, Path ofKernel, boolean keep) throws Exception {
    Path image = folder.resolve(name);
    List<String> words =
        new ArrayList<>(List.of("pack", jar.toString(), "--no-training", "--output=" + image));
    words.add("--kernel=" + ofKernel);
    words.add("--kernel-modules=" + kernel.getParent().getParent());
    if (keep) {
      words.add("--keep-signatures");
    }
    Path log = folder.resolve("pack.log");
    Process pack = Husk.command(words).start(log);
    assertEquals(0, pack.waitFor(), () -> Husk.text(log));
    return image;
  }

  private Path signedDisk(Path disk) throws Exception {
    Path program = folder.resolve("signed.efi");
    call("mcopy", "-i", disk + PARTITION, PROGRAM, program.toString());
    sign(program, program);
    call("mcopy", "-o", "-i", disk + PARTITION, program.toString(), PROGRAM);
    return disk;
  }

  private static void sign(Path program, Path to) throws Exception {
    call("sbsign", "--key=" + key, "--cert=" + certificate, "--output=" + to, program.toString());
  }

  /**
   * Boots a disk, or a directory as one, and returns what its console said.
   *
   * @param last ends a machine that waits for somebody when it has said this; null for one that
   *     ends by itself
   */
  private String boot(Path disk, @Nullable String last) throws Exception {
    Path variables = folder.resolve("variables.fd");
    Files.copy(FIRMWARE.resolve("OVMF_VARS_4M.snakeoil.fd"), variables);
    Path console = folder.resolve("console");
    String drive =
        Files.isDirectory(disk) ? "format=raw,file=fat:rw:" + disk : "format=raw,file=" + disk;
    List<String> command =
        List.of(
            Needs.program("qemu-system-x86_64").toString(),
            "-machine",
            "q35,smm=on",
            "-cpu",
            "max",
            "-m",
            "512M",
            "-nodefaults",
            "-no-reboot",
            "-display",
            "none",
            "-serial",
            "file:" + console,
            "-global",
            "driver=cfi.pflash01,property=secure,value=on",
            "-drive",
            "if=pflash,unit=0,readonly=on,format=raw,file="
                + FIRMWARE.resolve("OVMF_CODE_4M.secboot.fd"),
            "-drive",
            "if=pflash,unit=1,format=raw,file=" + variables,
            "-drive",
            "if=none,id=disk," + drive,
            "-device",
            "virtio-blk-pci,drive=disk");
    Path said = folder.resolve("qemu.log");
    Process qemu = Husk.started(new ProcessBuilder(command), said, false);
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      while (qemu.isAlive() && (last == null || !Husk.text(console).contains(last))) {
        assertTrue(System.nanoTime() < end, () -> Husk.text(console));
        Thread.sleep(100);
      }
      return Husk.text(console) + Husk.text(said);
    } finally {
      qemu.destroyForcibly().waitFor();
    }
  }

  private static void assertSays(String console, String text) {
    assertTrue(console.contains(text), () -> text + " is missing in:\n" + console);
  }

  private static void call(String program, String... words) throws Exception {
    List<String> command =
        Stream.concat(Stream.of(Needs.program(program).toString()), Stream.of(words)).toList();
    Path log = shared.resolve(program + ".log");
    Process process = Husk.started(new ProcessBuilder(command), log, false);
    assertEquals(0, process.waitFor(), () -> command + ": " + Husk.text(log));
  }
}
