package dev.husk.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdksTest {
  @TempDir private Path folder;

  private Path home(String name, String version, boolean compiler) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    if (compiler) {
      assertTrue(Files.createFile(home.resolve("bin/javac")).toFile().setExecutable(true));
    }
    return home;
  }

  @Test
  void theFirstJdk25IsTaken() throws IOException {
    Path old = home("old", "17.0.15", true);
    Path runtime = home("runtime", "25.0.1", false);
    Path early = home("early", "25", true);
    Path good = home("good", "25.0.1", true);
    Path other = home("other", "250.1", true);
    Path gone = folder.resolve("gone");
    assertEquals(
        Optional.of(early),
        Jdks.first(Arrays.asList(null, gone, old, runtime, other, early, good)));
    assertEquals(Optional.of(good), Jdks.first(List.of(old, good, early)));
    assertEquals(Optional.empty(), Jdks.first(List.of(old, runtime, other, gone)));
  }

  @Test
  void theJdkOfThisTestIsOne() {
    assertTrue(Jdks.isJdk25(Path.of(System.getProperty("java.home"))));
    assertFalse(Jdks.isJdk25(folder));
  }
}
