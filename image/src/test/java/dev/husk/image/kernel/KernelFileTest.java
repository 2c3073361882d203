package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.elf.Machine;
import dev.husk.image.pe.Uki;
import dev.husk.image.testing.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class KernelFileTest {
  private static final String VERSION = Synthetic.VERSION;

  private static byte[] bzImage(Compression compression) throws IOException {
    return Synthetic.bzImage(VERSION, compression, Synthetic.vmlinux(VERSION));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NONE", "ZSTD", "LZO"})
  void bzImageCarriesItsVmlinux(Compression compression) throws IOException {
    KernelFile kernel = Synthetic.kernel(bzImage(compression));
    assertEquals(KernelFile.Format.BZIMAGE, kernel.format());
    assertEquals(Machine.X86_64, kernel.machine());
    assertEquals(VERSION, kernel.version());
    assertFalse(kernel.efiStub());
    Vmlinux vmlinux = Vmlinux.of(kernel);
    assertArrayEquals(Synthetic.vmlinux(VERSION), vmlinux.content().bytes());
    assertEquals(Synthetic.PVH_ENTRY, vmlinux.pvhEntry().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(names = {"ZSTD", "LZO"})
  void whatCantBeDecompressedIsSaid(Compression compression) throws IOException {
    KernelFile kernel = Synthetic.kernel(bzImage(compression));
    assertEquals(VERSION, kernel.version());
    assertSays(
        "kernel: compressed with " + compression + ", which Husk can't read",
        () -> Vmlinux.of(kernel));
  }

  @Test
  void lz4OfManyBlocks() throws IOException {
    byte[] vmlinux = Arrays.copyOf(Synthetic.vmlinux(VERSION), 20 << 20);
    vmlinux[vmlinux.length - 1] = 1;
    KernelFile kernel = Synthetic.kernel(Synthetic.bzImage(VERSION, Compression.LZ4, vmlinux));
    assertArrayEquals(vmlinux, Vmlinux.of(kernel).content().bytes());
  }

  @Test
  void vmlinuxIsItself() throws IOException {
    byte[] vmlinux = Synthetic.vmlinux(VERSION);
    KernelFile kernel = Synthetic.kernel(vmlinux);
    assertEquals(KernelFile.Format.VMLINUX, kernel.format());
    assertEquals(VERSION, kernel.version());
    assertArrayEquals(vmlinux, Vmlinux.of(kernel).content().bytes());
    ByteBuffer.wrap(vmlinux).order(ByteOrder.LITTLE_ENDIAN).putShort(56, (short) 1);
    assertTrue(Vmlinux.of(Synthetic.kernel(vmlinux)).pvhEntry().isEmpty());
  }

  @Test
  void arm64Image() throws IOException {
    KernelFile kernel = Synthetic.kernel(Synthetic.arm64Image("6.12.9-cloud-arm64"));
    assertEquals(KernelFile.Format.ARM64_IMAGE, kernel.format());
    assertEquals(Machine.AARCH64, kernel.machine());
    assertEquals("6.12.9-cloud-arm64", kernel.version());
    assertSays("carries no vmlinux", () -> Vmlinux.of(kernel));
  }

  @Test
  void whatIsNoKernelIsNamed(@TempDir Path folder) throws IOException {
    assertIs("an empty file", new byte[0]);
    assertIs("compressed with gzip", Synthetic.compressed(Compression.GZIP, new byte[100]));
    assertIs("compressed with zstd", Synthetic.compressed(Compression.ZSTD, new byte[100]));
    assertIs("text", "#!/bin/sh\necho\n".getBytes(ISO_8859_1));
    assertIs("a file of 10 bytes", new byte[10]);
    assertIs("begins with 00 00 00 00 00 00 00 00", new byte[1000]);
    assertIs("a zip or jar file", "PK\3\4".getBytes(ISO_8859_1));
    assertIs("Debian package", "!<arch>\n".getBytes(ISO_8859_1));
    assertIs("cpio", "070701".getBytes(ISO_8859_1));
    assertIs("program for EFI", Uki.stub(Machine.X86_64, new byte[1], 0).write().bytes());
    assertSays("nowhere in it", () -> Synthetic.kernel(Synthetic.module("name=a")));
    assertSays("isn't there", () -> KernelFile.of(folder.resolve("none")));
    assertSays("not a file", () -> KernelFile.of(folder));
  }

  private static void assertIs(String what, byte[] bytes) {
    assertSays(what, () -> Synthetic.kernel(bytes));
  }

  private static void assertSays(String part, Executable executable) {
    IOException e = assertThrows(IOException.class, executable);
    assertTrue(e.getMessage().contains(part), e::getMessage);
  }

  @Test
  void brokenKernelsAreNamed() throws IOException {
    assertBroken("boot protocol 2.09, older", 0x206, 0x209);
    assertBroken("a 32-bit kernel", 0x236, 0x2a);
    assertBroken("its version at 66047", 0x20e, 0xffff);
    assertBroken("its version at 512", 0x20e, 0);
    assertBroken("its payload, ", 0x248, 0x7fff_ffff);
    byte[] whole = bzImage(Compression.XZ);
    byte[] cut = Arrays.copyOf(whole, whole.length - 60);
    assertSays("broken or cut off kernel", () -> Synthetic.kernel(cut));
  }

  private static void assertBroken(String part, int at, int value) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(bzImage(Compression.GZIP)).order(ByteOrder.LITTLE_ENDIAN);
    if (at == 0x248) {
      bytes.putInt(at, value);
    } else {
      bytes.putShort(at, (short) value);
    }
    assertSays(part, () -> Synthetic.kernel(bytes.array()));
  }

  @Test
  void aPayloadOfAnotherSizeIsRefused() throws IOException {
    byte[] lz4 = bzImage(Compression.LZ4);
    int end = lz4.length - 50 - 4;
    ByteBuffer bytes = ByteBuffer.wrap(lz4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(end, 99_999);
    assertSays("to the 99999 bytes it says", () -> Vmlinux.of(Synthetic.kernel(lz4)));
    bytes.putInt(end, 100_001);
    assertSays("to the 100001 bytes it says", () -> Vmlinux.of(Synthetic.kernel(lz4)));
    bytes.putInt(end, -1);
    assertSays("4294967295 bytes decompressed", () -> Vmlinux.of(Synthetic.kernel(lz4)));
  }

  @Test
  void brokenKernelsAreRefused() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    byte[] vmlinux = Arrays.copyOf(Synthetic.vmlinux(VERSION), 20_000);
    for (Compression compression : Compression.values()) {
      switch (compression) {
        case NONE, ZSTD, LZO -> {}
        default -> seeds.add(Synthetic.bzImage(VERSION, compression, vmlinux));
      }
    }
    seeds.add(vmlinux);
    Fuzz.run(seeds, 8_000, bytes -> Vmlinux.of(Synthetic.kernel(bytes)).content().bytes());
    Fuzz.run(seeds, 0x300, bytes -> Vmlinux.of(Synthetic.kernel(bytes)).content().bytes());
  }
}
