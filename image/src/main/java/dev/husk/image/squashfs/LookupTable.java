package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A table in metadata blocks with an index of their places behind it (squashfs.rst, 3.5, 3.6). */
final class LookupTable {
  private LookupTable() {}

  /**
   * Writes one.
   *
   * @return where its index is
   */
  static long write(byte[] entries, Compressor compressor, Output out) throws IOException {
    int count = Math.ceilDiv(entries.length, Layout.METADATA);
    ByteBuffer index = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    MetadataWriter blocks = new MetadataWriter(compressor);
    for (int i = 0; i < count; i++) {
      index.putLong(out.position() + blocks.blockStart());
      int begin = i * Layout.METADATA;
      blocks.write(entries, begin, Math.min(begin + Layout.METADATA, entries.length));
    }
    out.write(blocks.finish());
    long start = out.position();
    out.write(index.array());
    return start;
  }
}
