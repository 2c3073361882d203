package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.elf.Machine;
import dev.husk.image.pe.Ovmf;
import dev.husk.image.pe.PeFile;
import dev.husk.image.pe.PeSection;
import dev.husk.image.pe.Tool;
import dev.husk.image.pe.Uki;
import dev.husk.image.pe.UkiSection;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On Debian's kernel for virtual machines: the one that HUSK_KERNEL names, a vmlinuz or a package,
 * or else the best that is installed or in this user's cache.
 */
final class RealKernelTest {
  private static final List<String> MODULES =
      List.of("virtio_pci", "virtio_mmio", "virtio_net", "virtio_rng", "evdev", "button");

  // The header of the last entry, its name, and zeros up to a multiple of four.
  private static final String EMPTY_CPIO =
      "070701" + "00000000".repeat(11) + "0000000b" + "00000000" + "TRAILER!!!" + "\0".repeat(4);

  @TempDir static Path folder;
  private static Kernel kernel;
  private static Vmlinux vmlinux;

  @BeforeAll
  static void find() throws IOException {
    Kernels kernels = new Kernels(Kernels.defaultCache());
    String named = System.getenv("HUSK_KERNEL");
    Optional<Kernel> found =
        named == null ? kernels.find(Machine.X86_64) : Optional.of(kernels.of(Path.of(named)));
    Tool.require(found.isPresent(), "a Linux kernel: set HUSK_KERNEL");
    kernel = found.get();
    vmlinux = Vmlinux.of(kernel.file());
  }

  @Test
  void theKernelSaysWhatItIs() throws IOException {
    KernelFile file = kernel.file();
    assertEquals(KernelFile.Format.BZIMAGE, file.format());
    assertTrue(file.efiStub());
    assertTrue(file.name().endsWith(file.version()), file::toString);
    // The vmlinux says the same in its banner as the bzImage in its header.
    KernelFile inside = KernelFile.of("vmlinux", vmlinux.content());
    assertEquals(KernelFile.Format.VMLINUX, inside.format());
    assertEquals(file.version(), inside.version());
  }

  @Test
  void pvhEntryIsThatOfReadelf() throws Exception {
    Path file = write(vmlinux.content(), "notes");
    Matcher note =
        Pattern.compile("\\(0x00000012\\)\\s+description data: ((?:[0-9a-f]{2} ){4})")
            .matcher(Tool.run("binutils", "readelf", "-n", file.toString()));
    assertTrue(note.find());
    StringBuilder littleEndian = new StringBuilder();
    List.of(note.group(1).split(" ")).reversed().forEach(littleEndian::append);
    assertEquals(Long.parseLong(littleEndian.toString(), 16), vmlinux.pvhEntry().orElseThrow());
  }

  /**
   * A microvm has no firmware that could decompress a kernel. With ACPI its kernel would have no
   * clock to compare the processor with, which an emulated one needs.
   */
  @Test
  void vmlinuxBoots() throws Exception {
    Path file = write(vmlinux.content(), "boot");
    String console =
        Tool.run(
            "qemu-system-x86",
            "qemu-system-x86_64",
            "-machine",
            "microvm,acpi=off",
            "-m",
            "256",
            "-nodefaults",
            "-display",
            "none",
            "-serial",
            "stdio",
            "-no-reboot",
            "-append",
            "console=ttyS0 reboot=t panic=-1",
            "-kernel",
            file.toString());
    assertTrue(console.contains("Linux version " + kernel.file().version()), console);
    assertTrue(console.contains("Unable to mount root"), console);
  }

  /** With the stub of systemd, which is the reference implementation of the specification. */
  @Test
  void aUnifiedKernelImageBoots() throws Exception {
    Path stub = Path.of("/usr/lib/systemd/boot/efi/linuxx64.efi.stub");
    Tool.require(Files.exists(stub), stub + " of the package systemd-boot-efi");
    Map<UkiSection, Content> sections =
        Map.of(
            UkiSection.UNAME,
            Content.of(kernel.file().version().getBytes(UTF_8)),
            UkiSection.CMDLINE,
            Content.of("console=ttyS0 panic=-1 husk.test=1".getBytes(UTF_8)),
            UkiSection.LINUX,
            kernel.file().content(),
            UkiSection.INITRD,
            Content.of(EMPTY_CPIO.getBytes(UTF_8)));
    Content image = Uki.write(PeFile.read(Content.of(stub)), sections);
    String console = Ovmf.boot(write(image, "uki.efi"));
    assertTrue(console.contains("Linux version " + kernel.file().version()), console);
    assertTrue(console.contains("Command line: console=ttyS0 panic=-1 husk.test=1"), console);
    assertTrue(console.contains("Freeing initrd memory"), console);
    Content inside = Uki.read(image).section(UkiSection.LINUX).orElseThrow();
    assertEquals(kernel.file().version(), KernelFile.of(".linux", inside).version());
  }

  @Test
  void theKernelIsAPeFileAsObjdumpSeesIt() throws Exception {
    Path file = write(kernel.file().content(), "vmlinuz");
    Matcher matcher =
        Pattern.compile("(?m)^ *[0-9]+ (\\S+) +[0-9a-f]+ +0*([0-9a-f]+) ")
            .matcher(Tool.run("binutils", "objdump", "-h", file.toString()));
    List<String> expected = new ArrayList<>();
    while (matcher.find()) {
      expected.add(matcher.group(1) + " " + matcher.group(2));
    }
    List<String> sections = new ArrayList<>();
    for (PeSection section : PeFile.read(kernel.file().content()).sections()) {
      sections.add("%s %x".formatted(section.name(), section.address()));
    }
    assertEquals(expected, sections);
  }

  @Test
  void modulesAreThoseOfModprobe() throws Exception {
    String version = kernel.file().version();
    Path root = folder.resolve("root");
    Path copy = root.resolve("lib/modules").resolve(version);
    Files.createDirectories(copy.getParent());
    Tool.run("coreutils", "cp", "-r", kernel.modules().directory().toString(), copy.toString());
    List<String> ours = names(kernel.modules());

    Tool.run("kmod", "depmod", "-b", root.toString(), version);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("modprobe", "-d", root.toString(), "-S", version));
    command.addAll(List.of("--show-depends", "-a"));
    command.addAll(MODULES);
    Matcher insmod =
        Pattern.compile("(?m)^insmod (\\S+)")
            .matcher(Tool.run("kmod", command.toArray(String[]::new)));
    Set<String> theirs = new LinkedHashSet<>();
    while (insmod.find()) {
      theirs.add(ModuleIndex.name(insmod.group(1)));
    }
    // With the tables of depmod it is the very order of modprobe.
    assertEquals(List.copyOf(theirs), names(KernelModules.of(copy)));
    assertEquals(theirs, new HashSet<>(ours));
    ModuleIndex index = ModuleIndex.of(copy);
    for (String name : ours) {
      SequencedSet<String> needs = new LinkedHashSet<>();
      index.addInOrder(name, needs);
      assertTrue(ours.subList(0, ours.indexOf(name) + 1).containsAll(needs), name);
    }
  }

  private static List<String> names(KernelModules modules) throws IOException {
    return modules.inLoadOrder(MODULES, List.of()).stream().map(KernelModule::name).toList();
  }

  @Test
  void modulesAreElfFiles() throws IOException {
    for (KernelModule module : kernel.modules().inLoadOrder(MODULES, List.of())) {
      assertEquals(Machine.X86_64, ElfFile.read(module.content()).machine());
    }
  }

  private static Path write(Content content, String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = content.open()) {
      Files.copy(in, file);
    }
    return file;
  }
}
