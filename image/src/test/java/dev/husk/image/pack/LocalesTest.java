package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalesTest {
  @TempDir private Path system;

  private final FileTree tree = new FileTree();

  @BeforeEach
  void aSystemWithTwoLocales() throws IOException {
    for (String name : new String[] {"C.utf8", "de_DE.utf8"}) {
      Path directory = Files.createDirectories(system.resolve("usr/lib/locale").resolve(name));
      Files.writeString(directory.resolve("LC_CTYPE"), name);
    }
  }

  @Test
  void theLocaleOfTheEnvironmentComesAlong() throws IOException {
    assertNull(Locales.add(Map.of("LANG", "C.UTF-8"), system, tree));
    assertNotNull(tree.get("usr/lib/locale/C.utf8/LC_CTYPE"));
    assertNull(tree.get("usr/lib/locale/de_DE.utf8"));
  }

  @Test
  void theVariablesHaveTheirOrder() throws IOException {
    Map<String, String> environment =
        Map.of("LANG", "C.UTF-8", "LC_CTYPE", "", "LC_ALL", "de_DE.utf8");
    assertNull(Locales.add(environment, system, tree));
    assertNotNull(tree.get("usr/lib/locale/de_DE.utf8/LC_CTYPE"));
    assertNull(tree.get("usr/lib/locale/C.utf8"));
  }

  @Test
  void theCLibraryHasItsOwnLocaleWithin() throws IOException {
    assertNull(Locales.add(Map.of("LANG", "POSIX"), system, tree));
    assertNull(Locales.add(Map.of("LC_ALL", "C", "LANG", "fr_FR.UTF-8"), system, tree));
    assertNull(Locales.add(Map.of(), system, tree));
    assertTrue(tree.nodes().isEmpty());
  }

  @Test
  void whatThisMachineLacksIsSaid() throws IOException {
    assertEquals(
        "LANG=fr_FR.UTF-8: there is no /usr/lib/locale/fr_FR.utf8 here, so the app gets ASCII names"
            + " and output",
        Locales.add(Map.of("LANG", "fr_FR.UTF-8"), system, tree));
    assertNotNull(Locales.add(Map.of("LANG", "../.."), system, tree));
    assertTrue(tree.nodes().isEmpty());
  }
}
