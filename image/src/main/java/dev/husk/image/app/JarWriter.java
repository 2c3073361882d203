package dev.husk.image.app;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a jar, the same bytes each time. Its files are stored, not compressed: the JVM reads them
 * faster so, and who writes the image compresses all of it. Directories have entries, since
 * frameworks find the classes of a package by {@code ClassLoader.getResources("the/package/")}.
 */
final class JarWriter {
  private JarWriter() {}

  /**
   * Of the extra field with a time in UTC, to the second; what a zip file has without is coarse.
   */
  private static final short EXTENDED_TIMESTAMP = 0x5455;

  /**
   * Writes it into memory.
   *
   * @param manifest the main attributes, without the version of the manifest
   * @param files by their names; a manifest among them is left out
   * @return the jar, as new as the newest of its files
   */
  static AppFile write(Map<String, String> manifest, SortedMap<String, AppFile> files)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long newest = FileTree.TIME;
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      put(out, JarFile.MANIFEST_NAME, manifest(manifest), FileTree.TIME);
      for (Map.Entry<String, AppFile> file : withDirectories(files).entrySet()) {
        if (!file.getKey().equals(JarFile.MANIFEST_NAME)) {
          AppFile value = file.getValue();
          put(out, file.getKey(), value.content().bytes(), value.time());
          newest = Math.max(newest, value.time());
        }
      }
    }
    return new AppFile(Content.of(bytes.toByteArray()), newest);
  }

  private static SortedMap<String, AppFile> withDirectories(SortedMap<String, AppFile> files) {
    AppFile nothing = new AppFile(Content.of(new byte[0]), FileTree.TIME);
    SortedMap<String, AppFile> all = new TreeMap<>(files);
    for (String name : files.keySet()) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        all.put(name.substring(0, slash + 1), nothing);
      }
    }
    return all;
  }

  private static void put(ZipOutputStream out, String name, byte[] bytes, long time)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // The older field begins with 1980, and is in the zone of whoever reads it.
    entry.setTimeLocal(
        LocalDateTime.ofEpochSecond(Math.max(time, FileTree.TIME), 0, ZoneOffset.UTC));
    if (time > FileTree.TIME && time == (int) time) {
      entry.setExtra(timestamp((int) time));
    }
    entry.setSize(bytes.length);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  /** The field as Info-ZIP has it, with one time in it, that of the last modification. */
  private static byte[] timestamp(int time) {
    return ByteBuffer.allocate(9)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(EXTENDED_TIMESTAMP)
        .putShort((short) 5)
        .put((byte) 1)
        .putInt(time)
        .array();
  }

  private static byte[] manifest(Map<String, String> attributes) throws IOException {
    // A Manifest writes its attributes in the order they were put.
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    new TreeMap<>(attributes)
        .forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }
}
