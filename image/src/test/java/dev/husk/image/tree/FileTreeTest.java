package dev.husk.image.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a tree makes of paths. */
final class FileTreeTest {

  @Test
  void directoriesAboveComeIntoBeing() {
    FileTree tree = new FileTree().directory("a", 0700).symlink("a/b/c/d", "x").symlink("e", "x");
    assertEquals(List.of("a", "a/b", "a/b/c", "a/b/c/d", "e"), List.copyOf(tree.nodes().keySet()));
    assertEquals(new Node.Directory(0700), tree.get("a"));
    assertEquals(new Node.Directory(0755), tree.get("a/b"));
  }

  @Test
  void nothingIsPutBelowWhatIsNoDirectory() {
    FileTree tree = new FileTree().symlink("a/b", "x");
    List<String> before = List.copyOf(tree.nodes().keySet());
    for (String path : List.of("a/b/c", "a/b/c/d/e")) {
      assertThrows(IllegalArgumentException.class, () -> tree.directory(path, 0755));
      assertEquals(before, List.copyOf(tree.nodes().keySet()));
    }
    assertThrows(IllegalArgumentException.class, () -> tree.symlink("a", "x"));
    assertEquals(before, List.copyOf(tree.nodes().keySet()));
  }

  @Test
  void deepPathsTakeNoLongerThanTheirLength() {
    String deep = "d/".repeat(2000);
    FileTree tree = new FileTree();
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 5000; i++) {
            tree.symlink(deep + i, "x");
          }
        });
    assertEquals(7000, tree.nodes().size());
  }
}
