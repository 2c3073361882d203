package dev.husk.image.squashfs;

import dev.husk.image.testing.Fuzz;
import dev.husk.image.testing.Trees;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Squashfs that is damaged. */
final class SquashfsFuzzTest {
  @TempDir private Path directory;

  private static FileTree tree() {
    FileTree tree =
        new FileTree()
            .put("dev/console", new Node.Device(0600, false, 5, 1))
            .symlink("usr/lib/b.so", "a/b.so")
            .file("noise", 0644, Content.of(Trees.noise(1, 3000)))
            .file("zeros", 0644, Content.of(new byte[3 * Volumes.BLOCK + 3]))
            .file("blocks", 0644, Content.of(Volumes.text(1, 2 * Volumes.BLOCK + 3)));
    for (int i = 0; i < 200; i++) {
      tree.file("many/of these files " + i, 0644, Content.of(Volumes.text(i, i)));
    }
    for (int i = 0; i < 10; i++) {
      tree.directory("a/b/c/" + i + "/" + i, 0755);
    }
    return tree;
  }

  @ParameterizedTest
  @EnumSource
  void damagedVolumesAreReadOrRefused(Method method) throws Exception {
    byte[] volume = Volumes.written(tree(), method, directory);
    Fuzz.run(used(volume), SquashfsFuzzTest::readAll);
  }

  /** Damage behind the compression. */
  @Test
  void damagedMetadataIsReadOrRefused() throws Exception {
    byte[] volume = Volumes.written(tree(), SquashfsFuzzTest::data, 1, directory);
    Fuzz.run(used(volume), SquashfsFuzzTest::readAll);
  }

  /** Compresses blocks of files and no metadata, which would hide what is fuzzed. */
  private static byte[] data(byte[] block) {
    return block.length > Layout.METADATA ? Compressor.zstd(3).compress(block) : block;
  }

  private static byte[] used(byte[] volume) throws IOException {
    Superblock superblock = Superblock.parse(Arrays.copyOf(volume, Superblock.SIZE));
    return Arrays.copyOf(volume, (int) superblock.used());
  }

  /** Lists a volume, and reads some of each file. */
  private static void readAll(byte[] volume) throws IOException {
    FileTree tree = Volumes.read(volume);
    IOException last = null;
    for (Node node : tree.nodes().values()) {
      if (node instanceof Node.RegularFile file) {
        try (InputStream in = file.content().open()) {
          in.readNBytes(5000);
          in.skip(2 * Volumes.BLOCK);
          in.readNBytes(5000);
        } catch (IOException e) {
          last = e;
        }
      }
    }
    if (last != null) {
      throw last;
    }
  }
}
