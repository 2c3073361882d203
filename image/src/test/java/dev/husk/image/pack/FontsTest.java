package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FontsTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin/java");

  @TempDir private Path system;

  private final FileTree fonts =
      new FileTree().file("usr/share/fonts/a.ttf", 0644, Content.of(new byte[1]));
  private final FileTree tree = new FileTree();

  @Test
  void whoIncludesNoFontsGetsNothing() throws IOException {
    FileTree others = new FileTree().file("app/a.ttf", 0644, Content.of(new byte[1]));
    assertNull(Fonts.add(others, JAVA, Path.of("/"), tree));
    assertEquals(Set.of(), tree.nodes().keySet());
  }

  @Test
  void fontsBringTheLibraryThatFindsThem() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libfontconfig.so.1"))
            && Files.exists(Path.of("/etc/fonts/fonts.conf")),
        "there is no fontconfig");
    assertNull(Fonts.add(fonts, JAVA, Path.of("/"), tree));
    assertNotNull(tree.get("etc/fonts/fonts.conf"));
    Set<String> names =
        tree.nodes().keySet().stream()
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .collect(Collectors.toSet());
    assertTrue(
        names.containsAll(Set.of("libfontconfig.so.1", "libexpat.so.1", "libfreetype.so.6")),
        names::toString);
  }

  @Test
  void aSystemWithoutTheLibraryIsToldOf() throws IOException {
    assertEquals(
        "there is no libfontconfig.so.1 here, so the app finds none of the fonts it includes",
        Fonts.add(fonts, JAVA, system, tree));
    assertEquals(Set.of(), tree.nodes().keySet());
  }
}
