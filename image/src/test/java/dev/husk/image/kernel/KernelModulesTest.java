package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.tree.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelModulesTest {
  private static final byte[] NET =
      Synthetic.module(
          "alias=virtio:d00000001v*", "depends=net_failover,virtio-bus", "name=virtio_net");

  @TempDir Path folder;

  /** The modules of a package that wasn't installed, before depmod. */
  @BeforeEach
  void write() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("kernel/net/failover.ko", Synthetic.module("depends=", "name=failover"));
    files.put(
        "kernel/drivers/net/net_failover.ko.xz",
        Synthetic.compressed(
            Compression.XZ, Synthetic.module("depends=failover,core", "name=net_failover")));
    files.put("kernel/drivers/net/virtio_net.ko.gz", Synthetic.compressed(Compression.GZIP, NET));
    files.put("kernel/drivers/virtio-bus.ko", Synthetic.module("depends=", "name=virtio_bus"));
    files.put("kernel/drivers/lonely.ko", Synthetic.module("depends=gone"));
    files.put("kernel/same.ko", Synthetic.module("depends=failover"));
    files.put("updates/same.ko", Synthetic.module("depends="));
    files.put("modules.builtin", "kernel/lib/core.ko\nkernel/a-b.ko\n".getBytes(ISO_8859_1));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  private static List<String> names(List<KernelModule> modules) {
    return modules.stream().map(KernelModule::name).toList();
  }

  private List<String> order(String... names) throws IOException {
    return names(KernelModules.of(folder).inLoadOrder(Arrays.asList(names), List.of()));
  }

  /** The same answers with and without depmod's tables. */
  private void assertBothWays(Check check) throws IOException {
    check.run();
    ModuleIndex.of(folder).write(folder);
    assertTrue(Files.exists(folder.resolve("modules.dep")));
    check.run();
  }

  private interface Check {
    void run() throws IOException;
  }

  @Test
  void whatIsNeededComesFirst() throws IOException {
    assertBothWays(
        () ->
            assertEquals(
                List.of("failover", "net_failover", "virtio_bus", "virtio_net"),
                order("virtio-net", "failover")));
  }

  @Test
  void modulesAreDecompressed() throws IOException {
    List<KernelModule> modules =
        KernelModules.of(folder).inLoadOrder(List.of("virtio_net"), List.of());
    assertArrayEquals(NET, modules.getLast().content().bytes());
    assertEquals("virtio_net.ko", modules.getLast().fileName());
    assertEquals('E', modules.get(1).content().bytes()[1]);
  }

  @Test
  void aliasesAreFollowed() throws IOException {
    assertBothWays(() -> assertEquals("virtio_net", order("virtio:d00000001v00001AF4").getLast()));
  }

  @Test
  void whatIsBuiltInIsLeftOut() throws IOException {
    assertBothWays(() -> assertEquals(List.of(), order("core", "a_b", "a-b")));
  }

  @Test
  void updatesComeFirst() throws IOException {
    assertBothWays(() -> assertEquals(List.of("same"), order("same")));
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertBothWays(
        () -> {
          IOException e =
              assertThrows(MissingModuleException.class, () -> order("nothing", "core", "void"));
          assertTrue(e.getMessage().endsWith("has no module nothing, no void"), e::getMessage);
          KernelModules modules = KernelModules.of(folder);
          assertEquals(
              List.of("failover"),
              names(modules.inLoadOrder(List.of("failover"), List.of("void", "lonely"))));
        });
  }

  @Test
  void whatIsNeededAndMissingIsSaid() {
    IOException e = assertThrows(MissingModuleException.class, () -> order("lonely"));
    assertTrue(e.getMessage().endsWith("no module gone, which lonely needs"), e::getMessage);
  }

  @Test
  void circlesAreNoticed() throws IOException {
    Files.writeString(folder.resolve("modules.dep"), "a.ko: b.ko\nb.ko: a.ko\n");
    IOException e = assertThrows(IOException.class, () -> order("a"));
    assertTrue(e.getMessage().contains("needs itself"), e::getMessage);
  }

  @Test
  void depmodsTablesAreUsed() throws IOException {
    // With all that is needed in each line, the last to be loaded first.
    Files.writeString(
        folder.resolve("modules.dep"),
        """
        kernel/same.ko: kernel/drivers/virtio-bus.ko kernel/net/failover.ko
        kernel/drivers/virtio-bus.ko: kernel/net/failover.ko
        kernel/net/failover.ko:
        """);
    assertEquals(List.of("failover", "virtio_bus", "same"), order("same"));
  }

  @Test
  void aPathDoesntLeadOut() throws IOException {
    Files.writeString(folder.resolve("modules.dep"), "../x.ko:\n");
    IOException e = assertThrows(IOException.class, () -> order("x"));
    assertTrue(e.getMessage().contains("outside of"), e::getMessage);
  }

  @Test
  void zstdIsSaid() throws IOException {
    Files.write(folder.resolve("kernel/z.ko.zst"), Synthetic.compressed(Compression.ZSTD, NET));
    IOException e = assertThrows(IOException.class, () -> KernelModules.of(folder));
    assertTrue(
        e.getMessage()
            .endsWith("z.ko.zst: compressed with zstd, which Husk can't read: decompress it first"),
        e::getMessage);
  }

  @Test
  void allMayBeBuiltIn() throws IOException {
    assertEquals(
        List.of(), KernelModules.allBuiltIn().inLoadOrder(List.of("anything"), List.of("more")));
  }

  @Test
  void globs() {
    assertTrue(Glob.matches("virtio:d00000001v*", "virtio:d00000001v00001AF4"));
    assertTrue(Glob.matches("*a*b?", "xxaxxabbc"));
    assertTrue(Glob.matches("pci:v*sc0[1-3x]i*", "pci:vFsc02i9"));
    assertTrue(Glob.matches("[", "["));
    assertTrue(Glob.matches("a*", "a"));
    assertTrue(!Glob.matches("pci:v*sc0[1-3x]i*", "pci:vFsc04i9"));
    assertTrue(!Glob.matches("a?", "a"));
    assertTrue(!Glob.matches("a", "ab"));
    assertTrue(!Glob.matches("*".repeat(5_000) + "b", "a".repeat(5_000)));
  }

  @Test
  void brokenModulesAreRefused() throws Exception {
    Path module = folder.resolve("kernel/net/failover.ko");
    Fuzz.run(
        List.of(
            Files.readAllBytes(module),
            Files.readAllBytes(folder.resolve("kernel/drivers/net/net_failover.ko.xz")),
            Files.readAllBytes(folder.resolve("kernel/drivers/net/virtio_net.ko.gz"))),
        1000,
        bytes -> {
          Files.write(module, bytes);
          ModuleInfo.of(module);
        });
  }

  @Test
  void brokenTablesAreRefused() throws Exception {
    ModuleIndex.of(folder).write(folder);
    Path table = folder.resolve("modules.dep");
    Fuzz.run(
        List.of(Files.readAllBytes(table)),
        1000,
        bytes -> {
          Files.write(table, bytes);
          KernelModules modules = KernelModules.of(folder);
          modules.inLoadOrder(List.of(), List.of("virtio_net", "same"));
        });
  }

  @Test
  void aSignatureIsTakenAway() throws Exception {
    byte[] elf = "\u007fELF and so on".getBytes(StandardCharsets.US_ASCII);
    byte[] record = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 5};
    byte[] mark = "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);
    byte[] signed = concat(elf, new byte[5], record, mark);
    assertArrayEquals(elf, unsigned(signed));
    assertArrayEquals(elf, unsigned(elf));
    assertArrayEquals(mark, unsigned(mark));
    record[11] = 127;
    IOException e =
        assertThrows(IOException.class, () -> unsigned(concat(elf, new byte[5], record, mark)));
    assertEquals("module m: a signature of 127 bytes", e.getMessage());
    record[8] = -1;
    assertThrows(IOException.class, () -> unsigned(concat(elf, record, mark)));
  }

  private static byte[] unsigned(byte[] file) throws IOException {
    return new KernelModule("m", Content.of(file)).unsigned().content().bytes();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
