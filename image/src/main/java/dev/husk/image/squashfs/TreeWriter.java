package dev.husk.image.squashfs;

import dev.husk.image.squashfs.DirectoryListing.Entry;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the inodes and directories of a tree. The root directory's inode has the number 1, the
 * others count on in the order of their paths; they are written in the reverse order, as a
 * directory must know where the inodes of all that is in it are.
 */
final class TreeWriter {
  private static final String ROOT = "";
  private static final int ROOT_MODE = 0755;

  /** NAME_MAX: the format would hold one byte more, but no program can say the name. */
  private static final int LONGEST_NAME = 255;

  private final FileTree tree;
  private final Map<String, FileData> files;
  private final MetadataWriter directories;
  private final InodeWriter inodes;

  /** By the paths of the directories. */
  private final Map<String, Integer> numbers = new HashMap<>();

  private final Map<String, List<Entry>> entries = new HashMap<>();

  /**
   * For a tree.
   *
   * @param files where the bytes of its files are, by their paths
   */
  TreeWriter(
      FileTree tree,
      Map<String, FileData> files,
      MetadataWriter inodeTable,
      MetadataWriter directoryTable) {
    this.tree = tree;
    this.files = files;
    inodes = new InodeWriter(inodeTable);
    directories = directoryTable;
  }

  /**
   * Writes all.
   *
   * @return where the root directory's inode is
   */
  long write() throws IOException {
    int number = 1;
    numbers.put(ROOT, number);
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      number++;
      if (entry.getValue() instanceof Node.Directory) {
        numbers.put(entry.getKey(), number);
      }
    }
    for (Map.Entry<String, Node> entry : tree.nodes().reversed().entrySet()) {
      String path = entry.getKey();
      try {
        add(path, entry.getValue(), number--);
      } catch (IOException e) {
        throw new IOException(path + ": " + e.getMessage(), e);
      }
    }
    return directory(ROOT, ROOT_MODE, 1, 1 + tree.nodes().size() + 1);
  }

  private void add(String path, Node node, int number) throws IOException {
    String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    byte[] name = name(path);
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    if (length > Layout.LONGEST_PATH) {
      throw new IOException("a path of " + length + " bytes");
    }
    long inode =
        switch (node) {
          case Node.Directory d -> directory(path, d.mode(), number, numbers.get(parent));
          case Node.RegularFile file ->
              inodes.file(number, file.mode(), file.time(), files.get(path));
          case Node.Symlink link -> inodes.symlink(number, link);
          case Node.Device device -> inodes.device(number, device);
        };
    int type =
        switch (node) {
          case Node.Directory d -> Layout.DIRECTORY;
          case Node.RegularFile file -> Layout.FILE;
          case Node.Symlink link -> Layout.SYMLINK;
          case Node.Device device -> device.block() ? Layout.BLOCK_DEVICE : Layout.CHARACTER_DEVICE;
        };
    entries
        .computeIfAbsent(parent, p -> new ArrayList<>())
        .add(new Entry(name, inode, number, type));
  }

  private long directory(String path, int mode, int number, int parent) throws IOException {
    @Nullable List<Entry> content = entries.remove(path);
    List<Entry> list = content == null ? List.of() : content;
    int links = 2;
    for (Entry entry : list) {
      links += entry.type() == Layout.DIRECTORY ? 1 : 0;
    }
    DirectoryListing listing = new DirectoryListing(list);
    long start = directories.reference();
    byte[] indexes = listing.write(directories);
    return inodes.directory(number, mode, links, parent, start, listing, indexes);
  }

  private static byte[] name(String path) throws IOException {
    CharBuffer name = CharBuffer.wrap(path, path.lastIndexOf('/') + 1, path.length());
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(name);
    } catch (CharacterCodingException e) {
      throw new IOException("the name can't be written in UTF-8", e);
    }
    if (bytes.remaining() > LONGEST_NAME) {
      throw new IOException("a name of " + bytes.remaining() + " bytes");
    }
    byte[] result = new byte[bytes.remaining()];
    bytes.get(result);
    return result;
  }
}
