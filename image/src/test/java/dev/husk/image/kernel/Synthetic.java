package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.tree.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Kernels, modules and packages as small as they can be. */
final class Synthetic {
  static final String VERSION = "6.1.0-37-cloud-amd64";
  static final long PVH_ENTRY = 0x100_0210;

  private static final int SECTOR = 512;

  private Synthetic() {}

  /** A bzImage that carries this vmlinux. */
  static byte[] bzImage(String version, Compression compression, byte[] vmlinux)
      throws IOException {
    byte[] payload = payload(compression, vmlinux);
    int setup = 5 * SECTOR;
    int before = 100;
    ByteBuffer bytes =
        ByteBuffer.allocate(setup + before + payload.length + 50).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0x1f1, (byte) 4).putShort(0x1fe, (short) 0xaa55);
    bytes.put(0x202, "HdrS".getBytes(ISO_8859_1)).putShort(0x206, (short) 0x20f);
    bytes.putShort(0x20e, (short) 0x400).putShort(0x236, (short) 0x2b);
    bytes.putInt(0x248, before).putInt(0x24c, payload.length);
    bytes.put(0x600, (version + " (a builder) #1 SMP").getBytes(ISO_8859_1));
    bytes.put(setup + before, payload);
    return bytes.array();
  }

  private static byte[] payload(Compression compression, byte[] vmlinux) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(compressed(compression, vmlinux));
    if (compression != Compression.GZIP) {
      payload.write(littleEndian(vmlinux.length));
    }
    return payload.toByteArray();
  }

  static byte[] compressed(Compression compression, byte[] bytes) throws IOException {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case GZIP -> new GZIPOutputStream(to);
          case XZ ->
              new XZOutputStream(
                  to, new FilterOptions[] {new X86Options(), new LZMA2Options(1)}, XZ.CHECK_CRC32);
          case LZMA -> new LZMAOutputStream(to, new LZMA2Options(1), -1);
          case BZIP2 -> new BZip2CompressorOutputStream(to);
          case LZ4 -> {
            to.write(littleEndian(0x184c2102));
            for (int at = 0; at < bytes.length; at += 8 << 20) {
              ByteArrayOutputStream block = new ByteArrayOutputStream();
              try (OutputStream lz4 = new BlockLZ4CompressorOutputStream(block)) {
                lz4.write(bytes, at, Math.min(8 << 20, bytes.length - at));
              }
              to.write(littleEndian(block.size()));
              block.writeTo(to);
            }
            yield OutputStream.nullOutputStream();
          }
          case NONE -> to;
          case ZSTD -> {
            to.write(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});
            yield to;
          }
          case LZO -> {
            to.write(new byte[] {(byte) 0x89, 'L', 'Z', 'O'});
            yield to;
          }
        }) {
      out.write(bytes);
    }
    return to.toByteArray();
  }

  private static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** An ELF file that says its version, with a PVH entry, and something that compresses. */
  static byte[] vmlinux(String version) {
    ByteBuffer bytes = ByteBuffer.allocate(100_000).order(ByteOrder.LITTLE_ENDIAN);
    elf(bytes, 2, 62);
    bytes.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 2);
    bytes.putInt(64, 1).putInt(64 + 56, 4);
    // Another note before the one that is looked for.
    ByteBuffer notes = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
    notes.putInt(6).putInt(5).putInt(3).put("Linux\0\0\0hello\0\0\0".getBytes(ISO_8859_1));
    notes.putInt(4).putInt(8).putInt(18).put("Xen\0".getBytes(ISO_8859_1)).putLong(PVH_ENTRY);
    bytes.putLong(120 + 8, 0x400).putLong(120 + 32, notes.position());
    bytes.put(0x400, notes.array());
    bytes.put(0x800, "%s Linux version %s (a builder)".getBytes(ISO_8859_1));
    bytes.put(0x900, ("LLinux version " + version + " (a builder)").getBytes(ISO_8859_1));
    for (int at = 0x1000; at < bytes.capacity(); at++) {
      bytes.put(at, (byte) (at * at >>> 7));
    }
    return bytes.array();
  }

  private static void elf(ByteBuffer bytes, int type, int machine) {
    bytes.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    bytes.putShort(16, (short) type).putShort(18, (short) machine);
  }

  /** An arm64 Image. */
  static byte[] arm64Image(String version) {
    ByteBuffer bytes = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(56, 0x644d5241);
    bytes.put(5_000, ("Linux version " + version + " (a builder)").getBytes(ISO_8859_1));
    return bytes.array();
  }

  /** A kernel module: an ELF file with the sections .modinfo and .shstrtab. */
  static byte[] module(String... info) {
    byte[] modinfo = (String.join("\0", info) + "\0").getBytes(ISO_8859_1);
    byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(ISO_8859_1);
    int table = 64 + modinfo.length + names.length;
    ByteBuffer bytes = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    elf(bytes, 1, 62);
    bytes.putLong(40, table).putShort(58, (short) 64).putShort(60, (short) 3);
    bytes.putShort(62, (short) 2);
    bytes.put(64, modinfo).put(64 + modinfo.length, names);
    bytes
        .putInt(table + 64, 1)
        .putLong(table + 64 + 24, 64)
        .putLong(table + 64 + 32, modinfo.length);
    bytes.putInt(table + 128, 10).putLong(table + 128 + 24, 64 + modinfo.length);
    bytes.putLong(table + 128 + 32, names.length);
    return bytes.array();
  }

  /** Writes a kernel and these modules, by their paths in lib/modules/VERSION, below a root. */
  static void install(Path root, String version, Map<String, byte[]> modules) throws IOException {
    for (Map.Entry<String, byte[]> file : kernelFiles(version, modules).entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  /** The files of a kernel's package. */
  static Map<String, byte[]> kernelFiles(String version, Map<String, byte[]> modules)
      throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("boot/vmlinuz-" + version, bzImage(version, Compression.LZ4, vmlinux(version)));
    modules.forEach((path, bytes) -> files.put("lib/modules/" + version + "/" + path, bytes));
    return files;
  }

  /** A Debian package of these files. */
  static byte[] deb(Compression compression, String control, Map<String, byte[]> files)
      throws IOException {
    ByteArrayOutputStream deb = new ByteArrayOutputStream();
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(deb)) {
      put(ar, "debian-binary", "2.0\n".getBytes(ISO_8859_1));
      put(ar, "control.tar", tar(Map.of("control", control.getBytes(ISO_8859_1))));
      put(ar, "data.tar", compressed(compression, tar(files)));
    }
    return deb.toByteArray();
  }

  private static void put(ArArchiveOutputStream ar, String name, byte[] bytes) throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, bytes.length));
    ar.write(bytes);
    ar.closeArchiveEntry();
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(to)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return to.toByteArray();
  }

  static KernelFile kernel(byte[] bytes) throws IOException {
    return KernelFile.of("kernel", Content.of(bytes));
  }
}
