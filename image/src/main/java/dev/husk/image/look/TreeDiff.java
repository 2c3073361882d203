package dev.husk.image.look;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two trees of files. */
public final class TreeDiff {
  private TreeDiff() {}

  /** How an entry differs. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * One difference.
   *
   * @param before bytes of the file in the first tree, 0 for what is no file or isn't there
   * @param after the same of the second tree
   */
  public record Difference(Kind kind, String path, long before, long after) {}

  /** All differences, by path. Reads the files of the same size in both. */
  public static List<Difference> between(FileTree first, FileTree second) throws IOException {
    TreeSet<String> paths = new TreeSet<>(first.nodes().keySet());
    paths.addAll(second.nodes().keySet());
    List<Difference> differences = new ArrayList<>();
    for (String path : paths) {
      Node before = first.get(path);
      Node after = second.get(path);
      if (before == null || after == null) {
        differences.add(
            new Difference(
                before == null ? Kind.ADDED : Kind.REMOVED, path, size(before), size(after)));
      } else if (!same(before, after)) {
        differences.add(new Difference(Kind.CHANGED, path, size(before), size(after)));
      }
    }
    return differences;
  }

  private static long size(@Nullable Node node) {
    return node instanceof Node.RegularFile file ? file.content().size() : 0;
  }

  private static boolean same(Node before, Node after) throws IOException {
    if (!(before instanceof Node.RegularFile first && after instanceof Node.RegularFile second)) {
      return before.equals(after);
    }
    if (first.mode() != second.mode()
        || first.time() != second.time()
        || size(first) != size(second)) {
      return false;
    }
    try (InputStream a = first.content().open();
        InputStream b = second.content().open()) {
      byte[] left = new byte[1 << 16];
      byte[] right = new byte[1 << 16];
      while (true) {
        int n = a.readNBytes(left, 0, left.length);
        int m = b.readNBytes(right, 0, right.length);
        if (!Arrays.equals(left, 0, n, right, 0, m)) {
          return false;
        }
        if (n == 0) {
          return true;
        }
      }
    }
  }
}
