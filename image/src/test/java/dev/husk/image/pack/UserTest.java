package dev.husk.image.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Trees;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Who an app runs as in a container, and what it may write to. */
final class UserTest {
  private static String text(FileTree tree, String path) throws IOException {
    Node.RegularFile file = (Node.RegularFile) tree.get(path);
    return new String(file.content().bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void isGivenByNumbers() {
    assertEquals(new User(1000, 0), User.parse("1000"));
    assertEquals(new User(1000, 2000), User.parse("1000:2000"));
    assertTrue(User.parse("0").isRoot());
    for (String text : new String[] {"", "app", "1000:", "-1", "1000:app", "99999999999"}) {
      assertThrows(IllegalArgumentException.class, () -> User.parse(text), text);
    }
  }

  @Test
  void hasANameAndAHome() throws IOException {
    FileTree files = new FileTree();
    User.parse("1000").addTo(files);
    assertEquals(
        "root:x:0:0:root:/root:/bin/false\napp:x:1000:0::/app:/bin/false\n",
        text(files, "etc/passwd"));
    assertEquals("root:x:0:\n", text(files, "etc/group"));
    User.parse("1000:2000").addTo(files);
    assertEquals("root:x:0:\napp:x:2000:\n", text(files, "etc/group"));
    assertEquals("/app", User.parse("1000").home());
    FileTree none = new FileTree();
    User.parse("0").addTo(none);
    assertTrue(none.nodes().isEmpty(), "root is there already");
    assertEquals("/root", User.parse("0").home());
  }

  @Test
  void theAppsFilesAreOpenToTheirGroupAsToTheirOwner() {
    FileTree files =
        new FileTree()
            .file("app/lib/a.jar", 0644, Trees.text("a"), 7)
            .file("app/run.sh", 0755, Trees.text("b"))
            .symlink("app/link", "run.sh")
            .file("application", 0644, Trees.text("c"))
            .file("etc/conf", 0600, Trees.text("d"));
    FileTree open = User.openToGroup(files);
    assertEquals(new Node.Directory(0775), open.get("app"));
    assertEquals(new Node.Directory(0775), open.get("app/lib"));
    Node.RegularFile jar = (Node.RegularFile) open.get("app/lib/a.jar");
    assertEquals(0664, jar.mode());
    assertEquals(7, jar.time());
    assertEquals(0775, open.get("app/run.sh").mode());
    assertEquals(new Node.Symlink("run.sh"), open.get("app/link"));
    assertEquals(files.get("application"), open.get("application"));
    assertEquals(files.get("etc"), open.get("etc"));
    assertEquals(files.get("etc/conf"), open.get("etc/conf"));
  }
}
