package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class StoredImageTest {

  private static final ImageName NAME = ImageName.of("team/shop");

  @TempDir private Path directory;
  private PackedImage image;
  private Path archive;

  @BeforeEach
  void pack() throws IOException {
    image = Samples.image("hello").pack(new LayerCache(directory.resolve("cache")));
    archive = directory.resolve("image.tar");
    image.writeArchive(archive, NAME);
  }

  @Test
  void archiveIsReadBack() throws IOException {
    assertReads(archive, "docker.io/team/shop:latest");
  }

  @Test
  void layoutIsReadBack() throws IOException {
    Path layout = directory.resolve("layout");
    image.writeLayout(layout, NAME);
    assertReads(layout, "docker.io/team/shop:latest");
  }

  @Test
  void compressedArchiveIsReadBack() throws IOException {
    Path compressed = directory.resolve("image.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(archive, out);
    }
    assertReads(compressed, "docker.io/team/shop:latest");
  }

  /** As versions of Docker before 25 wrote it: no index, layers not compressed, other names. */
  @Test
  void oldArchiveOfDockerIsReadBack() throws IOException {
    byte[] config = Documents.config(Samples.config(), image.layers());
    FileTree old =
        new FileTree()
            .file("abc.json", 0644, Content.of(config))
            .file("1/layer.tar", 0644, content(LayerTarTest.tar(Samples.jvm(), 0)))
            .file("2/layer.tar", 0644, content(LayerTarTest.tar(Samples.app("hello"), 0)))
            .file(
                "manifest.json",
                0644,
                Samples.text(
                    """
                    [{"Config": "abc.json", "RepoTags": ["team/shop:latest"],
                      "Layers": ["1/layer.tar", "2/layer.tar"]}]\
                    """));
    Path file = directory.resolve("old.tar");
    Files.write(file, LayerTarTest.tar(old, 0));
    assertReads(file, "team/shop:latest");
  }

  private void assertReads(Path path, String name) throws IOException {
    try (StoredImage stored = StoredImage.open(path)) {
      assertEquals(List.of(name), stored.names());
      assertEquals(image.id(), stored.id());
      assertEquals(Samples.config(), stored.config());
      assertEquals(List.of("jvm", "app"), stored.layers().stream().map(StoredLayer::name).toList());
      assertEquals(
          image.layers().stream().map(PackedLayer::diffId).toList(),
          stored.layers().stream().map(StoredLayer::diffId).toList());
      assertEquals(
          Samples.packedContents(Samples.jvm()),
          Samples.contents(stored.layers().getFirst().files()));
      assertEquals(
          Samples.packedContents(Samples.jvm().putAll(Samples.app("hello"))),
          Samples.contents(stored.root()));
    }
  }

  @Test
  void upperLayersReplaceAndDelete() throws IOException {
    FileTree below =
        new FileTree()
            .file("etc/kept", 0644, Samples.text("1"))
            .file("etc/deleted", 0644, Samples.text("1"))
            .file("etc/replaced", 0644, Samples.text("1"))
            .file("cache/a/b", 0644, Samples.text("1"))
            .file("directory/file", 0644, Samples.text("1"))
            .symlink("lib", "usr/lib");
    FileTree above =
        new FileTree()
            .file("etc/.wh.deleted", 0644, Samples.text(""))
            .file("etc/replaced", 0600, Samples.text("22"))
            .file("cache/.wh..wh..opq", 0644, Samples.text(""))
            .file("cache/new", 0644, Samples.text("2"))
            .file("directory", 0644, Samples.text("2"))
            .file("lib/file", 0644, Samples.text("2"));
    FileTree merged = Whiteouts.merge(List.of(below, above));
    assertEquals(
        Set.of(
            "cache",
            "cache/new",
            "directory",
            "etc",
            "etc/kept",
            "etc/replaced",
            "lib",
            "lib/file"),
        merged.nodes().keySet());
    assertEquals(0600, merged.nodes().get("etc/replaced").mode());

    FileTree all = new FileTree().file(".wh..wh..opq", 0644, Samples.text(""));
    assertEquals(Map.of(), Whiteouts.merge(List.of(below, all)).nodes());
    FileTree one = new FileTree().file(".wh.cache", 0644, Samples.text(""));
    assertEquals(null, Whiteouts.merge(List.of(below, one)).get("cache/a"));
  }

  @Test
  void damagedBlobIsFound() throws IOException {
    Path layout = directory.resolve("layout");
    for (Digest blob :
        List.of(image.id(), image.manifestDigest(), image.layers().getLast().digest())) {
      image.writeLayout(layout, NAME);
      Path file = layout.resolve("blobs/sha256").resolve(blob.hex());
      byte[] bytes = Files.readAllBytes(file);
      // Not in the place, which would damage the cache too.
      Files.delete(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      String message = fails(layout);
      assertTrue(message.startsWith(layout + ": "), message);
      Files.delete(file);
      assertTrue(fails(layout).contains(blob.hex() + " is missing"));
    }
  }

  @Test
  void truncatedArchiveIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    for (int length = 0; length < bytes.length; length += 700) {
      Path file = directory.resolve("truncated.tar");
      Files.write(file, Arrays.copyOf(bytes, length));
      try (StoredImage stored = StoredImage.open(file)) {
        // Only what follows the index was missing: Docker's manifest, and the archive's end.
        assertEquals(image.id(), stored.id());
        assertTrue(length > bytes.length - 4096, "complete at " + length);
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
  }

  @Test
  void somethingElseIsSaidToBeNoImage() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertTrue(fails(empty).contains("neither an OCI image layout nor"));
    Path tar = directory.resolve("other.tar");
    Files.write(tar, LayerTarTest.tar(Samples.app("hello"), 0));
    assertTrue(fails(tar).contains("neither an OCI image layout nor"));
    Path text = directory.resolve("text");
    Files.writeString(text, "A novel. ".repeat(1000));
    assertTrue(fails(text).contains("not a sound tar archive"));
    assertThrows(NoSuchFileException.class, () -> StoredImage.open(directory.resolve("nothing")));
  }

  @Test
  void whatIsTooLargeWithoutCompressionIsRefused() throws IOException {
    assertTrue(failure(() -> StoredImage.open(archive, 10_000)).contains("is too large"));
  }

  /** The documents that lead outside, to themselves, or nowhere. */
  @Test
  void hostileDocumentsAreRefused() throws IOException {
    String digest = image.manifestDigest().toString();
    for (String index :
        List.of(
            "",
            "[]",
            "{}",
            "{\"manifests\": []}",
            "{\"manifests\": {}}",
            "{\"manifests\": [{\"digest\": 1, \"size\": 1}]}",
            "{\"manifests\": [{\"digest\": \"sha256:../../../../etc/passwd\", \"size\": 1}]}",
            "{\"manifests\": [{\"digest\": \"sha512:00\", \"size\": 1}]}",
            "{\"manifests\": [{\"digest\": \"%s\", \"size\": 1}]}".formatted(digest),
            "{\"manifests\": [{\"digest\": \"%s\", \"size\": 1e99}]}".formatted(digest),
            "{\"manifests\": [{\"digest\": \"%s\", \"size\": 99999999999999999999}]}"
                .formatted(digest),
            "{\"manifests\": [{\"platform\": {\"os\": \"windows\"}}]}",
            "[".repeat(100_000),
            "{\"manifests\": [], \"manifests\": []}",
            "{} {}")) {
      Path layout = directory.resolve("layout");
      image.writeLayout(layout, NAME);
      Files.writeString(layout.resolve("index.json"), index);
      String message = fails(layout);
      assertTrue(message.startsWith(layout + ": "), message);
    }
    for (String manifest :
        List.of(
            "{\"Config\": \"x\"}",
            "[]",
            "[{\"Config\": \"../x\", \"Layers\": []}]",
            "[{\"Config\": \"manifest.json\", \"Layers\": [\"manifest.json\"]}]",
            "[{\"Config\": \"a\\u0000b\", \"Layers\": [null]}]")) {
      Path file = directory.resolve("hostile.tar");
      Files.write(
          file,
          LayerTarTest.tar(new FileTree().file("manifest.json", 0644, Samples.text(manifest)), 0));
      String message = fails(file);
      assertTrue(message.startsWith(file + ": "), message);
    }
  }

  private static String fails(Path path) {
    return failure(() -> StoredImage.open(path));
  }

  private static String failure(Executable executable) {
    return String.valueOf(assertThrows(IOException.class, executable).getMessage());
  }

  private static Content content(byte[] bytes) {
    return Content.of(bytes);
  }
}
