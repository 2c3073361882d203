package dev.husk.image.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees written to directories, and read back. */
final class DirectoriesTest {
  @TempDir private Path folder;

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    FileTree tree =
        new FileTree()
            .directory("empty", 0755)
            .file("bin/run", 0755, text("program"))
            .file("etc/words", 0644, text("words"))
            .file("own/page", 0644, text("page"), 1_700_000_001)
            .symlink("bin/link", "run")
            .symlink("dangling", "/nowhere")
            .put("dev/null", new Node.Device(0666, false, 1, 3));
    Path to = folder.resolve("root");
    Directories.write(tree, to);
    FileTree back = new FileTree();
    Directories.read(to, "at", Times.OWN, back);
    assertEquals(
        "[at, at/bin, at/bin/link, at/bin/run, at/dangling, at/dev, at/empty, at/etc,"
            + " at/etc/words, at/own, at/own/page]",
        back.nodes().keySet().toString());
    assertEquals(new Node.Symlink("run"), back.get("at/bin/link"));
    assertEquals(0755, back.get("at/bin/run").mode());
    assertEquals(0644, back.get("at/etc/words").mode());
    Node.RegularFile words = assertInstanceOf(Node.RegularFile.class, back.get("at/etc/words"));
    assertArrayEquals("words".getBytes(StandardCharsets.UTF_8), words.content().bytes());
    for (String path : new String[] {"bin", "bin/run", "etc/words", "empty", "own"}) {
      assertEquals(
          FileTree.TIME,
          Files.getLastModifiedTime(to.resolve(path), LinkOption.NOFOLLOW_LINKS)
              .to(TimeUnit.SECONDS),
          path);
    }
    assertEquals(1_700_000_001, file(back, "at/own/page").time());
  }

  private static Node.RegularFile file(FileTree tree, String path) {
    return assertInstanceOf(Node.RegularFile.class, tree.get(path));
  }

  @Test
  void theUmaskOfWhoBuildsDoesNotShow() throws IOException {
    Path file = Files.writeString(folder.resolve("private"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path program = Files.writeString(folder.resolve("program"), "x");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    FileTree tree = new FileTree();
    Directories.read(folder, "r", Times.CONSTANT, tree);
    assertEquals(
        new Node.RegularFile(0644, file(tree, "r/private").content()), tree.get("r/private"));
    assertEquals(0644, tree.get("r/private").mode());
    assertEquals(0755, tree.get("r/program").mode());
  }
}
