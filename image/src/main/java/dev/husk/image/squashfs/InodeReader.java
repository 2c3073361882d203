package dev.husk.image.squashfs;

import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the inode table (squashfs.rst, 3.2). */
final class InodeReader {
  private static final int BASE = 16;

  private final Volume volume;
  private final MetadataReader table;
  private final FragmentReader fragments;

  InodeReader(Volume volume) throws IOException {
    this.volume = volume;
    Superblock superblock = volume.superblock();
    table = new MetadataReader(volume, superblock.inodeTable(), superblock.directoryTable());
    fragments = new FragmentReader(volume);
  }

  /**
   * Reads one.
   *
   * @param reference where it is
   * @param path which it belongs to
   * @throws IOException if it is damaged, or of a type that a tree can't hold
   */
  Inode read(long reference, String path) throws IOException {
    MetadataReader.Cursor cursor = table.at(reference >>> 16, (int) reference & 0xFFFF);
    ByteBuffer base = cursor.fields(BASE);
    int type = Short.toUnsignedInt(base.getShort());
    int mode = base.getShort() & Layout.PERMISSIONS;
    base.getInt(); // owner and group
    long time = Integer.toUnsignedLong(base.getInt());
    return switch (type) {
      case Layout.DIRECTORY -> directory(mode, cursor);
      case Layout.DIRECTORY + Layout.EXTENDED -> extendedDirectory(mode, cursor);
      case Layout.FILE -> file(path, mode, time, cursor);
      case Layout.FILE + Layout.EXTENDED -> extendedFile(path, mode, time, cursor);
      case Layout.SYMLINK, Layout.SYMLINK + Layout.EXTENDED -> symlink(path, cursor);
      case Layout.BLOCK_DEVICE, Layout.BLOCK_DEVICE + Layout.EXTENDED -> device(mode, true, cursor);
      case Layout.CHARACTER_DEVICE, Layout.CHARACTER_DEVICE + Layout.EXTENDED ->
          device(mode, false, cursor);
      default ->
          throw new IOException(
              "squashfs: %s: neither file, directory, link nor device: type %d"
                  .formatted(path, type));
    };
  }

  private static Inode directory(int mode, MetadataReader.Cursor cursor) throws IOException {
    ByteBuffer fields = cursor.fields(16);
    long block = Integer.toUnsignedLong(fields.getInt());
    fields.getInt(); // links
    int size = Short.toUnsignedInt(fields.getShort());
    int offset = Short.toUnsignedInt(fields.getShort());
    return new Inode.Directory(mode, block, offset, size - Layout.DOTS);
  }

  private static Inode extendedDirectory(int mode, MetadataReader.Cursor cursor)
      throws IOException {
    ByteBuffer fields = cursor.fields(24);
    fields.getInt(); // links
    long size = Integer.toUnsignedLong(fields.getInt());
    long block = Integer.toUnsignedLong(fields.getInt());
    fields.getInt(); // parent
    fields.getShort(); // indexes
    int offset = Short.toUnsignedInt(fields.getShort());
    return new Inode.Directory(mode, block, offset, size - Layout.DOTS);
  }

  private Inode file(String path, int mode, long time, MetadataReader.Cursor cursor)
      throws IOException {
    ByteBuffer fields = cursor.fields(16);
    long start = Integer.toUnsignedLong(fields.getInt());
    int fragment = fields.getInt();
    int offset = fields.getInt();
    long size = Integer.toUnsignedLong(fields.getInt());
    return file(path, mode, time, size, start, fragment, offset, cursor);
  }

  private Inode extendedFile(String path, int mode, long time, MetadataReader.Cursor cursor)
      throws IOException {
    ByteBuffer fields = cursor.fields(40);
    long start = fields.getLong();
    long size = fields.getLong();
    fields.getLong(); // bytes in blocks of zeros
    fields.getInt(); // links
    int fragment = fields.getInt();
    int offset = fields.getInt();
    return file(path, mode, time, size, start, fragment, offset, cursor);
  }

  private Inode file(
      String path,
      int mode,
      long time,
      long size,
      long start,
      int fragment,
      int offset,
      MetadataReader.Cursor cursor)
      throws IOException {
    // A file of zeros takes no blocks, but a place in the list for each.
    if (size < 0 || size / volume.blockSize() > table.most(cursor.block()) / Integer.BYTES) {
      throw new IOException(
          "squashfs: %s: more blocks than the inode table can hold: %s bytes"
              .formatted(path, Long.toUnsignedString(size)));
    }
    if (fragment != Layout.NONE && Integer.toUnsignedLong(fragment) >= fragments.count()) {
      throw new IOException(
          "squashfs: %s: in block %d of fragments, of which there are %d"
              .formatted(path, Integer.toUnsignedLong(fragment), fragments.count()));
    }
    SquashfsFile content =
        new SquashfsFile(
            volume,
            table,
            fragments,
            path,
            size,
            cursor.block(),
            cursor.offset(),
            start,
            fragment,
            offset);
    return new Inode.Other(new Node.RegularFile(mode, content, time));
  }

  private static Inode symlink(String path, MetadataReader.Cursor cursor) throws IOException {
    ByteBuffer fields = cursor.fields(8);
    fields.getInt(); // links
    long size = Integer.toUnsignedLong(fields.getInt());
    if (size == 0 || size > Layout.LONGEST_TARGET) {
      throw new IOException("squashfs: %s: a link to a name of %d bytes".formatted(path, size));
    }
    return new Inode.Other(new Node.Symlink(text(path, cursor.bytes((int) size))));
  }

  private static Inode device(int mode, boolean block, MetadataReader.Cursor cursor)
      throws IOException {
    ByteBuffer fields = cursor.fields(8);
    fields.getInt(); // links
    int device = fields.getInt();
    int major = device >>> 8 & 0xFFF;
    int minor = device & 0xFF | device >>> 12 & ~0xFF;
    return new Inode.Other(new Node.Device(mode, block, major, minor));
  }

  /** A name or the target of a link. */
  static String text(String path, byte[] bytes) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("squashfs: %s: a name that isn't UTF-8".formatted(path), e);
    }
  }
}
