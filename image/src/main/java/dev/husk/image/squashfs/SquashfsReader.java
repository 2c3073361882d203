package dev.husk.image.squashfs;

import dev.husk.image.disk.Blocks;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the tree of a squashfs that is compressed by zstd, lz4 or zlib or not at all, whoever wrote
 * it. It reads inodes and directories and leaves the files where they are. How much it reads is
 * bounded, whatever the file system says: no directory is in two places, and the count of entries
 * and the lengths of paths have limits.
 */
public final class SquashfsReader {
  private static final String ROOT = "";

  /** Of all directories together. */
  private static final int MOST_ENTRIES = 1 << 20;

  /** Of the paths of all entries together, in characters. */
  private static final long MOST_NAMES = 1L << 27;

  private final InodeReader inodes;
  private final MetadataReader directories;
  private final FileTree tree = new FileTree();
  private final Deque<Directory> unread = new ArrayDeque<>();

  /** Where the inodes of directories are. */
  private final Set<Long> known = new HashSet<>();

  private int entries;
  private long names;

  private record Directory(String path, Inode.Directory inode) {}

  private SquashfsReader(Volume volume) throws IOException {
    inodes = new InodeReader(volume);
    Superblock superblock = volume.superblock();
    directories = new MetadataReader(volume, superblock.directoryTable(), superblock.used());
  }

  /**
   * The tree of a file system, which must stay open as long as contents are read. Owners, extended
   * attributes, and the times of what is no file aren't read, nor the mode of the root directory.
   *
   * @param blocks which begin with the file system
   * @throws IOException if reading fails, or it is no squashfs 4.0 or compressed by something else
   *     or damaged, or holds what a {@link FileTree} can't: FIFOs, sockets
   */
  public static FileTree read(Blocks blocks) throws IOException {
    Volume volume = new Volume(blocks);
    SquashfsReader reader = new SquashfsReader(volume);
    reader.root(volume.superblock().root());
    while (!reader.unread.isEmpty()) {
      reader.directory(reader.unread.remove());
    }
    return reader.tree;
  }

  private void root(long reference) throws IOException {
    if (!(inodes.read(reference, "the root") instanceof Inode.Directory root)) {
      throw new IOException("squashfs: the root is no directory");
    }
    known.add(reference);
    unread.add(new Directory(ROOT, root));
  }

  private void directory(Directory directory) throws IOException {
    long left = directory.inode.size();
    if (left == 0) {
      return;
    }
    MetadataReader.Cursor cursor =
        directories.at(directory.inode.block(), directory.inode.offset());
    while (left > 0) {
      ByteBuffer header = cursor.fields(Layout.DIRECTORY_HEADER);
      left -= Layout.DIRECTORY_HEADER;
      long count = Integer.toUnsignedLong(header.getInt()) + 1;
      if (count > Layout.ENTRIES_OF_HEADER) {
        throw damaged(directory, count + " entries behind a header");
      }
      long block = Integer.toUnsignedLong(header.getInt());
      for (; count > 0; count--) {
        ByteBuffer entry = cursor.fields(Layout.DIRECTORY_ENTRY);
        long reference = block << 16 | Short.toUnsignedInt(entry.getShort());
        entry.getShort(); // the inode's number
        entry.getShort(); // the type, which the inode tells too
        int length = Short.toUnsignedInt(entry.getShort()) + 1;
        if (length > Layout.LONGEST_NAME) {
          throw damaged(directory, "a name of " + length + " bytes");
        }
        add(directory, InodeReader.text(directory.path, cursor.bytes(length)), reference);
        left -= Layout.DIRECTORY_ENTRY + length;
      }
    }
    if (left < 0) {
      throw damaged(directory, "entries beyond its size");
    }
  }

  private void add(Directory directory, String name, long reference) throws IOException {
    if (name.equals(".") || name.equals("..") || name.chars().anyMatch(c -> c == 0 || c == '/')) {
      throw damaged(directory, "a name that is none");
    }
    String path = directory.path.equals(ROOT) ? name : directory.path + "/" + name;
    names += path.length();
    if (++entries > MOST_ENTRIES || names > MOST_NAMES || path.length() > Layout.LONGEST_PATH) {
      throw damaged(directory, "more entries or longer paths than are read here");
    }
    if (tree.get(path) != null) {
      throw new IOException("squashfs: " + path + " is there twice");
    }
    switch (inodes.read(reference, path)) {
      case Inode.Other other -> tree.put(path, other.node());
      case Inode.Directory inode -> {
        if (!known.add(reference)) {
          throw new IOException("squashfs: " + path + " is a directory that is in another place");
        }
        tree.directory(path, inode.mode());
        unread.add(new Directory(path, inode));
      }
    }
  }

  private static IOException damaged(Directory directory, String what) {
    return new IOException("squashfs: the directory \"" + directory.path + "\": " + what);
  }
}
