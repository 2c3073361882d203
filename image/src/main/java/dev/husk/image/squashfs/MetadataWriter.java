package dev.husk.image.squashfs;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Makes metadata blocks, each with its length before it (squashfs.rst, 3.2). What is written runs
 * on from one to the next.
 */
final class MetadataWriter {
  private final Compressor compressor;
  private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
  private final byte[] block = new byte[Layout.METADATA];
  private int used;

  MetadataWriter(Compressor compressor) {
    this.compressor = compressor;
  }

  /** Where in the table the present block begins. */
  int blockStart() {
    return blocks.size();
  }

  /** Where in the present block, before compression, the next byte goes. */
  int offset() {
    return used;
  }

  /** Both as one number. */
  long reference() {
    return (long) blockStart() << 16 | offset();
  }

  void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int from, int to) {
    while (from < to) {
      int count = Math.min(to - from, block.length - used);
      System.arraycopy(bytes, from, block, used, count);
      from += count;
      used += count;
      if (used == block.length) {
        emit();
      }
    }
  }

  /** Ends the last block. Returns all. */
  byte[] finish() {
    if (used > 0) {
      emit();
    }
    return blocks.toByteArray();
  }

  private void emit() {
    byte[] content = Arrays.copyOf(block, used);
    byte[] compressed = compressor.compress(content);
    int length = compressed.length;
    if (length >= content.length) {
      length |= Layout.STORED_METADATA;
    }
    blocks.write(length);
    blocks.write(length >> 8);
    blocks.writeBytes(compressed);
    used = 0;
  }
}
