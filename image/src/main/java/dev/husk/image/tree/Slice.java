package dev.husk.image.tree;

import java.io.IOException;
import java.io.InputStream;

/**
 * A part of another content.
 *
 * @param whole what it is a part of
 * @param offset where it begins there
 * @param size how many bytes it has; the part lies within the whole
 */
public record Slice(Content whole, long offset, long size) implements Content {

  /** Checks that the part lies within the whole. */
  public Slice {
    if (offset < 0 || size < 0 || offset > whole.size() - size) {
      throw new IllegalArgumentException(
          size + " bytes at " + offset + " aren't within " + whole.size());
    }
  }

  @Override
  public InputStream open() throws IOException {
    InputStream in = whole.open();
    try {
      in.skipNBytes(offset);
    } catch (IOException e) {
      in.close();
      throw e;
    }
    return new Part(in, size);
  }

  private static final class Part extends InputStream {
    private final InputStream in;
    private long left;

    Part(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int read = in.read(to, offset, (int) Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
