package dev.husk.image.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of a directory as the directory table has them: in runs, each with a header that says
 * in which metadata block the inodes of the run are (squashfs.rst, 3.3).
 */
final class DirectoryListing {
  private static final int MOST_INDEXES = 0xFFFF;

  private final ByteBuffer bytes;

  /** Of the headers that a search can begin at, about one in each metadata block. */
  private final List<Index> indexes = new ArrayList<>();

  /** The present run. */
  private int header;

  private int count;
  private Entry first = new Entry(new byte[0], 0, 0, 0);
  private int indexed;

  /**
   * An entry.
   *
   * @param inode where the inode is
   * @param number of the inode
   * @param type of the basic inode
   */
  @SuppressWarnings("ArrayRecordComponent") // It is never compared.
  record Entry(byte[] name, long inode, int number, int type) {
    int block() {
      return (int) (inode >> 16);
    }
  }

  /** A place in the listing where a header is, and the first name behind it. */
  private record Index(int at, Entry entry) {}

  /** The listing of these entries, which come in any order. */
  DirectoryListing(List<Entry> entries) {
    int most = 0;
    for (Entry entry : entries) {
      most += Layout.DIRECTORY_HEADER + Layout.DIRECTORY_ENTRY + entry.name.length;
    }
    bytes = ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
    sorted.forEach(this::add);
    endRun();
  }

  private void add(Entry entry) {
    int end = bytes.position() + Layout.DIRECTORY_ENTRY + entry.name.length;
    boolean index = end - indexed > Layout.METADATA;
    int delta = entry.number - first.number;
    if (index
        || count == 0
        || count == Layout.ENTRIES_OF_HEADER
        || entry.block() != first.block()
        || delta != (short) delta) {
      endRun();
      if (index) {
        indexed = bytes.position();
        indexes.add(new Index(indexed, entry));
      }
      beginRun(entry);
    }
    bytes
        .putShort((short) entry.inode)
        .putShort((short) (entry.number - first.number))
        .putShort((short) entry.type)
        .putShort((short) (entry.name.length - 1))
        .put(entry.name);
    count++;
  }

  private void beginRun(Entry entry) {
    first = entry;
    header = bytes.position();
    count = 0;
    bytes.putInt(0).putInt(entry.block()).putInt(entry.number);
  }

  private void endRun() {
    if (count > 0) {
      bytes.putInt(header, count - 1);
    }
  }

  /** In bytes. */
  int size() {
    return bytes.position();
  }

  /** How many places have an index. */
  int indexes() {
    return indexes.size();
  }

  /**
   * Writes the listing into the directory table.
   *
   * @return the indexes, as they follow the directory's inode
   */
  byte[] write(MetadataWriter table) throws IOException {
    if (indexes.size() > MOST_INDEXES) {
      throw new IOException("squashfs: too many entries in a directory");
    }
    int length = 0;
    for (Index index : indexes) {
      length += 12 + index.entry.name.length;
    }
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int written = 0;
    for (Index index : indexes) {
      table.write(bytes.array(), written, index.at);
      written = index.at;
      byte[] name = index.entry.name;
      to.putInt(index.at).putInt(table.blockStart()).putInt(name.length - 1).put(name);
    }
    table.write(bytes.array(), written, bytes.position());
    return to.array();
  }
}
