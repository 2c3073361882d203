package dev.husk.image.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What differs between two trees. */
final class TreeDiffTest {
  private static Content content(int size, int last) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 7);
    bytes[size - 1] = (byte) last;
    return Content.of(bytes);
  }

  @Test
  void namesWhatCameWentAndChanged() throws IOException {
    FileTree before =
        new FileTree()
            .file("a/gone", 0644, content(3, 1))
            .file("a/grown", 0644, content(3, 1))
            .file("a/same", 0644, content(200_000, 1))
            .file("a/last", 0644, content(200_000, 1))
            .file("a/mode", 0644, content(3, 1))
            .file("a/time", 0644, content(3, 1), 1)
            .symlink("link", "a/same")
            .symlink("becomes", "a/same");
    FileTree after =
        new FileTree()
            .file("a/grown", 0644, content(4, 1))
            .file("a/same", 0644, content(200_000, 1))
            .file("a/last", 0644, content(200_000, 2))
            .file("a/mode", 0755, content(3, 1))
            .file("a/time", 0644, content(3, 1), 2)
            .file("b/new", 0644, content(9, 1))
            .symlink("link", "a/last")
            .directory("becomes", 0755);
    assertEquals(
        List.of(
            new TreeDiff.Difference(TreeDiff.Kind.REMOVED, "a/gone", 3, 0),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "a/grown", 3, 4),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "a/last", 200_000, 200_000),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "a/mode", 3, 3),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "a/time", 3, 3),
            new TreeDiff.Difference(TreeDiff.Kind.ADDED, "b", 0, 0),
            new TreeDiff.Difference(TreeDiff.Kind.ADDED, "b/new", 0, 9),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "becomes", 0, 0),
            new TreeDiff.Difference(TreeDiff.Kind.CHANGED, "link", 0, 0)),
        TreeDiff.between(before, after));
  }

  @Test
  void findsNothingInATreeAndItself() throws IOException {
    FileTree tree = new FileTree().file("a", 0644, content(3, 1)).symlink("b", "a");
    assertEquals(List.of(), TreeDiff.between(tree, tree));
  }
}
