package dev.husk.image.squashfs;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the inode table (squashfs.rst, 3.2). Each method returns where the inode is. */
final class InodeWriter {
  private static final int BASE = 16;
  private static final int DIRECTORY = BASE + 16;
  private static final int EXTENDED_DIRECTORY = BASE + 24;
  private static final int FILE = BASE + 16;
  private static final int EXTENDED_FILE = BASE + 40;
  private static final int DEVICE = BASE + 8;
  private static final int SYMLINK = BASE + 8;

  private final MetadataWriter table;

  InodeWriter(MetadataWriter table) {
    this.table = table;
  }

  /**
   * A directory.
   *
   * @param links its name, its dot, and the two dots of each directory in it
   * @param parent the number of the inode of the directory it is in
   * @param start where its listing is in the directory table
   * @param indexes of the listing, as they are written
   */
  long directory(
      int number,
      int mode,
      int links,
      int parent,
      long start,
      DirectoryListing listing,
      byte[] indexes) {
    int size = listing.size() + Layout.DOTS;
    int block = (int) (start >> 16);
    short offset = (short) start;
    if (size <= 0xFFFF && indexes.length == 0) {
      return write(
          base(DIRECTORY, Layout.DIRECTORY, mode, FileTree.TIME, number)
              .putInt(block)
              .putInt(links)
              .putShort((short) size)
              .putShort(offset)
              .putInt(parent));
    }
    return write(
        base(
                EXTENDED_DIRECTORY + indexes.length,
                Layout.DIRECTORY + Layout.EXTENDED,
                mode,
                FileTree.TIME,
                number)
            .putInt(links)
            .putInt(size)
            .putInt(block)
            .putInt(parent)
            .putShort((short) listing.indexes())
            .putShort(offset)
            .putInt(Layout.NONE)
            .put(indexes));
  }

  /** A regular file. */
  long file(int number, int mode, long time, FileData data) {
    int[] blocks = data.blocks();
    int lengthOfList = blocks.length * Integer.BYTES;
    ByteBuffer inode;
    if (data.size() <= 0xFFFF_FFFFL && data.start() <= 0xFFFF_FFFFL && data.sparse() == 0) {
      inode =
          base(FILE + lengthOfList, Layout.FILE, mode, time, number)
              .putInt((int) data.start())
              .putInt(data.fragment())
              .putInt(data.fragmentOffset())
              .putInt((int) data.size());
    } else {
      inode =
          base(EXTENDED_FILE + lengthOfList, Layout.FILE + Layout.EXTENDED, mode, time, number)
              .putLong(data.start())
              .putLong(data.size())
              .putLong(data.sparse())
              .putInt(1)
              .putInt(data.fragment())
              .putInt(data.fragmentOffset())
              .putInt(Layout.NONE);
    }
    for (int block : blocks) {
      inode.putInt(block);
    }
    return write(inode);
  }

  /** A symbolic link. */
  long symlink(int number, Node.Symlink link) throws IOException {
    byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
    if (target.length == 0 || target.length > Layout.LONGEST_TARGET) {
      throw new IOException("a link to a name of " + target.length + " bytes");
    }
    return write(
        base(SYMLINK + target.length, Layout.SYMLINK, link.mode(), FileTree.TIME, number)
            .putInt(1)
            .putInt(target.length)
            .put(target));
  }

  /** A device node. */
  long device(int number, Node.Device device) throws IOException {
    int major = device.major();
    int minor = device.minor();
    if (major >>> 12 != 0 || minor >>> 20 != 0) {
      throw new IOException("a device with the numbers " + major + ", " + minor);
    }
    int type = device.block() ? Layout.BLOCK_DEVICE : Layout.CHARACTER_DEVICE;
    return write(
        base(DEVICE, type, device.mode(), FileTree.TIME, number)
            .putInt(1)
            .putInt(minor & 0xFF | major << 8 | (minor & ~0xFF) << 12));
  }

  private static ByteBuffer base(int size, int type, int mode, long time, int number) {
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) type)
        .putShort((short) (mode & Layout.PERMISSIONS))
        // The first id of the table is the owner and the group.
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt((int) time)
        .putInt(number);
  }

  private long write(ByteBuffer inode) {
    byte[] bytes = new byte[inode.flip().remaining()];
    inode.get(bytes);
    long reference = table.reference();
    table.write(bytes);
    return reference;
  }
}
