package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finds fragments (squashfs.rst, 3.5). Can be used by several threads. */
final class FragmentReader {
  private static final int ENTRIES_OF_BLOCK = Layout.METADATA / Layout.FRAGMENT_ENTRY;

  /** Files that were written one after the other have their tails in one block. */
  private static final int KEPT = 4;

  private final Volume volume;
  private final long index;
  private final long count;
  private final MetadataReader table;
  private final Recent<byte[]> blocks = new Recent<>(KEPT, this::block);

  FragmentReader(Volume volume) throws IOException {
    this.volume = volume;
    Superblock superblock = volume.superblock();
    index = superblock.fragmentTable();
    count = Integer.toUnsignedLong(superblock.fragments());
    long size = Math.ceilDiv(count, ENTRIES_OF_BLOCK) * Long.BYTES;
    if (count > 0 && (index < Superblock.SIZE || index > superblock.used() - size)) {
      throw new IOException(
          "squashfs: a table of %d fragments at byte %d, in %d bytes"
              .formatted(count, index, superblock.used()));
    }
    table = new MetadataReader(volume, 0, index);
  }

  /** How many blocks of fragments there are. */
  long count() {
    return count;
  }

  /** Some bytes of a block of fragments. */
  byte[] read(long number, int offset, int length) throws IOException {
    byte[] block = blocks.get(number);
    if (offset < 0 || length > block.length - offset) {
      throw new IOException(
          "squashfs: a fragment of %d bytes from byte %d on, in a block of %d"
              .formatted(length, Integer.toUnsignedLong(offset), block.length));
    }
    return Arrays.copyOfRange(block, offset, offset + length);
  }

  private byte[] block(long number) throws IOException {
    long place = index + number / ENTRIES_OF_BLOCK * Long.BYTES;
    byte[] pointer = volume.read(place, Long.BYTES);
    long block = ByteBuffer.wrap(pointer).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int offset = (int) (number % ENTRIES_OF_BLOCK) * Layout.FRAGMENT_ENTRY;
    ByteBuffer entry = table.at(block, offset).fields(Layout.FRAGMENT_ENTRY);
    return volume.block(entry.getLong(), entry.getInt());
  }
}
