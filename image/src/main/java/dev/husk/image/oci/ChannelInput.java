package dev.husk.image.oci;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a part of a file, by positions, so that several can read the same channel at once. */
class ChannelInput extends InputStream {

  private final FileChannel channel;
  private final long end;
  private long position;

  /** From a position on, this many bytes. */
  ChannelInput(FileChannel channel, long position, long size) {
    this.channel = channel;
    this.position = position;
    this.end = position + size;
  }

  /** Where in the channel the next byte is from. */
  final long position() {
    return position;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == end) {
      return -1;
    }
    int most = (int) Math.min(length, end - position);
    int read = channel.read(ByteBuffer.wrap(bytes, offset, most), position);
    if (read < 0) {
      throw new EOFException("the file is shorter than it was");
    }
    position += read;
    return read;
  }

  @Override
  public final long skip(long count) {
    long skipped = Math.clamp(count, 0, end - position);
    position += skipped;
    return skipped;
  }

  @Override
  public final int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - position);
  }
}
