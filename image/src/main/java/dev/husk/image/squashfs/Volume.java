package dev.husk.image.squashfs;

import dev.husk.image.disk.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file system that is read: its bytes, and what they are compressed with. */
final class Volume {
  private final Blocks blocks;
  private final Superblock superblock;
  private final Compression compression;

  /**
   * The file system that begins with these blocks.
   *
   * @throws IOException if there is none, or one that can't be read here
   */
  Volume(Blocks whole) throws IOException {
    superblock = Superblock.parse(Squashfs.superblock(whole));
    compression = Compression.of(superblock.compression());
    long used = superblock.used();
    if (used < Superblock.SIZE || used > whole.size()) {
      throw new IOException("squashfs: it has %d bytes and says %d".formatted(whole.size(), used));
    }
    if (superblock.inodeTable() < Superblock.SIZE
        || superblock.inodeTable() >= superblock.directoryTable()
        || superblock.directoryTable() > used) {
      throw new IOException(
          "squashfs: the inode table at byte %d and the directory table at byte %d of %d"
              .formatted(superblock.inodeTable(), superblock.directoryTable(), used));
    }
    blocks = whole.part(0, used);
  }

  Superblock superblock() {
    return superblock;
  }

  int blockSize() {
    return superblock.blockSize();
  }

  /** Bytes as they lie there. The caller bounds their count. */
  byte[] read(long position, int count) throws IOException {
    byte[] bytes = new byte[count];
    blocks.read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /**
   * What a block holds.
   *
   * @param length as it lies there
   * @param most how many bytes it may hold
   */
  byte[] read(long position, int length, boolean stored, int most) throws IOException {
    if (length <= 0 || length > most) {
      throw new IOException(
          "squashfs: a block of " + length + " bytes at byte " + position + ", at most " + most);
    }
    byte[] bytes = read(position, length);
    if (stored) {
      return bytes;
    }
    try {
      return compression.decompress(bytes, most);
    } catch (IOException e) {
      throw new IOException(
          "squashfs: the block at byte %d can't be decompressed: %s"
              .formatted(position, e.getMessage()),
          e);
    }
  }

  /**
   * What a block of a file or of fragments holds.
   *
   * @param size as it is told where the block is listed
   */
  byte[] block(long position, int size) throws IOException {
    return read(position, Block.length(size), (size & Layout.STORED_BLOCK) != 0, blockSize());
  }
}
