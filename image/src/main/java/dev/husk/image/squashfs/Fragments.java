package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packs small files and the tails of larger ones into blocks (squashfs.rst, 3.4 and 3.5). */
final class Fragments {
  private final DataWriter writer;
  private final byte[] buffer;
  private final List<Place> places = new ArrayList<>();
  private int used;
  private int count;

  private record Place(long position, int size) {}

  Fragments(DataWriter writer, int blockSize) {
    this.writer = writer;
    buffer = new byte[blockSize];
  }

  /** Adds the last bytes of a file, fewer than a block. */
  void add(byte[] tail, FileData file) throws IOException {
    if (tail.length > buffer.length - used) {
      flush();
    }
    file.tail(count, used);
    System.arraycopy(tail, 0, buffer, used, tail.length);
    used += tail.length;
  }

  /** Hands on the block that isn't full. */
  void flush() throws IOException {
    if (used > 0) {
      writer.add(
          Arrays.copyOf(buffer, used),
          (position, block) -> places.add(new Place(position, block.size())));
      used = 0;
      count++;
    }
  }

  /** How many blocks there are. */
  int count() {
    return count;
  }

  /** Where they are, when they have been written. */
  byte[] table() {
    ByteBuffer table =
        ByteBuffer.allocate(places.size() * Layout.FRAGMENT_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    for (Place place : places) {
      table.putLong(place.position).putInt(place.size).putInt(0);
    }
    return table.array();
  }
}
