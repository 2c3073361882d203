package dev.husk.image.kernel;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * The legacy frame of LZ4 ("LZ4 Frame Format", Legacy frame), which kernels use: a magic number,
 * then blocks, each after its compressed size. All but the last hold 8 MB; the end of the file is
 * the end.
 */
final class Lz4LegacyInputStream extends InputStream {
  private static final int MAGIC = 0x184c2102;
  private static final int BLOCK = 8 << 20;
  // LZ4_compressBound of the reference implementation.
  private static final int MOST_COMPRESSED = BLOCK + BLOCK / 255 + 16;

  private final InputStream in;
  private InputStream block = InputStream.nullInputStream();
  private int left;

  Lz4LegacyInputStream(InputStream in) throws IOException {
    this.in = in;
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || littleEndian(magic) != MAGIC) {
      throw new IOException("not an LZ4 file in the legacy format");
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = block.read(to, offset, length);
    while (read < 0 && nextBlock()) {
      read = block.read(to, offset, length);
    }
    left -= Math.max(read, 0);
    if (left < 0) {
      throw new IOException("a block of LZ4 holds more than 8 MB");
    }
    return read;
  }

  private boolean nextBlock() throws IOException {
    byte[] field = in.readNBytes(4);
    if (field.length == 0) {
      return false;
    }
    if (field.length < 4) {
      throw new EOFException("LZ4: the size of a block is cut off");
    }
    int size = littleEndian(field);
    if (size < 0 || size > MOST_COMPRESSED) {
      throw new IOException("LZ4: a block of %d bytes".formatted(size & 0xffff_ffffL));
    }
    byte[] compressed = in.readNBytes(size);
    if (compressed.length < size) {
      throw new EOFException("LZ4: a block of " + size + " bytes ends after " + compressed.length);
    }
    block = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(compressed));
    left = BLOCK;
    return true;
  }

  private static int littleEndian(byte[] field) {
    return ByteBuffer.wrap(field).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
