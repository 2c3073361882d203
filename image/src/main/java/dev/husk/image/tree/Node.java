package dev.husk.image.tree;

/** One entry of a {@link FileTree}. */
public sealed interface Node {

  /** The permission bits, such as 0755. */
  int mode();

  /** A directory. */
  record Directory(int mode) implements Node {}

  /** A regular file. */
  record RegularFile(int mode, Content content) implements Node {}

  /**
   * A symbolic link.
   *
   * @param target as it is written into the link
   */
  record Symlink(String target) implements Node {
    @Override
    public int mode() {
      return 0777;
    }
  }

  /**
   * A device node.
   *
   * @param block a block device; else a character device
   */
  record Device(int mode, boolean block, int major, int minor) implements Node {}
}
