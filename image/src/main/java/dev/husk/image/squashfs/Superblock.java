package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first bytes of the file system. Places are counted from there.
 *
 * @param time when it was made, in seconds since 1970, unsigned
 * @param fragments how many blocks of fragments there are
 * @param compression the number of what it is compressed with
 * @param root where the root directory's inode is: its metadata block's place in the inode table,
 *     and in the lowest 16 bits where in that
 * @param used the file system's length
 */
record Superblock(
    int inodes,
    int time,
    int blockSize,
    int fragments,
    int compression,
    int flags,
    int ids,
    long root,
    long used,
    long idTable,
    long attributeTable,
    long inodeTable,
    long directoryTable,
    long fragmentTable,
    long exportTable) {

  /** In bytes. */
  static final int SIZE = 96;

  /** There may be fragments of files of more than a block. */
  static final int ALWAYS_FRAGMENTS = 0x20;

  /** Equal files are stored once. */
  static final int DUPLICATES = 0x40;

  static final int NO_ATTRIBUTES = 0x200;

  /** Options of the compressor stand behind the superblock. */
  static final int OPTIONS = 0x400;

  /** "hsqs" */
  private static final int MAGIC = 0x73717368;

  private static final short MAJOR = 4;
  private static final short MINOR = 0;

  byte[] bytes() {
    return ByteBuffer.allocate(SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(inodes)
        .putInt(time)
        .putInt(blockSize)
        .putInt(fragments)
        .putShort((short) compression)
        .putShort((short) Integer.numberOfTrailingZeros(blockSize))
        .putShort((short) flags)
        .putShort((short) ids)
        .putShort(MAJOR)
        .putShort(MINOR)
        .putLong(root)
        .putLong(used)
        .putLong(idTable)
        .putLong(attributeTable)
        .putLong(inodeTable)
        .putLong(directoryTable)
        .putLong(fragmentTable)
        .putLong(exportTable)
        .array();
  }

  /**
   * The superblock in these {@link #SIZE} bytes.
   *
   * @throws IOException if they are none, or one of another version
   */
  static Superblock parse(byte[] bytes) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (from.getInt() != MAGIC) {
      throw new IOException("squashfs: no superblock at byte 0");
    }
    int inodes = from.getInt();
    int time = from.getInt();
    int blockSize = from.getInt();
    int fragments = from.getInt();
    int compression = Short.toUnsignedInt(from.getShort());
    int blockLog = from.getShort();
    int flags = Short.toUnsignedInt(from.getShort());
    int ids = Short.toUnsignedInt(from.getShort());
    int major = Short.toUnsignedInt(from.getShort());
    int minor = Short.toUnsignedInt(from.getShort());
    if (major != MAJOR || minor != MINOR) {
      throw new IOException("squashfs: version " + major + "." + minor + ", not 4.0");
    }
    if (Integer.bitCount(blockSize) != 1
        || blockSize < Layout.SMALLEST_BLOCK
        || blockSize > Layout.LARGEST_BLOCK
        || Integer.numberOfTrailingZeros(blockSize) != blockLog) {
      throw new IOException(
          "squashfs: blocks of " + Integer.toUnsignedLong(blockSize) + " bytes, 2^" + blockLog);
    }
    return new Superblock(
        inodes,
        time,
        blockSize,
        fragments,
        compression,
        flags,
        ids,
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong());
  }
}
