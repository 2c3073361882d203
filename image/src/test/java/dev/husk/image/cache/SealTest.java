package dev.husk.image.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks a seal. */
final class SealTest {
  @TempDir private Path folder;
  private Path file;
  private Path link;

  @BeforeEach
  void seal() throws IOException {
    file = Files.createDirectories(folder.resolve("inside")).resolve("file");
    Files.writeString(file, "some text");
    link = Files.createSymbolicLink(folder.resolve("link"), Path.of("inside/file"));
    Seal.set(folder);
    assertTrue(Seal.holds(folder));
  }

  @Test
  void noSealIsNone() throws IOException {
    Files.delete(folder.resolve("husk-seal"));
    assertFalse(Seal.holds(folder));
    assertFalse(Seal.holds(folder.resolve("nothing")));
  }

  @Test
  void aChangedByteBreaksIt() throws IOException {
    Files.writeString(file, "some fext");
    assertFalse(Seal.holds(folder));
  }

  @Test
  void aCutFileBreaksIt() throws IOException {
    Files.writeString(file, "");
    assertFalse(Seal.holds(folder));
  }

  @Test
  void aMissingFileBreaksIt() throws IOException {
    Files.delete(file);
    assertFalse(Seal.holds(folder));
  }

  @Test
  void oneMoreFileBreaksIt() throws IOException {
    Files.writeString(folder.resolve("inside/more"), "");
    assertFalse(Seal.holds(folder));
  }

  @Test
  void otherPermissionsBreakIt() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertFalse(Seal.holds(folder));
  }

  @Test
  void anotherTargetOfALinkBreaksIt() throws IOException {
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("inside"));
    assertFalse(Seal.holds(folder));
  }

  @Test
  void aDamagedSealIsNone() throws IOException {
    Path seal = folder.resolve("husk-seal");
    Files.writeString(seal, Files.readString(seal).substring(1));
    assertFalse(Seal.holds(folder));
  }
}
