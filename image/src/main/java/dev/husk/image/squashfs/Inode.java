package dev.husk.image.squashfs;

import dev.husk.image.tree.Node;

/** What an inode says. */
sealed interface Inode {

  /**
   * A directory.
   *
   * @param block where its listing is in the directory table
   * @param size of the listing
   */
  record Directory(int mode, long block, int offset, long size) implements Inode {}

  /** Anything else. */
  record Other(Node node) implements Inode {}
}
