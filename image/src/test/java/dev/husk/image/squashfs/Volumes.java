package dev.husk.image.squashfs;

import dev.husk.image.disk.ByteBlocks;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** File systems to test with. */
final class Volumes {
  static final int BLOCK = 1 << 17;

  private Volumes() {}

  /** A tree written as images have it. */
  static byte[] written(FileTree tree, Path directory) throws IOException {
    return written(tree, Method.LZ4, directory);
  }

  /** A tree written. */
  static byte[] written(FileTree tree, Method method, Path directory) throws IOException {
    Path file = directory.resolve("root.squashfs");
    write(tree, method, file, directory.resolve("cache"));
    return Files.readAllBytes(file);
  }

  /** The same in a file. */
  static Squashfs write(FileTree tree, Method method, Path file, Path cache) throws IOException {
    try (FileChannel out = open(file)) {
      return SquashfsWriter.write(tree, method, out, 0, cache);
    }
  }

  /** A tree written quickly, or not compressed at all. */
  static byte[] written(FileTree tree, Compressor compressor, int threads, Path directory)
      throws IOException {
    Path file = directory.resolve("root.squashfs");
    try (FileChannel out = open(file)) {
      new SquashfsWriter(Method.ZSTD, compressor, "test", threads)
          .write(tree, new Output(out, 0), directory.resolve("cache"));
    }
    return Files.readAllBytes(file);
  }

  static FileTree read(byte[] volume) throws IOException {
    return SquashfsReader.read(new ByteBlocks(volume));
  }

  /** An empty file to write to. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** A text that compresses well, and is another one for each seed. */
  static byte[] text(int seed, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + (i * (seed + 7) >> 5) % 26);
    }
    return bytes;
  }

  /** Zeros, of which any number take no memory. */
  static Content zeros(long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new Zeros(size);
      }
    };
  }

  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(to, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
