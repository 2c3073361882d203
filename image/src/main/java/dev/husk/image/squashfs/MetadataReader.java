package dev.husk.image.squashfs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a table in metadata blocks (squashfs.rst, 3.2). Can be used by several threads. */
final class MetadataReader {
  private static final int LENGTH = 2;

  /** What is read at random again and again: some hundred kilobytes. */
  private static final int KEPT = 64;

  private final Volume volume;
  private final long start;
  private final long end;
  private final Recent<Decoded> blocks = new Recent<>(KEPT, this::decode);

  @SuppressWarnings("ArrayRecordComponent") // It is never compared.
  private record Decoded(byte[] bytes, long next) {}

  /** The table that is there. */
  MetadataReader(Volume volume, long start, long end) {
    this.volume = volume;
    this.start = start;
    this.end = end;
  }

  /** How many bytes the table can hold at the very most from one of its blocks on. */
  long most(long block) {
    return Math.max(0, (end - start - block) / (LENGTH + 1) * Layout.METADATA);
  }

  /**
   * Begins to read.
   *
   * @param block where a block is in the table
   * @param offset where in what it holds
   */
  Cursor at(long block, int offset) throws IOException {
    Cursor cursor = new Cursor(block, offset);
    if (offset > cursor.decoded.bytes.length) {
      throw new IOException(
          "squashfs: byte %d of the metadata block at byte %d, which has %d"
              .formatted(offset, start + block, cursor.decoded.bytes.length));
    }
    return cursor;
  }

  private Decoded decode(long block) throws IOException {
    long position = start + block;
    if (block < 0 || position > end - LENGTH) {
      throw new EOFException(
          "squashfs: a metadata block at byte %d, outside of its table, bytes %d to %d"
              .formatted(position, start, end));
    }
    byte[] header = volume.read(position, LENGTH);
    int field = Byte.toUnsignedInt(header[0]) | Byte.toUnsignedInt(header[1]) << 8;
    int length = field & ~Layout.STORED_METADATA;
    boolean stored = (field & Layout.STORED_METADATA) != 0;
    byte[] bytes = volume.read(position + LENGTH, length, stored, Layout.METADATA);
    return new Decoded(bytes, block + LENGTH + length);
  }

  /** A place in the table. */
  final class Cursor {
    private long block;
    private int offset;
    private Decoded decoded;

    private Cursor(long block, int offset) throws IOException {
      this.block = block;
      this.offset = offset;
      decoded = blocks.get(block);
    }

    /** The present block's place in the table. */
    long block() {
      return block;
    }

    /** The place in what it holds. */
    int offset() {
      return offset;
    }

    /** The next bytes. The caller bounds their count. */
    byte[] bytes(int count) throws IOException {
      byte[] bytes = new byte[count];
      int at = 0;
      while (at < count) {
        if (offset == decoded.bytes.length) {
          block = decoded.next;
          offset = 0;
          decoded = blocks.get(block);
        }
        int part = Math.min(count - at, decoded.bytes.length - offset);
        System.arraycopy(decoded.bytes, offset, bytes, at, part);
        offset += part;
        at += part;
      }
      return bytes;
    }

    /** The same, to be read as numbers. */
    ByteBuffer fields(int count) throws IOException {
      return ByteBuffer.wrap(bytes(count)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
