package dev.husk.image.squashfs;

/** Numbers of the format, in which everything is little-endian (squashfs_fs.h). */
final class Layout {

  /** What a metadata block holds before it is compressed. */
  static final int METADATA = 8192;

  /** In the length before a metadata block: it isn't compressed. */
  static final int STORED_METADATA = 1 << 15;

  /** In the size of a block of a file or of fragments: it isn't compressed. */
  static final int STORED_BLOCK = 1 << 24;

  /** Instead of a fragment or an extended attribute. */
  static final int NONE = -1;

  /** Instead of the place of a table. */
  static final long NO_TABLE = -1;

  static final int SMALLEST_BLOCK = 1 << 12;
  static final int LARGEST_BLOCK = 1 << 20;

  /** A directory's size counts its dot and two dots, which aren't stored. */
  static final int DOTS = 3;

  static final int DIRECTORY_HEADER = 12;

  /** Without the name. */
  static final int DIRECTORY_ENTRY = 8;

  /** How many entries a header in a directory may have. */
  static final int ENTRIES_OF_HEADER = 256;

  /** Of a name in a directory. */
  static final int LONGEST_NAME = 256;

  /** PATH_MAX without the zero byte. */
  static final int LONGEST_PATH = 4095;

  /** Of a symbolic link. */
  static final int LONGEST_TARGET = LONGEST_PATH;

  static final int FRAGMENT_ENTRY = 16;

  static final int PERMISSIONS = 07777;

  // Types of inodes.
  static final int DIRECTORY = 1;
  static final int FILE = 2;
  static final int SYMLINK = 3;
  static final int BLOCK_DEVICE = 4;
  static final int CHARACTER_DEVICE = 5;
  static final int FIFO = 6;
  static final int SOCKET = 7;

  /** What the type of an extended inode is more than that of the basic one. */
  static final int EXTENDED = 7;

  private Layout() {}
}
