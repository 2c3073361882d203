package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one layer takes away from those below it (layer.md, "Whiteouts"): an empty file {@code
 * .wh.NAME} removes NAME, and {@code .wh..wh..opq} all that was in its directory.
 */
final class Whiteouts {

  private static final String PREFIX = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private Whiteouts() {}

  /** Whether the last name of this path is a mark of deletion. */
  static boolean isWhiteout(String path) {
    return path.startsWith(PREFIX, path.lastIndexOf('/') + 1);
  }

  /** What is there when the layers lie on one another, the last one on top. */
  static FileTree merge(List<FileTree> layers) {
    TreeMap<String, Node> merged = new TreeMap<>();
    for (FileTree layer : layers) {
      // First all deletions: they are of what lies below, wherever in the layer they stand.
      for (String path : layer.nodes().keySet()) {
        if (isWhiteout(path)) {
          delete(merged, path);
        }
      }
      for (Map.Entry<String, Node> file : layer.nodes().entrySet()) {
        if (isWhiteout(file.getKey())) {
          continue;
        }
        if (!(file.getValue() instanceof Node.Directory)) {
          below(merged, file.getKey()).clear();
        }
        merged.put(file.getKey(), file.getValue());
      }
    }
    FileTree root = new FileTree();
    merged.forEach(root::put);
    return root;
  }

  private static void delete(TreeMap<String, Node> merged, String whiteout) {
    int name = whiteout.lastIndexOf('/') + 1;
    String directory = whiteout.substring(0, name);
    if (whiteout.startsWith(OPAQUE, name)) {
      if (directory.isEmpty()) {
        merged.clear();
      } else {
        below(merged, directory.substring(0, name - 1)).clear();
      }
      return;
    }
    String victim = directory + whiteout.substring(name + PREFIX.length());
    merged.remove(victim);
    below(merged, victim).clear();
  }

  private static Map<String, Node> below(TreeMap<String, Node> merged, String directory) {
    // '0' follows '/'.
    return merged.subMap(directory + "/", directory + "0");
  }
}
