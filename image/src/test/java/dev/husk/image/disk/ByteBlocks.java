package dev.husk.image.disk;

import java.nio.ByteBuffer;

/** Bytes in memory, with zeros behind them. */
public final class ByteBlocks extends Blocks {
  private final byte[] bytes;
  private final long size;

  /** These bytes. */
  public ByteBlocks(byte[] bytes) {
    this(bytes, bytes.length);
  }

  /** These bytes, and zeros up to this size. */
  public ByteBlocks(byte[] bytes, long size) {
    this.bytes = bytes;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  void fill(long offset, ByteBuffer to) {
    int there = Math.clamp(bytes.length - offset, 0, to.remaining());
    if (there > 0) {
      to.put(bytes, (int) offset, there);
    }
    to.put(new byte[to.remaining()]);
  }

  @Override
  public void close() {}
}
