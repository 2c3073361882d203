package dev.husk.image.disk;

import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes written and fills gaps with zeros. */
final class ImageOutput extends OutputStream {
  private static final byte[] ZEROS = new byte[1 << 16];

  private final OutputStream out;
  private long position;

  ImageOutput(OutputStream out) {
    this.out = out;
  }

  /** How many bytes were written. */
  long position() {
    return position;
  }

  /** Writes zeros up to a position that isn't behind. */
  void padTo(long end) throws IOException {
    if (end < position) {
      throw new IllegalArgumentException(end + " is before " + position);
    }
    while (position < end) {
      write(ZEROS, 0, (int) Math.min(ZEROS.length, end - position));
    }
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    position++;
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    out.write(from, offset, length);
    position += length;
  }
}
