package dev.husk.image.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.tools.ToolProvider;

/** Classes and jars for tests, compiled and written on the spot. */
public final class TestJars {
  private static final Pattern NAME =
      Pattern.compile("(?:class|interface|record|enum) (\\w+)", Pattern.MULTILINE);

  private TestJars() {}

  /** Compiles sources with one class each; the entries of a jar. */
  public static Map<String, byte[]> compile(Path scratch, String... sources) throws IOException {
    Path directory = Files.createTempDirectory(scratch, "classes");
    List<String> args =
        new ArrayList<>(
            List.of("-proc:none", "-nowarn", "-d", directory.resolve("out").toString()));
    for (String source : sources) {
      Matcher name = NAME.matcher(source);
      assertTrue(name.find(), source);
      Path file = directory.resolve(name.group(1) + ".java");
      Files.writeString(file, source);
      args.add(file.toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, args.toArray(String[]::new));
    assertTrue(status == 0, () -> messages.toString(StandardCharsets.UTF_8));
    Map<String, byte[]> classes = new TreeMap<>();
    for (Map.Entry<String, Path> file : Layout.below(directory.resolve("out")).entrySet()) {
      classes.put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
    return classes;
  }

  /** Writes a jar; entries that are jars are stored, as Spring Boot has them. */
  public static Path jar(Path file, Map<String, String> manifest, Map<String, byte[]> entries)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Manifest attributes = new Manifest();
    attributes.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((name, value) -> attributes.getMainAttributes().putValue(name, value));
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, attributes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        JarEntry next = new JarEntry(entry.getKey());
        if (entry.getKey().endsWith(".jar")) {
          CRC32 crc = new CRC32();
          crc.update(entry.getValue());
          next.setMethod(JarEntry.STORED);
          next.setSize(entry.getValue().length);
          next.setCrc(crc.getValue());
        }
        jar.putNextEntry(next);
        jar.write(entry.getValue());
        jar.closeEntry();
      }
    }
    return file;
  }

  /** The bytes of a jar. */
  public static byte[] jarBytes(
      Path scratch, Map<String, String> manifest, Map<String, byte[]> entries) throws IOException {
    return Files.readAllBytes(
        jar(Files.createTempFile(scratch, "inner", ".jar"), manifest, entries));
  }

  /** Entries of several maps. */
  @SafeVarargs
  public static Map<String, byte[]> all(Map<String, byte[]>... maps) {
    Map<String, byte[]> all = new TreeMap<>();
    for (Map<String, byte[]> map : maps) {
      all.putAll(map);
    }
    return all;
  }

  /** A text file. */
  public static Map<String, byte[]> text(String name, String text) {
    return Map.of(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
