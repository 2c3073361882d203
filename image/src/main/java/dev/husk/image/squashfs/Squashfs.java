package dev.husk.image.squashfs;

import dev.husk.image.disk.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file system that has been written. */
public final class Squashfs {

  /** How many bytes its superblock has, the first of the file system. */
  public static final int SUPERBLOCK_SIZE = Superblock.SIZE;

  private final byte[] superblock;
  private final long size;

  Squashfs(byte[] superblock, long size) {
    this.superblock = superblock.clone();
    this.size = size;
  }

  /** How many bytes it takes, a multiple of 4096. */
  public long size() {
    return size;
  }

  /**
   * Its first {@link #SUPERBLOCK_SIZE} bytes. They tell it from others: file systems of different
   * contents have different ones, but for one case in four thousand million.
   */
  public byte[] superblock() {
    return superblock.clone();
  }

  /**
   * The same of a file system that lies there.
   *
   * @throws IOException if it can't be read or doesn't begin with a superblock
   */
  public static byte[] superblock(Blocks blocks) throws IOException {
    byte[] bytes = new byte[SUPERBLOCK_SIZE];
    blocks.read(0, ByteBuffer.wrap(bytes));
    Superblock.parse(bytes);
    return bytes;
  }
}
