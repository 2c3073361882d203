package dev.husk.image.squashfs;

import dev.husk.image.tree.Sha256;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@link BlockCache}: the blocks, the size of each as the file system tells it, and
 * a SHA-256 of all that.
 */
final class CachedBlocks implements Closeable {
  private static final int DIGEST = 32;
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final ByteBuffer sizes;
  private long position;

  private CachedBlocks(FileChannel channel, ByteBuffer sizes) {
    this.channel = channel;
    this.sizes = sizes;
  }

  /**
   * An entry that is what was written once, or null if this is none.
   *
   * @param count how many blocks it must have
   */
  static @Nullable CachedBlocks verified(FileChannel channel, int count) throws IOException {
    long end = channel.size() - DIGEST;
    long begin = end - (long) count * Integer.BYTES;
    if (begin < 0) {
      return null;
    }
    MessageDigest digest = Sha256.begin();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (long at = 0; at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER, end - at));
      digest.update(read(channel, at, buffer));
    }
    ByteBuffer expected = read(channel, end, ByteBuffer.allocate(DIGEST));
    if (!MessageDigest.isEqual(expected.array(), digest.digest())) {
      return null;
    }
    ByteBuffer sizes = read(channel, begin, ByteBuffer.allocate(count * Integer.BYTES));
    long length = 0;
    for (int i = 0; i < count; i++) {
      length += Block.length(sizes.getInt(i * Integer.BYTES));
    }
    return length == begin ? new CachedBlocks(channel, sizes) : null;
  }

  /** The next block. */
  Block next() throws IOException {
    int size = sizes.getInt();
    byte[] bytes = new byte[Block.length(size)];
    read(channel, position, ByteBuffer.wrap(bytes));
    position += bytes.length;
    return new Block(bytes, size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static ByteBuffer read(FileChannel from, long at, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      int count = from.read(to, at);
      if (count < 0) {
        throw new EOFException("an entry of the cache was cut off while it was read");
      }
      at += count;
    }
    return to.flip();
  }
}
