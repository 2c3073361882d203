package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;

/** Executable jars of one class, from its source. */
final class Jars {
  private Jars() {}

  /** A jar of a class: {@code app/Name.class}. */
  static Path of(Path to, String path, String source) throws IOException {
    return write(to, path, compiled(to, path, source));
  }

  /** A class by its path in a jar. */
  static Map<String, byte[]> compiled(Path beside, String path, String source) throws IOException {
    Path directory = Files.createTempDirectory(beside.getParent(), "classes");
    Path file =
        directory.resolve(path.substring(path.lastIndexOf('/') + 1).replace(".class", ".java"));
    Files.writeString(file, source);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(System.out, System.err, "-d", directory.toString(), file.toString()));
    return new TreeMap<>(Map.of(path, Files.readAllBytes(directory.resolve(path))));
  }

  /** A jar of files whose main class is at the path. */
  static Path write(Path jar, String path, Map<String, byte[]> files) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(Attributes.Name.MAIN_CLASS, path.replace(".class", "").replace('/', '.'));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new JarEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return jar;
  }
}
