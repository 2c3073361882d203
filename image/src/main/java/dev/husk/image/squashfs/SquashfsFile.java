package dev.husk.image.squashfs;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a file, found when they are read.
 *
 * @param listBlock where the list of its blocks is in the inode table
 * @param start where its first block is
 * @param fragment the number of the block of fragments that has its tail, or {@link Layout#NONE}
 */
record SquashfsFile(
    Volume volume,
    MetadataReader inodes,
    FragmentReader fragments,
    String path,
    long size,
    long listBlock,
    int listOffset,
    long start,
    int fragment,
    int fragmentOffset)
    implements Content {

  @Override
  public InputStream open() throws IOException {
    return new Stream();
  }

  private final class Stream extends InputStream {
    private final MetadataReader.Cursor list;
    private long position = start;

    /** How many bytes are in blocks that come. */
    private long left = size;

    private byte[] block = {};
    private int at;

    Stream() throws IOException {
      list = inodes.at(listBlock, listOffset);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == block.length) {
        if (left == 0) {
          return -1;
        }
        load();
      }
      int count = Math.min(length, block.length - at);
      System.arraycopy(block, at, to, offset, count);
      at += count;
      return count;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = 0;
      while (skipped < n) {
        if (at < block.length) {
          int count = (int) Math.min(n - skipped, block.length - at);
          at += count;
          skipped += count;
        } else if (left == 0) {
          break;
        } else if (n - skipped >= nextLength()) {
          skipped += nextLength();
          if (!nextIsFragment()) {
            position += Block.length(nextSize());
          }
          left -= nextLength();
        } else {
          load();
        }
      }
      return skipped;
    }

    private int nextLength() {
      return (int) Math.min(left, volume.blockSize());
    }

    private boolean nextIsFragment() {
      return left < volume.blockSize() && fragment != Layout.NONE;
    }

    private int nextSize() throws IOException {
      return list.fields(Integer.BYTES).getInt();
    }

    private void load() throws IOException {
      try {
        block = next();
      } catch (IOException e) {
        throw new IOException(path + ": " + e.getMessage(), e);
      }
      at = 0;
      left -= block.length;
    }

    private byte[] next() throws IOException {
      int length = nextLength();
      if (nextIsFragment()) {
        return fragments.read(Integer.toUnsignedLong(fragment), fragmentOffset, length);
      }
      int size = nextSize();
      if (size == 0) {
        return new byte[length];
      }
      byte[] bytes = volume.block(position, size);
      if (bytes.length != length) {
        throw new IOException(
            "squashfs: the block at byte %d holds %d bytes instead of %d"
                .formatted(position, bytes.length, length));
      }
      position += Block.length(size);
      return bytes;
    }
  }
}
