package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSetTest {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  @TempDir Path given;
  private Path directory;

  @BeforeEach
  void realPath() throws IOException {
    directory = given.toRealPath();
  }

  private String name(String end) {
    return directory.resolve(end).toString().substring(1);
  }

  private static Map<String, TarArchiveEntry> entries(FileSet files) throws IOException {
    Map<String, TarArchiveEntry> entries = new TreeMap<>();
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    files.writeTar(tar, 1000, 100);
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar.toByteArray()))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), entry);
      }
    }
    return entries;
  }

  @Test
  void aTreeKeepsItsLinksModesAndTimes() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path file = Files.writeString(tree.resolve("file"), "content");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_234_567_890_123L));
    Files.writeString(directory.resolve("elsewhere"), "linked");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../elsewhere"));
    Files.createSymbolicLink(tree.resolve("broken"), Path.of("nothing"));
    Files.writeString(tree.resolve("unwanted"), "");
    FileSet files = new FileSet();
    files.addTree(tree, path -> !path.endsWith("unwanted"));
    Map<String, TarArchiveEntry> entries = entries(files);
    TarArchiveEntry entry = entries.get(name("tree/file"));
    assertEquals(0750, entry.getMode() & 07777);
    assertEquals(1_234_567_890_000L, entry.getLastModifiedTime().toMillis());
    assertEquals(1000, entry.getLongUserId());
    assertEquals(100, entry.getLongGroupId());
    assertEquals(7, entry.getSize());
    assertEquals("../elsewhere", entries.get(name("tree/link")).getLinkName());
    assertEquals(6, entries.get(name("elsewhere")).getSize());
    assertTrue(entries.get(name("tree") + "/").isDirectory());
    assertFalse(entries.containsKey(name("tree/broken")));
    assertFalse(entries.containsKey(name("tree/unwanted")));
  }

  @Test
  void theSameFilesAreTheSameArchive() throws IOException {
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    Files.writeString(directory.resolve("a"), "1");
    Files.writeString(directory.resolve("b"), "2");
    FileSet first = new FileSet();
    first.add(directory.resolve("a"));
    first.add(directory.resolve("b"));
    first.writeTar(one, 0, 0);
    FileSet second = new FileSet();
    second.add(directory.resolve("b"));
    second.add(directory.resolve("a"));
    second.writeTar(two, 0, 0);
    assertArrayEquals(one.toByteArray(), two.toByteArray());
  }

  @Test
  void aLoopOfLinksEnds() throws IOException {
    Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
    assertThrows(IOException.class, () -> new FileSet().add(directory.resolve("a")));
  }

  @Test
  void theFilesOfACommandAreFoundInItsWords() throws IOException {
    Path library = Files.createDirectory(directory.resolve("lib"));
    Path one = jar(library.resolve("one.jar"), null);
    Path two = jar(library.resolve("two.JAR"), null);
    Files.writeString(library.resolve("readme"), "");
    Path more = jar(directory.resolve("more.jar"), null);
    Path app = jar(directory.resolve("app.jar"), "lib/one.jar more.jar gone.jar");
    Path config = Files.writeString(directory.resolve("app.conf"), "");
    Path agent = jar(directory.resolve("agent.jar"), null);
    Path arguments = Files.writeString(directory.resolve("args"), "-Dx=app.conf\n\"other\"");
    Path other = Files.createDirectory(directory.resolve("other"));
    assertEquals(Set.of(app, one, more), named("-jar", "app.jar", "8080"));
    assertEquals(Set.of(one, two), named("-cp", "lib/*"));
    assertEquals(Set.of(one, config), named("-cp", "lib/one.jar:gone.jar", "-Dconf=app.conf"));
    assertEquals(Set.of(agent), named("-javaagent:agent.jar=x=1,y"));
    assertEquals(Set.of(arguments, config, other), named("@args"));
    assertEquals(Set.of(), named("-Djava.io.tmpdir=/tmp", "--root", "/", "\0"));
  }

  private Set<Path> named(String... words) throws IOException {
    return AppFiles.namedIn(List.of(words), directory);
  }

  private static Path jar(Path path, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (classPath != null) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    }
    try (OutputStream out = Files.newOutputStream(path)) {
      new JarOutputStream(out, manifest).close();
    }
    return path;
  }

  @Test
  void aLauncherTellsWhatItNeeds() throws IOException {
    Elf java = Elf.read(JAVA_HOME.resolve("bin/java"));
    assertTrue(java.wide());
    assertTrue(java.interpreter().startsWith("/lib"), java.interpreter());
    assertTrue(java.needed().contains("libjli.so"), java.needed()::toString);
    assertTrue(java.searchPath().contains("$ORIGIN/../lib"), java.searchPath()::toString);
    Set<Path> libraries = Libraries.neededBy(List.of(JAVA_HOME.resolve("bin/java")));
    assertTrue(libraries.contains(Path.of(java.interpreter())), libraries::toString);
    assertTrue(
        libraries.stream().anyMatch(path -> path.getFileName().toString().startsWith("libc")),
        libraries::toString);
  }

  @Test
  void aDamagedFileIsRefusedAndNothingWorse() throws IOException {
    byte[] good = Files.readAllBytes(JAVA_HOME.resolve("bin/java"));
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad = Arrays.copyOf(good, i % 2 == 0 ? good.length : random.nextInt(good.length));
      for (int j = 0; j < 20; j++) {
        if (bad.length > 0) {
          bad[random.nextInt(Math.min(bad.length, 1024))] = (byte) random.nextInt();
        }
      }
      try {
        Elf.parse(ByteBuffer.wrap(bad));
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 500, refused + " refused");
    Path text = Files.writeString(directory.resolve("text"), "no library");
    assertFalse(Elf.isElf(text));
    assertEquals(
        text + ": not a valid ELF file",
        assertThrows(IOException.class, () -> Elf.read(text)).getMessage());
  }

  @Test
  void anOwnerThatLivesKeepsItsContainers() throws IOException {
    String name = Leftovers.hostName();
    assertFalse(Leftovers.isOrphan(Leftovers.labels("x"), name));
    assertTrue(Leftovers.isOrphan(Map.of(Leftovers.OWNER, Integer.MAX_VALUE + " 1 " + name), name));
    long self = ProcessHandle.current().pid();
    assertTrue(Leftovers.isOrphan(Map.of(Leftovers.OWNER, self + " 1 " + name), name));
    assertFalse(Leftovers.isOrphan(Map.of(Leftovers.OWNER, "1 1 elsewhere"), name));
    assertFalse(Leftovers.isOrphan(Map.of(Leftovers.OWNER, "x y " + name), name));
    assertFalse(Leftovers.isOrphan(Map.of(), name));
  }
}
