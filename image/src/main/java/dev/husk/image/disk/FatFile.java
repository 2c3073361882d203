package dev.husk.image.disk;

import dev.husk.image.tree.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of a file on a FAT volume, found when they are read.
 *
 * @param first the first cluster
 */
record FatFile(FatGeometry geometry, Blocks volume, String path, int first, long size)
    implements Content {

  @Override
  public InputStream open() {
    return new Stream();
  }

  private final class Stream extends InputStream {
    private final int clusterSize = geometry.clusterSize();
    private final FatChain chain = new FatChain(geometry, volume, first);
    private long left = size;

    /** Where the present cluster begins in the volume, and how much of it was read. */
    private long offset;

    private int within = clusterSize;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int begin, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count = inCluster(length);
      if (count == 0) {
        return -1;
      }
      volume.read(offset + within, ByteBuffer.wrap(to, begin, count));
      advance(count);
      return count;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = 0;
      while (skipped < n && left > 0) {
        int count = inCluster(n - skipped);
        advance(count);
        skipped += count;
      }
      return skipped;
    }

    /** How many bytes, at most so many, the present cluster has: zero at the end of the file. */
    private int inCluster(long most) throws IOException {
      if (within == clusterSize && left > 0) {
        int cluster = chain.next();
        if (cluster < 0) {
          throw new EOFException(
              "FAT: " + path + " has no clusters for its last " + left + " bytes");
        }
        offset = geometry.clusterOffset(cluster);
        within = 0;
      }
      return (int) Math.min(most, Math.min(left, clusterSize - within));
    }

    private void advance(int count) {
      within += count;
      left -= count;
    }
  }
}
