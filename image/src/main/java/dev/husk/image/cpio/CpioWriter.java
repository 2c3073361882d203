package dev.husk.image.cpio;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a tree as an initramfs. Entries are in the order of their paths and belong to root; inode
 * numbers count them from 1 on; what is no file has the time {@link FileTree#TIME}. The same tree
 * makes the same bytes.
 */
public final class CpioWriter {
  private static final long LARGEST_FILE = 0xFFFF_FFFFL;

  private final OutputStream out;
  private int inodes;

  private CpioWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes one archive, whose length is a multiple of 4, and leaves the stream open.
   *
   * @throws IOException if that fails or the format can't hold an entry: a file of 4 GB or more, a
   *     path or the target of a link that the kernel finds too long (4096 bytes)
   */
  public static void write(FileTree tree, OutputStream out) throws IOException {
    CpioWriter writer = new CpioWriter(out);
    Map<String, Integer> links = linksOfDirectories(tree);
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      String path = entry.getKey();
      if (path.equals(Header.TRAILER)) {
        throw new IOException("a file named " + path + " would end the archive");
      }
      switch (entry.getValue()) {
        case Node.Directory node -> writer.directory(path, node, links.get(path));
        case Node.RegularFile node -> writer.file(path, node);
        case Node.Symlink node -> writer.symlink(path, node);
        case Node.Device node -> writer.device(path, node);
      }
    }
    writer.header(0, 0, 1, 0, 0, 0, 0, Header.TRAILER);
  }

  /** A directory's own name, its dot, and the two dots of each directory in it. */
  private static Map<String, Integer> linksOfDirectories(FileTree tree) {
    Map<String, Integer> links = new HashMap<>();
    tree.nodes()
        .forEach(
            (path, node) -> {
              if (node instanceof Node.Directory) {
                links.put(path, 2);
                // The directory above came before.
                links.computeIfPresent(
                    path.substring(0, Math.max(0, path.lastIndexOf('/'))), (p, n) -> n + 1);
              }
            });
    return links;
  }

  private void directory(String path, Node.Directory node, int links) throws IOException {
    entry(path, Header.DIRECTORY | node.mode(), links, FileTree.TIME, 0, 0, 0);
  }

  private void file(String path, Node.RegularFile node) throws IOException {
    long size = node.content().size();
    if (size > LARGEST_FILE) {
      throw new IOException(path + ": cpio holds files of up to 4 GB, this has " + size + " bytes");
    }
    entry(path, Header.REGULAR_FILE | node.mode(), 1, node.time(), size, 0, 0);
    body(path, node.content());
  }

  private void symlink(String path, Node.Symlink node) throws IOException {
    byte[] target = node.target().getBytes(StandardCharsets.UTF_8);
    if (target.length == 0 || target.length >= Header.LONGEST_PATH) {
      throw new IOException(path + ": a link to a name of " + target.length + " bytes");
    }
    entry(path, Header.SYMLINK | node.mode(), 1, FileTree.TIME, target.length, 0, 0);
    body(path, Content.of(target));
  }

  private void device(String path, Node.Device node) throws IOException {
    int type = node.block() ? Header.BLOCK_DEVICE : Header.CHARACTER_DEVICE;
    entry(path, type | node.mode(), 1, FileTree.TIME, 0, node.major(), node.minor());
  }

  private void entry(String path, int mode, int links, long time, long size, int major, int minor)
      throws IOException {
    header(++inodes, mode, links, (int) time, size, major, minor, path);
  }

  private void header(
      int inode, int mode, int links, int time, long size, int major, int minor, String path)
      throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    int nameSize = name.length + 1;
    if (nameSize > Header.LONGEST_PATH) {
      throw new IOException(path + ": a path of " + name.length + " bytes");
    }
    out.write(
        new Header(inode, mode, links, time, (int) size, 0, 0, major, minor, nameSize).bytes());
    out.write(name);
    out.write(0);
    pad(Header.SIZE + nameSize);
  }

  private void body(String path, Content content) throws IOException {
    try {
      content.writeTo(out);
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
    pad(content.size());
  }

  private void pad(long end) throws IOException {
    out.write(new byte[Header.padding(end)]);
  }
}
