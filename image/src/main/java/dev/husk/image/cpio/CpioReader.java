package dev.husk.image.cpio;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads an initramfs: one archive, or several with zeros between them, of which a later one adds to
 * the tree and replaces files. As for the kernel, a directory must stand before what is in it.
 */
public final class CpioReader {
  private final Content archives;
  private final InputStream in;
  private final FileTree tree = new FileTree();

  /** What the links to one file of the present archive share. */
  private final Map<Inode, LinkedContent> links = new HashMap<>();

  private long position;

  private CpioReader(Content archives, InputStream in) {
    this.archives = archives;
    this.in = in;
  }

  /**
   * The tree in these bytes. Reads the headers and skips the files, whose contents are parts of the
   * bytes: they must stay readable as long as the tree is used.
   *
   * @throws IOException if reading fails, the bytes aren't archives in the newc format, or hold
   *     what a {@link FileTree} can't: FIFOs, sockets, a path with {@code ..}
   */
  public static FileTree read(Content archives) throws IOException {
    try (InputStream in = new BufferedInputStream(archives.open())) {
      CpioReader reader = new CpioReader(archives, in);
      while (reader.skipZeros()) {
        reader.archive();
      }
      return reader.tree;
    }
  }

  /** To the next archive. Returns false at the end. */
  private boolean skipZeros() throws IOException {
    while (true) {
      in.mark(1);
      int next = in.read();
      if (next != 0) {
        in.reset();
        return next > 0;
      }
      position++;
    }
  }

  private void archive() throws IOException {
    if (Header.padding(position) != 0) {
      throw new IOException("an archive begins at byte " + position + ", no multiple of 4");
    }
    links.clear();
    while (entry()) {}
  }

  /** Reads an entry. Returns false if it was the archive's last. */
  private boolean entry() throws IOException {
    long begin = position;
    Header header = Header.parse(bytes(Header.SIZE), begin);
    String name = name(header, begin);
    skipPadding();
    if (name.equals(Header.TRAILER)) {
      return false;
    }
    long size = Integer.toUnsignedLong(header.size());
    if (size > archives.size() - position) {
      throw new EOFException(
          name + ": the " + size + " bytes from byte " + position + " on go past the end");
    }
    String path = path(name);
    Node node = node(name, header, size);
    skipPadding();
    if (!path.isEmpty()) {
      put(path, node);
    }
    return true;
  }

  private String name(Header header, long begin) throws IOException {
    int size = header.nameSize();
    if (size < 1 || size > Header.LONGEST_PATH) {
      throw new IOException(
          "the entry at byte "
              + begin
              + " has a name of "
              + Integer.toUnsignedLong(size)
              + " bytes");
    }
    byte[] bytes = bytes(size);
    if (bytes[size - 1] != 0) {
      throw new IOException("the name of the entry at byte " + begin + " doesn't end");
    }
    return text(Arrays.copyOf(bytes, size - 1), begin);
  }

  /** The node, after whose body the position is then. */
  private Node node(String name, Header header, long size) throws IOException {
    int permissions = header.mode() & Header.PERMISSIONS;
    return switch (header.mode() & Header.TYPE) {
      case Header.REGULAR_FILE ->
          new Node.RegularFile(
              permissions, content(header, size), Integer.toUnsignedLong(header.time()));
      case Header.SYMLINK -> {
        if (size == 0 || size >= Header.LONGEST_PATH) {
          throw new IOException(name + ": a link to a name of " + size + " bytes");
        }
        yield new Node.Symlink(text(bytes((int) size), position - size));
      }
      case Header.DIRECTORY -> {
        skip(size);
        yield new Node.Directory(permissions);
      }
      case Header.BLOCK_DEVICE, Header.CHARACTER_DEVICE -> {
        skip(size);
        boolean block = (header.mode() & Header.TYPE) == Header.BLOCK_DEVICE;
        yield new Node.Device(permissions, block, header.major(), header.minor());
      }
      default ->
          throw new IOException(
              name
                  + ": neither file, directory, link nor device: mode "
                  + Integer.toOctalString(header.mode()));
    };
  }

  private Content content(Header header, long size) throws IOException {
    Content content = archives.part(position, size);
    skip(size);
    if (header.links() < 2) {
      return content;
    }
    // One of the links to a file brings its bytes, often the last; the others are empty.
    LinkedContent linked =
        links.computeIfAbsent(Inode.of(header), inode -> new LinkedContent(content));
    if (size > 0) {
      linked.content = content;
    }
    return linked;
  }

  private void put(String path, Node node) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash >= 0 && !(tree.get(path.substring(0, slash)) instanceof Node.Directory)) {
      throw new IOException(path + ": the directory it is in doesn't come before it");
    }
    try {
      tree.put(path, node);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** An entry's name as a path of a tree; empty for the root. */
  private static String path(String name) throws IOException {
    StringBuilder path = new StringBuilder();
    for (String part : name.split("/")) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IOException("not a path of an image: \"" + name + "\"");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        path.append(path.isEmpty() ? "" : "/").append(part);
      }
    }
    return path.toString();
  }

  private static String text(byte[] bytes, long position) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("the name near byte " + position + " isn't UTF-8", e);
    }
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the archive is cut off in the entry at byte " + position);
    }
    position += count;
    return bytes;
  }

  private void skip(long count) throws IOException {
    in.skipNBytes(count);
    position += count;
  }

  private void skipPadding() throws IOException {
    skip(Math.min(Header.padding(position), archives.size() - position));
  }

  /** What tells files from each other. */
  private record Inode(int major, int minor, int number) {
    static Inode of(Header header) {
      return new Inode(header.deviceMajor(), header.deviceMinor(), header.inode());
    }
  }

  /** The bytes of a file with several names. */
  private static final class LinkedContent implements Content {
    private Content content;

    LinkedContent(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      return content.size();
    }

    @Override
    public InputStream open() throws IOException {
      return content.open();
    }
  }
}
