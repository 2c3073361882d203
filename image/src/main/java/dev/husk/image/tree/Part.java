package dev.husk.image.tree;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Some bytes of another content. */
record Part(Content whole, long offset, long size) implements Content {

  @Override
  public InputStream open() throws IOException {
    InputStream in = whole.open();
    try {
      in.skipNBytes(offset);
    } catch (IOException e) {
      in.close();
      throw e;
    }
    return new Stream(in, size);
  }

  /** Ends after a number of bytes, and fails if the stream below ends before. */
  private static final class Stream extends FilterInputStream {
    private long left;

    Stream(InputStream in, long size) {
      super(in);
      left = size;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int value = in.read();
      count(value < 0 ? -1 : 1);
      return value;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = in.read(to, offset, (int) Math.min(length, left));
      count(read);
      return read;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(Math.min(n, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(int read) throws EOFException {
      if (read < 0) {
        throw new EOFException(left + " bytes are missing at the end");
      }
      left -= read;
    }
  }
}
