package dev.husk.image.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.elf.Machine;
import dev.husk.image.pe.Tool;
import dev.husk.image.testing.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KernelsTest {
  private static final String VERSION = Synthetic.VERSION;
  private static final Map<String, byte[]> MODULES =
      Map.of(
          "kernel/virtio.ko", Synthetic.module("depends="),
          "kernel/virtio_net.ko", Synthetic.module("depends=virtio"));

  @TempDir Path folder;
  private Path root;
  private Path cache;
  private Kernels kernels;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    cache = folder.resolve("cache");
    kernels = new Kernels(root, cache, new Apt(Map.of()));
  }

  private static List<String> modules(Kernel kernel) throws IOException {
    return kernel.modules().inLoadOrder(List.of("virtio_net"), List.of()).stream()
        .map(KernelModule::name)
        .toList();
  }

  private static void assertSays(String part, Executable executable) {
    IOException e = assertThrows(IOException.class, executable);
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  private Path deb(Compression compression) throws IOException {
    Path deb = folder.resolve("kernel.deb");
    Files.write(
        deb, Synthetic.deb(compression, control(), Synthetic.kernelFiles(VERSION, MODULES)));
    return deb;
  }

  private static String control() {
    return """
    Package: linux-image-%s
    Version: 6.1.140-1
    Architecture: amd64
    Maintainer: Nobody <nobody@invalid>
    Description: a kernel
    """
        .formatted(VERSION);
  }

  @Test
  void cloudAndNewestWin() throws IOException {
    for (String version : List.of("6.9.1-cloud-amd64", "6.12.3-cloud-amd64", "6.20.0-amd64")) {
      Synthetic.install(root, version, MODULES);
      assertEquals(List.of("virtio", "virtio_net"), modules(best()));
    }
    assertEquals("6.12.3-cloud-amd64", best().file().version());
  }

  private Kernel best() throws IOException {
    return kernels.find(Machine.X86_64).orElseThrow();
  }

  @Test
  void numbersAreComparedByValue() {
    List<String> ascending =
        List.of("6.1", "6.1.0-9-amd64", "6.1.0-37-amd64", "6.9.0", "6.12.0-rc1", "10.0");
    assertEquals(ascending, ascending.reversed().stream().sorted(new VersionOrder()).toList());
  }

  @Test
  void whatIsBrokenIsPassedOver() throws IOException {
    Synthetic.install(root, "6.1.0", MODULES);
    Synthetic.install(root, "6.2.0", Map.of());
    Files.writeString(root.resolve("boot/vmlinuz-6.3.0"), "not a kernel");
    assertEquals("6.1.0", best().file().version());
    assertTrue(kernels.find(Machine.AARCH64).isEmpty());
  }

  @Test
  void theKernelMayLieBesideItsModules() throws IOException {
    Path file = root.resolve("usr/lib/modules/6.1.0/vmlinuz");
    Synthetic.install(root.resolve("usr"), "6.1.0", MODULES);
    Files.move(root.resolve("usr/boot/vmlinuz-6.1.0"), file);
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    assertEquals("6.1.0", best().file().version());
    assertEquals(List.of("virtio", "virtio_net"), modules(kernels.of(file)));
  }

  @Test
  void aNamedKernelHasItsModulesBesideIt() throws IOException {
    Path other = folder.resolve("other");
    Synthetic.install(other, VERSION, MODULES);
    Path file = other.resolve("boot/vmlinuz-" + VERSION);
    assertEquals(List.of("virtio", "virtio_net"), modules(kernels.of(file)));
    // Moved elsewhere, it has none, unless this machine has the same.
    Path moved = Files.createDirectories(folder.resolve("a/b")).resolve("bzImage");
    Files.move(file, moved);
    assertSays("bzImage: its modules are missing: no " + VERSION, () -> kernels.of(moved));
    for (String place : List.of("", "lib/modules", "lib/modules/" + VERSION)) {
      assertEquals(
          List.of("virtio", "virtio_net"), modules(kernels.of(moved, other.resolve(place))));
    }
    Synthetic.install(root, VERSION, MODULES);
    assertEquals(List.of("virtio", "virtio_net"), modules(kernels.of(moved)));
  }

  @Test
  void aKernelThatIsNoneIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "hello\n");
    assertSays("x: not a Linux kernel, but text", () -> kernels.of(file));
    assertSays("y: isn't there", () -> kernels.of(folder.resolve("y")));
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "XZ", "GZIP"})
  void aPackageIsUnpackedOnce(Compression compression) throws Exception {
    Path deb = deb(compression);
    Kernel kernel = kernels.of(deb);
    assertEquals(VERSION, kernel.file().version());
    assertEquals(List.of("virtio", "virtio_net"), modules(kernel));

    String digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(deb)));
    Path unpacked = cache.resolve("kernels").resolve(digest);
    assertArrayEquals(
        Synthetic.kernelFiles(VERSION, MODULES).get("boot/vmlinuz-" + VERSION),
        Files.readAllBytes(unpacked.resolve("boot/vmlinuz-" + VERSION)));
    Path dep = unpacked.resolve("lib/modules/" + VERSION + "/modules.dep");
    assertEquals(
        "kernel/virtio.ko:\nkernel/virtio_net.ko: kernel/virtio.ko\n", Files.readString(dep));
    Files.delete(deb);
    assertEquals(VERSION, best().file().version());
    assertEquals(List.of(digest), list(cache.resolve("kernels")));
  }

  @Test
  void aDamagedOneIsUnpackedAgain() throws Exception {
    Path deb = deb(Compression.NONE);
    kernels.of(deb);
    Path unpacked = cache.resolve("kernels").resolve(list(cache.resolve("kernels")).getFirst());
    Path module = unpacked.resolve("lib/modules/" + VERSION + "/kernel/virtio.ko");
    byte[] whole = Files.readAllBytes(module);
    Files.write(module, Arrays.copyOf(whole, whole.length / 2));
    assertEquals(Optional.empty(), kernels.find(Machine.X86_64));
    kernels.of(deb);
    assertArrayEquals(whole, Files.readAllBytes(module));
    assertEquals(VERSION, best().file().version());
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aBrokenPackageLeavesNothing() throws IOException {
    Path deb = folder.resolve("kernel.deb");
    Map<String, byte[]> files = new TreeMap<>(Synthetic.kernelFiles(VERSION, MODULES));
    files.put("lib/modules/" + VERSION + "/kernel/z.ko", new byte[100]);
    Files.write(deb, Synthetic.deb(Compression.XZ, control(), files));
    assertSays("z.ko: not an ELF file", () -> kernels.of(deb));
    Files.write(deb, Synthetic.deb(Compression.ZSTD, control(), files));
    assertSays("kernel.deb: compressed with zstd", () -> kernels.of(deb));
    Files.write(deb, Synthetic.deb(Compression.XZ, control(), Map.of("etc/motd", new byte[3])));
    assertSays("a package without a kernel", () -> kernels.of(deb));
    Files.write(
        deb,
        Synthetic.deb(Compression.XZ, control(), Map.of("boot/vmlinuz-/../../../x", new byte[3])));
    assertSays("leads out of the package", () -> kernels.of(deb));
    Files.writeString(deb, "!<arch>\n");
    assertSays("no data.tar in it", () -> kernels.of(deb));
    assertEquals(List.of(), list(cache.resolve("kernels")));
  }

  @Test
  void withoutAnyKernelAllThatWasTriedIsSaid() throws Exception {
    Kernels none = new Kernels(root, cache, new Apt(Map.of("APT_CONFIG", aptConfig().toString())));
    Synthetic.install(root, "6.2.0", Map.of());
    IOException e = assertThrows(IOException.class, () -> none.best(Machine.X86_64));
    String message = e.getMessage();
    for (String part :
        List.of(
            "vmlinuz-6.2.0: its modules are missing",
            "no other in " + root,
            "apt-cache",
            "--kernel FILE",
            "linux-image-cloud-amd64")) {
      assertTrue(message.contains(part), message);
    }
  }

  /** With the real apt, from a repository in a folder. */
  @Test
  void aptDownloadsDebiansKernel() throws Exception {
    Path deb = deb(Compression.XZ);
    Kernels withApt =
        new Kernels(root, cache, new Apt(Map.of("APT_CONFIG", repository(deb).toString())));
    Kernel kernel = withApt.best(Machine.X86_64);
    assertEquals(VERSION, kernel.file().version());
    assertEquals(List.of("virtio", "virtio_net"), modules(kernel));
    assertEquals(1, list(cache.resolve("kernels")).size());
    assertSays(
        "apt-cache depends linux-image-cloud-arm64 failed",
        () -> withApt.download(Machine.AARCH64));
  }

  /** A repository that holds this package and one that depends on it. */
  private Path repository(Path deb) throws Exception {
    Path config = aptConfig();
    byte[] bytes = Files.readAllBytes(deb);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    Files.writeString(
        folder.resolve("Packages"),
        """
        Package: linux-image-cloud-amd64
        Version: 6.1.140-1
        Architecture: amd64
        Depends: linux-image-%1$s
        Filename: ./none.deb
        Size: 1

        %2$sFilename: ./kernel.deb
        Size: %3$d
        SHA256: %4$s
        """
            .formatted(VERSION, control(), bytes.length, digest));
    Tool.run("apt", "apt-get", "-c", config.toString(), "update");
    return config;
  }

  /** An apt that knows nothing but what is in the folder. */
  private Path aptConfig() throws IOException {
    Path apt = folder.resolve("apt");
    for (String directory : List.of("state/lists/partial", "cache/archives/partial")) {
      Files.createDirectories(apt.resolve(directory));
    }
    Files.createFile(apt.resolve("status"));
    Files.writeString(
        apt.resolve("sources.list"), "deb [trusted=yes] file:%s ./\n".formatted(folder));
    return Files.writeString(
        apt.resolve("apt.conf"),
        """
        Dir::State "%1$s/state";
        Dir::State::status "%1$s/status";
        Dir::Cache "%1$s/cache";
        Dir::Etc::SourceList "%1$s/sources.list";
        Dir::Etc::SourceParts "%1$s/none";
        APT::Architecture "amd64";
        APT::Architectures { "amd64"; };
        APT::Sandbox::User "";
        """
            .formatted(apt));
  }

  @Test
  void brokenPackagesAreRefused() throws Exception {
    Path deb = folder.resolve("kernel.deb");
    Path to = folder.resolve("to");
    Map<String, byte[]> files =
        Map.of("boot/vmlinuz-1", new byte[700], "lib/modules/1/kernel/a.ko", new byte[10]);
    Fuzz.run(
        List.of(
            Synthetic.deb(Compression.NONE, "Package: a\n", files),
            Synthetic.deb(Compression.GZIP, "Package: a\n", files)),
        8_000,
        bytes -> {
          Files.write(deb, bytes);
          Files.createDirectory(to);
          try {
            DebianPackage.extract(deb, to);
          } finally {
            try (Stream<Path> walk = Files.walk(to)) {
              for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
              }
            }
          }
          assertTrue(list(folder).stream().allMatch(List.of("kernel.deb", "root")::contains));
        });
  }
}
