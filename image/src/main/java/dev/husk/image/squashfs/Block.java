package dev.husk.image.squashfs;

import java.util.Arrays;

/**
 * A block of a file or of fragments, as it lies in the file system.
 *
 * @param size as the file's inode or the table of fragments tells it: the count of bytes, and
 *     whether they are {@linkplain Layout#STORED_BLOCK stored}
 */
@SuppressWarnings("ArrayRecordComponent") // It is handed on and never compared.
record Block(byte[] bytes, int size) {

  /** A block of a file that is all zeros, of which there are no bytes. */
  static final Block SPARSE = new Block(new byte[0], 0);

  private static final byte[] ZEROS = new byte[Layout.LARGEST_BLOCK];

  static Block of(byte[] content, Compressor compressor) {
    byte[] compressed = compressor.compress(content);
    return compressed.length < content.length
        ? new Block(compressed, compressed.length)
        : new Block(content, content.length | Layout.STORED_BLOCK);
  }

  /** How many bytes a block of this size has in the file system. */
  static int length(int size) {
    return size & ~Layout.STORED_BLOCK;
  }

  static boolean isZeros(byte[] content) {
    return Arrays.equals(content, 0, content.length, ZEROS, 0, content.length);
  }
}
