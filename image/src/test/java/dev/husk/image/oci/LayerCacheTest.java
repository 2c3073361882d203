package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerCacheTest {

  @TempDir private Path directory;

  @Test
  void digestsAreThoseOfTheFileAndOfTheTarInIt() throws IOException {
    PackedLayer layer = pack("hello");
    assertEquals(Digest.of(Files.readAllBytes(layer.file())), layer.digest());
    assertEquals(Files.size(layer.file()), layer.size());
    try (InputStream in = new GZIPInputStream(Files.newInputStream(layer.file()))) {
      byte[] tar = in.readAllBytes();
      assertEquals(Digest.of(tar), layer.diffId());
      assertEquals(Digest.of(LayerTarTest.tar(Samples.app("hello"), 0)), layer.diffId());
    }
  }

  @Test
  void gzipHeaderHasNoTimeAndNoName() throws IOException {
    byte[] gzip = Files.readAllBytes(pack("hello").file());
    // RFC 1952, section 2.3: magic, deflate, no flags, no time, no hint, unknown system.
    byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    assertArrayEquals(header, Arrays.copyOf(gzip, header.length));
  }

  @Test
  void sameLayerIsCompressedOnce() throws IOException {
    PackedLayer first = pack("hello");
    Object written = fileKey(first);
    PackedLayer second = pack("hello");
    assertEquals(first, second);
    assertEquals(written, fileKey(second));
    assertNotEquals(first.diffId(), pack("hullo").diffId());
    assertEquals(2, files().size());
  }

  @Test
  void ownerIsAPartOfTheLayer() throws IOException {
    LayerCache cache = new LayerCache(directory);
    assertNotEquals(
        cache.pack(new Layer("app", Samples.app("hello"), 0, 0)).diffId(),
        cache.pack(new Layer("app", Samples.app("hello"), 107, 0)).diffId());
  }

  @Test
  void damagedFileIsMadeAnew() throws IOException {
    PackedLayer layer = pack("hello");
    byte[] bytes = Files.readAllBytes(layer.file());
    byte[] damaged = bytes.clone();
    damaged[bytes.length / 2] ^= 1;
    Files.write(layer.file(), damaged);
    assertEquals(layer, pack("hello"));
    assertEquals(layer.digest(), Digest.of(layer.file()));

    Files.write(layer.file(), new byte[0]);
    assertEquals(layer, pack("hello"));
    assertEquals(layer.digest(), Digest.of(layer.file()));
  }

  @Test
  void whatNobodyUsedForLongGoes() throws IOException {
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    PackedLayer used = pack("used");
    PackedLayer unused = pack("unused");
    Path killed = Files.createFile(directory.resolve(".husk-0123"));
    Path foreign = Files.createFile(directory.resolve("somebody's file"));
    for (Path file : List.of(used.file(), unused.file(), killed, foreign)) {
      Files.setLastModifiedTime(file, longAgo);
    }
    pack("used");
    pack("new");
    assertTrue(Files.exists(used.file()));
    assertFalse(Files.exists(unused.file()));
    assertFalse(Files.exists(killed));
    assertTrue(Files.exists(foreign));
  }

  @Test
  void nothingIsLeftOfALayerWhoseFilesChange() throws IOException {
    Content changing =
        new Content() {
          private int opened;

          @Override
          public long size() {
            return 1;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(new byte[] {(byte) opened++});
          }
        };
    Layer layer = new Layer("app", new FileTree().file("file", 0644, changing));
    LayerCache cache = new LayerCache(directory);
    IOException e = assertThrows(IOException.class, () -> cache.pack(layer));
    assertTrue(e.getMessage().contains("app"), e.getMessage());
    assertEquals(List.of(), files());
  }

  private PackedLayer pack(String greeting) throws IOException {
    return new LayerCache(directory).pack(new Layer("app", Samples.app(greeting)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** The inode: another one if the file was written again. */
  private static Object fileKey(PackedLayer layer) throws IOException {
    return Files.readAttributes(layer.file(), BasicFileAttributes.class).fileKey();
  }
}
