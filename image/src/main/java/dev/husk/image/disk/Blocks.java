package dev.husk.image.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a disk or of a part of one, read at any place. Can be used by several threads. */
public abstract class Blocks implements Closeable {

  /** For the classes of this package. */
  Blocks() {}

  /**
   * The disk in a file of any {@link DiskFormat}. Close it when nothing of the disk is read any
   * more.
   *
   * @throws IOException if the file can't be read, or is a qcow2 image that is damaged or uses what
   *     isn't read here: a backing file, encryption, compression other than zlib
   */
  public static Blocks open(Path file) throws IOException {
    Blocks raw = new Raw(FileChannel.open(file, StandardOpenOption.READ));
    try {
      return Qcow2Blocks.isQcow2(raw) ? new Qcow2Blocks(raw) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** How many bytes there are. */
  public abstract long size();

  /**
   * Fills a buffer with the bytes from {@code offset} on.
   *
   * @throws EOFException if they aren't all within {@link #size()}
   * @throws IOException if reading fails
   */
  public final void read(long offset, ByteBuffer to) throws IOException {
    check(offset, to.remaining());
    fill(offset, to);
  }

  /**
   * A part of these. Closing it does nothing; closing the whole ends it.
   *
   * @throws EOFException if it isn't within {@link #size()}
   */
  public final Blocks part(long offset, long size) throws EOFException {
    check(offset, size);
    return new Part(this, offset, size);
  }

  /** {@link #read} of bytes that are there. */
  abstract void fill(long offset, ByteBuffer to) throws IOException;

  private void check(long offset, long size) throws EOFException {
    if (offset < 0 || size < 0 || size > size() - offset) {
      throw new EOFException(
          size + " bytes from byte " + offset + " on aren't within the " + size() + " there are");
    }
  }

  /** A file. */
  private static final class Raw extends Blocks {
    private final FileChannel channel;
    private final long size;

    Raw(FileChannel channel) throws IOException {
      this.channel = channel;
      size = channel.size();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    void fill(long offset, ByteBuffer to) throws IOException {
      while (to.hasRemaining()) {
        int read = channel.read(to, offset);
        if (read < 0) {
          throw new EOFException("the file was cut off while it was read, at byte " + offset);
        }
        offset += read;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Some of other blocks. */
  private static final class Part extends Blocks {
    private final Blocks whole;
    private final long offset;
    private final long size;

    Part(Blocks whole, long offset, long size) {
      this.whole = whole;
      this.offset = offset;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    void fill(long offset, ByteBuffer to) throws IOException {
      whole.fill(this.offset + offset, to);
    }

    @Override
    public void close() {}
  }
}
