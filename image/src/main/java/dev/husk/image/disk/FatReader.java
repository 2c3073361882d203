package dev.husk.image.disk;

import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the tree of a FAT16 or FAT32 volume. It reads the directories and leaves the files where
 * they are. How much it reads is bounded, whatever the volume says: no cluster is a part of two
 * directories, and paths and the count of entries have the limits of {@link FatVolume}.
 */
final class FatReader {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  /** Flags beside a short name, which Windows NT and what came after it use. */
  private static final int LOWER_CASE_BASE = 0x08;

  private static final int LOWER_CASE_EXTENSION = 0x10;

  /** A volume doesn't say what its short names are in. Linux takes them for this. */
  private static final Charset CODE_PAGE = Charset.forName("IBM437");

  /** What the first byte of a name is there instead of 0xE5, which means deleted. */
  private static final byte INSTEAD_OF_DELETED = 0x05;

  private final Blocks volume;
  private final FatGeometry geometry;
  private final FileTree tree = new FileTree();
  private final Deque<Directory> unread = new ArrayDeque<>();

  /** The clusters of all directories read. */
  private final Set<Integer> clusters = new HashSet<>();

  private int entries;

  private record Directory(String path, int first) {}

  private FatReader(Blocks volume) throws IOException {
    this.volume = volume;
    geometry = FatGeometry.read(volume);
  }

  /**
   * The tree of a volume, which must stay open as long as contents are read. Files have mode 0644
   * and directories 0755.
   *
   * @throws IOException if reading fails, or it isn't FAT16 or FAT32, or is damaged
   */
  static FileTree read(Blocks volume) throws IOException {
    FatReader reader = new FatReader(volume);
    reader.root();
    while (!reader.unread.isEmpty()) {
      reader.directory(reader.unread.remove());
    }
    return reader.tree;
  }

  private void root() throws IOException {
    if (geometry.type() == FatType.FAT32) {
      unread.add(new Directory(FatDirectory.ROOT, geometry.rootCluster()));
    } else {
      ByteBuffer bytes = read(geometry.rootOffset(), geometry.rootEntries() * FatEntry.SIZE);
      new Listing(FatDirectory.ROOT).addAll(bytes);
    }
  }

  private void directory(Directory directory) throws IOException {
    Listing listing = new Listing(directory.path);
    FatChain chain = new FatChain(geometry, volume, directory.first);
    int cluster = chain.next();
    while (cluster >= 0) {
      if (!clusters.add(cluster)) {
        throw new IOException(
            "FAT: cluster "
                + cluster
                + " is in the directory \""
                + directory.path
                + "\" and once more in it or another one");
      }
      if (!listing.addAll(read(geometry.clusterOffset(cluster), geometry.clusterSize()))) {
        return;
      }
      cluster = chain.next();
    }
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    volume.read(offset, bytes);
    return bytes;
  }

  private static String shortName(byte[] padded, int flags) {
    byte[] bytes = padded.clone();
    if (bytes[0] == INSTEAD_OF_DELETED) {
      bytes[0] = (byte) FatEntry.DELETED;
    }
    String text = new String(bytes, CODE_PAGE);
    String base = text.substring(0, FatEntry.BASE).stripTrailing();
    String extension = text.substring(FatEntry.BASE).stripTrailing();
    if ((flags & LOWER_CASE_BASE) != 0) {
      base = base.toLowerCase(Locale.ROOT);
    }
    if ((flags & LOWER_CASE_EXTENSION) != 0) {
      extension = extension.toLowerCase(Locale.ROOT);
    }
    return extension.isEmpty() ? base : base + "." + extension;
  }

  /** The entries of a directory. */
  private final class Listing {
    private final String directory;
    private final LongName longName = new LongName();

    Listing(String directory) {
      this.directory = directory;
    }

    /** Adds what is in these bytes to the tree. Returns false if the directory ends there. */
    boolean addAll(ByteBuffer bytes) throws IOException {
      for (int at = 0; at < bytes.capacity(); at += FatEntry.SIZE) {
        if (bytes.get(at) == 0) {
          return false;
        }
        if (++entries > FatVolume.MOST_ENTRIES) {
          throw new IOException("FAT: more than " + FatVolume.MOST_ENTRIES + " directory entries");
        }
        add(bytes, at);
      }
      return true;
    }

    private void add(ByteBuffer bytes, int at) throws IOException {
      int attributes = bytes.get(at + FatEntry.ATTRIBUTES_OFFSET);
      if (Byte.toUnsignedInt(bytes.get(at)) == FatEntry.DELETED) {
        longName.clear();
      } else if ((attributes & FatEntry.LONG_NAME) == FatEntry.LONG_NAME) {
        longName.add(bytes, at);
      } else if ((attributes & FatEntry.VOLUME_LABEL) != 0) {
        longName.clear();
      } else {
        add(bytes, at, (attributes & FatEntry.DIRECTORY) != 0);
      }
    }

    private void add(ByteBuffer bytes, int at, boolean isDirectory) throws IOException {
      byte[] padded = new byte[FatEntry.SHORT_NAME];
      bytes.get(at, padded);
      String name = longName.take(padded);
      if (name == null) {
        name = shortName(padded, bytes.get(at + FatEntry.CASE_OFFSET));
      }
      int first = Short.toUnsignedInt(bytes.getShort(at + FatEntry.CLUSTER_LOW_OFFSET));
      if (geometry.type() == FatType.FAT32) {
        first |= bytes.getShort(at + FatEntry.CLUSTER_HIGH_OFFSET) << 16 & FatType.MASK;
      }
      long size = Integer.toUnsignedLong(bytes.getInt(at + FatEntry.FILE_SIZE_OFFSET));
      if (!name.equals(".") && !name.equals("..")) {
        put(name, isDirectory, first, size);
      }
    }

    private void put(String name, boolean isDirectory, int first, long size) throws IOException {
      if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == '/')) {
        throw new IOException("FAT: the directory \"" + directory + "\" has a name that is none");
      }
      String path = directory.equals(FatDirectory.ROOT) ? name : directory + "/" + name;
      if (path.length() > FatDirectory.LONGEST_PATH) {
        throw new IOException("FAT: the path " + path + " has more than 259 characters");
      }
      if (tree.get(path) != null) {
        throw new IOException("FAT: " + path + " is there twice");
      }
      if (isDirectory) {
        tree.directory(path, DIRECTORY_MODE);
        unread.add(new Directory(path, first));
      } else {
        tree.file(path, FILE_MODE, new FatFile(geometry, volume, path, first, size));
      }
    }
  }
}
