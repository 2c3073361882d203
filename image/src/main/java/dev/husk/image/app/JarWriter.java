package dev.husk.image.app;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
  private static final LocalDateTime TIME =
      LocalDateTime.ofEpochSecond(FileTree.TIME, 0, ZoneOffset.UTC);

  private JarWriter() {}

  /**
   * Writes it into memory.
   *
   * @param manifest the main attributes, without the version of the manifest
   * @param files by their names; a manifest among them is left out
   */
  static Content write(Map<String, String> manifest, SortedMap<String, Content> files)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      put(out, JarFile.MANIFEST_NAME, manifest(manifest));
      for (Map.Entry<String, Content> file : withDirectories(files).entrySet()) {
        if (!file.getKey().equals(JarFile.MANIFEST_NAME)) {
          put(out, file.getKey(), file.getValue().bytes());
        }
      }
    }
    return Content.of(bytes.toByteArray());
  }

  private static SortedMap<String, Content> withDirectories(SortedMap<String, Content> files) {
    Content nothing = Content.of(new byte[0]);
    SortedMap<String, Content> all = new TreeMap<>(files);
    for (String name : files.keySet()) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        all.put(name.substring(0, slash + 1), nothing);
      }
    }
    return all;
  }

  private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setSize(bytes.length);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
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
