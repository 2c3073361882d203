package dev.husk.image.disk;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A directory to be written: the entries of what is in it. */
final class FatDirectory {

  /** The path of the root directory. */
  static final String ROOT = "";

  /** Of a path, without the zero at its end (fatgen103, "FAT Long Directory Entries"). */
  static final int LONGEST_PATH = 259;

  /** Of one directory (fatgen103, "FAT Directory Structure"). */
  private static final int MOST_ENTRIES = 1 << 16;

  private final String path;

  /** The long and the short names. */
  private final Map<String, String> names;

  private final int entries;

  private FatDirectory(String path, List<String> longNames) throws IOException {
    this.path = path;
    names = ShortNames.of(longNames);
    // A dot and two dots. In the root directory the end, so that it isn't without any cluster.
    int count = path.equals(ROOT) ? 1 : 2;
    for (Map.Entry<String, String> name : names.entrySet()) {
      count += FatEntry.count(name.getKey(), name.getValue());
    }
    if (count > MOST_ENTRIES) {
      throw new IOException("FAT: too many files in the directory \"" + path + "\"");
    }
    entries = count;
  }

  /**
   * All directories of a tree by their paths, the root directory included.
   *
   * @throws IOException if a path is too long, a name has characters that FAT doesn't know, or
   *     there are too many
   */
  static Map<String, FatDirectory> all(FileTree files) throws IOException {
    Map<String, List<String>> names = new LinkedHashMap<>();
    names.put(ROOT, new ArrayList<>());
    for (Map.Entry<String, Node> entry : files.nodes().entrySet()) {
      String path = entry.getKey();
      if (path.length() > LONGEST_PATH) {
        throw new IOException("FAT: the path " + path + " has more than 259 characters");
      }
      if (entry.getValue() instanceof Node.Directory) {
        names.put(path, new ArrayList<>());
      }
      names.get(parent(path)).add(path.substring(path.lastIndexOf('/') + 1));
    }
    Map<String, FatDirectory> directories = new HashMap<>();
    for (Map.Entry<String, List<String>> entry : names.entrySet()) {
      directories.put(entry.getKey(), new FatDirectory(entry.getKey(), entry.getValue()));
    }
    return directories;
  }

  /** How many entries it has, those of long names included. */
  int entries() {
    return entries;
  }

  /** In bytes. */
  long size() {
    return (long) entries * FatEntry.SIZE;
  }

  /**
   * The directory's bytes.
   *
   * @param files what the paths in it are
   * @param firstCluster where a path's bytes are, 0 if it has none
   */
  byte[] bytes(FileTree files, ToIntFunction<String> firstCluster) {
    ByteBuffer to = ByteBuffer.allocate((int) size()).order(ByteOrder.LITTLE_ENDIAN);
    if (!path.equals(ROOT)) {
      String parent = parent(path);
      int here = firstCluster.applyAsInt(path);
      // Zero stands for the root directory.
      int above = parent.equals(ROOT) ? 0 : firstCluster.applyAsInt(parent);
      FatEntry.put(to, ".", ".", FatEntry.DIRECTORY, here, 0);
      FatEntry.put(to, "..", "..", FatEntry.DIRECTORY, above, 0);
    }
    for (Map.Entry<String, String> name : names.entrySet()) {
      String child = path.equals(ROOT) ? name.getKey() : path + "/" + name.getKey();
      int attributes = FatEntry.DIRECTORY;
      long size = 0;
      if (files.get(child) instanceof Node.RegularFile file) {
        attributes = FatEntry.ARCHIVE;
        size = file.content().size();
      }
      int first = firstCluster.applyAsInt(child);
      FatEntry.put(to, name.getKey(), name.getValue(), attributes, first, size);
    }
    return to.array();
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
