package dev.husk.image.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer keeps of large files. */
final class BlockCacheTest {
  @TempDir private Path directory;

  private static FileTree tree() {
    byte[] mixed = Volumes.text(1, 1_500_000);
    Arrays.fill(mixed, 2 * Volumes.BLOCK, 4 * Volumes.BLOCK, (byte) 0);
    byte[] noise = Trees.noise(2, Volumes.BLOCK);
    System.arraycopy(noise, 0, mixed, 5 * Volumes.BLOCK, noise.length);
    return new FileTree()
        .file("large", 0644, Content.of(mixed))
        .file("small", 0644, Content.of(Volumes.text(3, (1 << 20) - 1)));
  }

  private byte[] written(FileTree tree) throws IOException {
    return Volumes.written(tree, Compressor.zstd(1), 2, directory);
  }

  @Test
  void largeFilesAreCompressedOnce() throws IOException {
    byte[] first = written(tree());
    assertEquals(1, entries().size());
    Object written = key(entries().getFirst());
    assertArrayEquals(first, written(tree()));
    assertEquals(written, key(entries().getFirst()));
    assertEquals(Trees.listing(tree()), Trees.listing(Volumes.read(first)));
  }

  @Test
  void damagedEntriesAreMadeAnew() throws IOException {
    byte[] volume = written(tree());
    Path entry = entries().getFirst();
    byte[] bytes = Files.readAllBytes(entry);
    for (int at : new int[] {0, bytes.length / 2, bytes.length - 40, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(entry, damaged);
      assertArrayEquals(volume, written(tree()));
      assertArrayEquals(bytes, Files.readAllBytes(entry));
    }
    for (int length : new int[] {0, 40, bytes.length - 1}) {
      Files.write(entry, Arrays.copyOf(bytes, length));
      assertArrayEquals(volume, written(tree()));
      assertArrayEquals(bytes, Files.readAllBytes(entry));
    }
  }

  @Test
  void entriesOfOtherCompressorsAreOthers() throws IOException {
    written(tree());
    Volumes.written(tree(), directory);
    assertEquals(2, entries().size());
  }

  @Test
  void whatNobodyUsedForLongGoes() throws IOException {
    written(tree());
    Path used = entries().getFirst();
    Path unused = Files.createFile(directory.resolve("cache/unused"));
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    Files.setLastModifiedTime(unused, longAgo);
    written(tree());
    assertTrue(Files.exists(used));
    assertFalse(Files.exists(unused));
    assertTrue(Files.getLastModifiedTime(used).compareTo(longAgo) > 0);
  }

  @Test
  void filesThatChangeAreRefusedAndNotKept() throws IOException {
    for (int size : new int[] {10, 2_000_000}) {
      for (int change : new int[] {-1, 1}) {
        assertChanged(claiming(size, size + change));
      }
    }
    assertChanged(
        new Content() {
          private int opened;

          @Override
          public long size() {
            return 2_000_000;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(Volumes.text(opened++, 2_000_000));
          }
        });
  }

  private void assertChanged(Content content) throws IOException {
    FileTree tree = new FileTree().file("file", 0644, content);
    IOException e = assertThrows(IOException.class, () -> written(tree));
    assertTrue(e.getMessage().startsWith("file: changed while it was read"), e::toString);
    assertEquals(List.of(), entries());
  }

  private static Content claiming(int size, int there) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(new byte[there]);
      }
    };
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("cache"))) {
      return all.toList();
    }
  }

  /** The inode: another one if the file was written again. */
  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
