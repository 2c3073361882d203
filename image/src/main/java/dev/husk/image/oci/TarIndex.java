package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is in a tar archive, of whoever wrote it: an entry's content stays in the archive, and
 * is read from there. Bounds what an archive can make us hold in memory.
 */
final class TarIndex {

  private static final int MOST_ENTRIES = 1_000_000;
  private static final int LONGEST_PATH = 4096; // Linux's PATH_MAX
  private static final int MOST_PATH_CHARACTERS = 1 << 27;

  /** Of the headers of one entry, with the longer names and the attributes in them. */
  private static final int MOST_HEADER_BYTES = 1 << 18;

  private final String where;
  private final FileChannel channel;
  private final FileTree files = new FileTree();
  private long pathCharacters;

  private TarIndex(String where, FileChannel channel) {
    this.where = where;
    this.channel = channel;
  }

  /**
   * The tree of an archive, whose contents can be read while the channel is open.
   *
   * @param where what the archive is, for messages
   * @throws IOException if it is damaged, leaves its root, or is larger than sense allows
   */
  static FileTree read(String where, FileChannel channel) throws IOException {
    TarIndex index = new TarIndex(where, channel);
    index.read();
    return index.files;
  }

  private void read() throws IOException {
    HeaderInput in = new HeaderInput(channel);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
      int entries = 0;
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        if (++entries > MOST_ENTRIES) {
          throw new IOException(where + " has more than " + MOST_ENTRIES + " entries");
        }
        add(entry, in.position());
        // The library passes over no content of a directory, whatever its header says.
        in.startEntry(entry.isDirectory() ? 0 : entry.getSize());
      }
    }
  }

  private @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      // The library throws the latter for some fields that make no sense.
      throw new IOException(where + " is not a sound tar archive: " + e.getMessage(), e);
    }
  }

  private void add(TarArchiveEntry entry, long offset) throws IOException {
    String path = path(entry.getName());
    Node node = node(entry, path, offset);
    if (node == null || path.isEmpty()) {
      return;
    }
    int before = files.nodes().size();
    try {
      files.put(path, node);
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
    // Directories that come into being with it count too.
    pathCharacters += (long) path.length() * (files.nodes().size() - before);
    if (pathCharacters > MOST_PATH_CHARACTERS) {
      throw new IOException(where + " has too many long paths");
    }
  }

  private @Nullable Node node(TarArchiveEntry entry, String path, long offset) throws IOException {
    int mode = entry.getMode() & 07777;
    if (entry.isSymbolicLink()) {
      return new Node.Symlink(entry.getLinkName());
    }
    if (entry.isLink()) {
      Node target = files.get(path(entry.getLinkName()));
      if (!(target instanceof Node.RegularFile)) {
        throw new IOException(
            where + ": " + path + " is a link to " + entry.getLinkName() + ", which isn't there");
      }
      return target;
    }
    if (entry.isDirectory()) {
      return new Node.Directory(mode);
    }
    if (entry.isBlockDevice() || entry.isCharacterDevice()) {
      return new Node.Device(mode, entry.isBlockDevice(), entry.getDevMajor(), entry.getDevMinor());
    }
    if (entry.isFIFO()) {
      return null; // A tree has no pipes.
    }
    if (entry.isSparse()) {
      throw new IOException(where + ": " + path + " is a sparse file, which isn't supported");
    }
    long size = entry.getSize();
    if (size < 0 || size > channel.size() - offset) {
      throw new IOException(where + " ends before " + path + " does");
    }
    return new Node.RegularFile(mode, new Slice(channel, offset, size), time(entry));
  }

  /** Whole seconds; an archive of others may say anything. */
  private static long time(TarArchiveEntry entry) {
    return Times.limit(entry.getLastModifiedTime().to(TimeUnit.SECONDS));
  }

  /** Relative to the root, without what leads nowhere; empty for the root itself. */
  private String path(String name) throws IOException {
    List<String> names = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IOException(where + ": the path \"" + name + "\" isn't inside the archive");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        names.add(part);
      }
    }
    String path = String.join("/", names);
    if (path.length() > LONGEST_PATH) {
      throw new IOException(where + ": a path has " + path.length() + " characters");
    }
    return path;
  }

  /** A file's bytes in the archive. */
  private record Slice(FileChannel channel, long offset, long size) implements Content {
    @Override
    public InputStream open() {
      return new ChannelInput(channel, offset, size);
    }
  }

  /**
   * The archive as the library reads it, which holds all headers of an entry in memory, and calls
   * itself for each: more than a bound of them is an error. The content that it passes over on the
   * way is free.
   */
  private static final class HeaderInput extends ChannelInput {
    private final long size;
    private long contentEnd;
    private int budget = MOST_HEADER_BYTES;

    HeaderInput(FileChannel channel) throws IOException {
      super(channel, 0, channel.size());
      size = channel.size();
    }

    /** Says that an entry was read, and that this much content follows. */
    void startEntry(long contentSize) {
      contentEnd = position() + Math.clamp(contentSize, 0, size - position());
      budget = MOST_HEADER_BYTES;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (position() >= contentEnd && (budget -= length) < 0) {
        throw new IOException("an entry has more than " + MOST_HEADER_BYTES + " bytes of headers");
      }
      return super.read(bytes, offset, length);
    }
  }
}
