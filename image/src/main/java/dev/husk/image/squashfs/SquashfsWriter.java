package dev.husk.image.squashfs;

import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a tree as a squashfs. Everything belongs to root; what is no file has the time {@link
 * FileTree#TIME}. The same tree makes the same bytes, however many processors there are and
 * whatever the cache holds.
 */
public final class SquashfsWriter {
  private static final int BLOCK = 1 << 17;

  /** The cache keeps the blocks of files of this size or more. */
  private static final int LARGE = 1 << 20;

  /** What bytes_used isn't rounded up to, but the length of the whole is. */
  private static final int ALIGNMENT = 4096;

  private final Method method;
  private final Compressor compressor;
  private final String kind;
  private final int threads;

  /**
   * One that compresses so, with so many threads.
   *
   * @param compressor makes what the method makes, or leaves all as it is
   * @param kind a name for what it makes
   */
  SquashfsWriter(Method method, Compressor compressor, String kind, int threads) {
    this.method = method;
    this.compressor = compressor;
    this.kind = kind;
    this.threads = threads;
  }

  /**
   * Writes a file system. The channel's position stays as it is.
   *
   * @param offset where in the channel the file system begins
   * @param cache where the compressed blocks of large files are kept, by what they hold; is made if
   *     it isn't there
   * @throws IOException if that fails, or a file changes meanwhile, or the format can't hold an
   *     entry: a name of more than 255 bytes, a link to a name of more than 4095
   */
  public static Squashfs write(
      FileTree tree, Method method, FileChannel out, long offset, Path cache) throws IOException {
    return new SquashfsWriter(
            method,
            method.compressor(),
            BLOCK + "-" + method.kind(),
            Runtime.getRuntime().availableProcessors())
        .write(tree, new Output(out, offset), cache);
  }

  /** Writes a file system. */
  Squashfs write(FileTree tree, Output out, Path cache) throws IOException {
    Map<String, FileData> files;
    Fragments fragments;
    byte[] options = method.options();
    out.write(options);
    try (BlockCache blocks = new BlockCache(cache, kind);
        DataWriter writer = new DataWriter(out, compressor, threads)) {
      fragments = new Fragments(writer, BLOCK);
      FilePacker packer = new FilePacker(writer, fragments, blocks, BLOCK, LARGE);
      files = pack(tree, packer);
      fragments.flush();
      writer.flush();
    }
    MetadataWriter inodes = new MetadataWriter(compressor);
    MetadataWriter directories = new MetadataWriter(compressor);
    long root = new TreeWriter(tree, files, inodes, directories).write();
    long inodeTable = out.position();
    out.write(inodes.finish());
    long directoryTable = out.position();
    out.write(directories.finish());
    long fragmentTable = LookupTable.write(fragments.table(), compressor, out);
    // Of one id, that of root. Nothing may follow its index.
    long idTable = LookupTable.write(new byte[Integer.BYTES], compressor, out);
    long used = out.position();
    Superblock superblock =
        new Superblock(
            tree.nodes().size() + 1,
            // Nobody needs the time, and this makes the superblock one of its own.
            out.checksum(),
            BLOCK,
            fragments.count(),
            method.number(),
            Superblock.ALWAYS_FRAGMENTS
                | Superblock.DUPLICATES
                | Superblock.NO_ATTRIBUTES
                | (options.length > 0 ? Superblock.OPTIONS : 0),
            1,
            root,
            used,
            idTable,
            Layout.NO_TABLE,
            inodeTable,
            directoryTable,
            fragmentTable,
            Layout.NO_TABLE);
    out.write(new byte[(int) (-used & (ALIGNMENT - 1))]);
    out.writeSuperblock(superblock.bytes());
    return new Squashfs(superblock.bytes(), out.position());
  }

  private static Map<String, FileData> pack(FileTree tree, FilePacker packer) throws IOException {
    Map<String, FileData> files = new HashMap<>();
    for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
      if (entry.getValue() instanceof Node.RegularFile file) {
        files.put(entry.getKey(), packer.pack(entry.getKey(), file.content()));
      }
    }
    return files;
  }
}
