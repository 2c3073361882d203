package dev.husk.image.tree;

/** One entry of a {@link FileTree}. */
public sealed interface Node {

  /** The permission bits, such as 0755. */
  int mode();

  /** A directory. */
  record Directory(int mode) implements Node {}

  /**
   * A regular file.
   *
   * @param time of its last modification, seconds since 1970 that fit into 32 bits without a sign
   */
  record RegularFile(int mode, Content content, long time) implements Node {
    /** Refuses a time that not all formats could hold. */
    public RegularFile {
      if (time != Times.limit(time)) {
        throw new IllegalArgumentException("no time of a file: " + time);
      }
    }

    /** A file whose time says nothing. */
    public RegularFile(int mode, Content content) {
      this(mode, content, FileTree.TIME);
    }
  }

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
