package dev.husk.image.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image by their paths: {@code java/bin/java}, no slash at the begin or the end. A
 * directory stands before what is in it, and one that wasn't named comes into being with mode 0755.
 * Not thread-safe.
 */
public final class FileTree {

  /**
   * The time of what has none of its own, seconds since 1970: 1 January 1980, the first that FAT
   * and zip know.
   */
  public static final long TIME = 315_532_800;

  private static final int DIRECTORY_MODE = 0755;

  private final TreeMap<String, Node> nodes = new TreeMap<>();

  /** An empty tree. */
  public FileTree() {}

  /** Adds an entry, or replaces the one that was there. */
  public FileTree put(String path, Node node) {
    check(path);
    // What is above a directory that is there has been checked when that came.
    int there = path.lastIndexOf('/');
    while (there > 0 && !nodes.containsKey(path.substring(0, there))) {
      there = path.lastIndexOf('/', there - 1);
    }
    if (there > 0 && !(nodes.get(path.substring(0, there)) instanceof Node.Directory)) {
      throw new IllegalArgumentException(
          path + ": " + path.substring(0, there) + " is not a directory");
    }
    int slash = path.indexOf('/', there + 1);
    for (; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      nodes.put(path.substring(0, slash), new Node.Directory(DIRECTORY_MODE));
    }
    Node before = nodes.put(path, node);
    if (before instanceof Node.Directory
        && !(node instanceof Node.Directory)
        && !nodes.subMap(path + "/", path + "0").isEmpty()) {
      nodes.put(path, before);
      throw new IllegalArgumentException(path + " is a directory that holds files");
    }
    return this;
  }

  /** Adds a directory. */
  public FileTree directory(String path, int mode) {
    return put(path, new Node.Directory(mode));
  }

  /** Adds a file. */
  public FileTree file(String path, int mode, Content content) {
    return put(path, new Node.RegularFile(mode, content));
  }

  /** Adds a file with a time of its own. */
  public FileTree file(String path, int mode, Content content, long time) {
    return put(path, new Node.RegularFile(mode, content, time));
  }

  /** Adds a symbolic link. */
  public FileTree symlink(String path, String target) {
    return put(path, new Node.Symlink(target));
  }

  /** Adds all of another tree. */
  public FileTree putAll(FileTree other) {
    other.nodes.forEach(this::put);
    return this;
  }

  /** The entry of this path itself (links are not followed), or null. */
  public @Nullable Node get(String path) {
    return nodes.get(path);
  }

  /** All entries in the order of their paths, each directory before what is in it. A view. */
  public SortedMap<String, Node> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** The bytes of all files together. */
  public long size() {
    long size = 0;
    for (Node node : nodes.values()) {
      if (node instanceof Node.RegularFile file) {
        size += file.content().size();
      }
    }
    return size;
  }

  private static void check(String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a path of an image: \"" + path + "\"");
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw new IllegalArgumentException("not a path of an image: \"" + path + "\"");
      }
    }
  }
}
