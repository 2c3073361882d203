package dev.husk.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars go without the project's libraries. */
final class ClassPathTest {
  private static final String MAIN = Attributes.Name.MAIN_CLASS.toString();
  private static final String CLASS_PATH = Attributes.Name.CLASS_PATH.toString();

  @TempDir private Path folder;

  private List<Path> libraries = List.of();

  @BeforeEach
  void libraries() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    libraries =
        List.of(
            classes,
            jar("resources.jar", Map.of(), "a.txt"),
            jar("one.jar", Map.of(), ONE_CLASSES));
  }

  private static final String[] ONE_CLASSES = {
    "module-info.class", "META-INF/versions/21/one/A.class", "one/A.class"
  };

  private Path jar(String name, Map<String, String> attributes, String... entries)
      throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (String entry : entries) {
        zip.putNextEntry(new JarEntry(entry));
        zip.closeEntry();
      }
    }
    return jar;
  }

  private void assertAlone(Path jar) throws IOException {
    assertEquals(List.of(jar), ClassPath.of(jar, libraries));
  }

  private void assertWithLibraries(Path jar) throws IOException {
    assertEquals(
        List.of(jar, libraries.get(0), libraries.get(1), libraries.get(2)),
        ClassPath.of(jar, libraries));
  }

  @Test
  void aPlainJarNeedsTheLibraries() throws IOException {
    assertWithLibraries(jar("app.jar", Map.of(), "app/Main.class"));
    assertWithLibraries(jar("named.jar", Map.of(MAIN, "app.Main"), "app/Main.class"));
    Path bare = folder.resolve("bare.jar");
    try (JarOutputStream zip = new JarOutputStream(Files.newOutputStream(bare))) {
      zip.putNextEntry(new JarEntry("app/Main.class"));
    }
    assertWithLibraries(bare);
  }

  @Test
  void aJarThatFindsItsLibrariesGoesAlone() throws IOException {
    Path whole = jar("whole.jar", Map.of(MAIN, "app.Main", CLASS_PATH, "one.jar classes/"));
    assertAlone(whole);
    // As the jar plugin writes it where nobody copies the libraries.
    assertWithLibraries(jar("part.jar", Map.of(MAIN, "app.Main", CLASS_PATH, "one.jar lib/b.jar")));
    assertWithLibraries(jar("odd.jar", Map.of(MAIN, "app.Main", CLASS_PATH, "http://x/b.jar")));
  }

  @Test
  void aJarWithTheLibrariesInItGoesAlone() throws IOException {
    assertAlone(jar("shaded.jar", Map.of(), "app/Main.class", "one/A.class"));
    assertAlone(
        jar("boot.jar", Map.of(MAIN, "org.springframework.boot.loader.launch.JarLauncher")));
    assertAlone(jar("app.war", Map.of(), "WEB-INF/web.xml"));
  }

  @Test
  void withoutLibrariesThereIsNothingToAdd() throws IOException {
    libraries = List.of();
    assertAlone(jar("app.jar", Map.of(), "app/Main.class"));
  }
}
