package dev.husk.image.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layout and the archive against the conditions of the OCI image specification 1.1. */
final class PackedImageTest {

  private static final ImageName NAME = ImageName.of("shop:1.2");

  @TempDir private Path directory;

  @Test
  void layoutIsAsTheSpecificationHasIt() throws IOException {
    Path layout = directory.resolve("layout");
    PackedImage image = pack("hello", "cache");
    image.writeLayout(layout, NAME);

    assertEquals("1.0.0", json(layout, "oci-layout").get("imageLayoutVersion").text());
    Json index = json(layout, "index.json");
    assertEquals(2, index.get("schemaVersion").number());
    assertEquals("application/vnd.oci.image.index.v1+json", index.get("mediaType").text());
    assertEquals(1, index.get("manifests").list().size());
    Json entry = index.get("manifests").list().getFirst();
    assertEquals(
        Map.of(
            "org.opencontainers.image.ref.name", "1.2",
            "io.containerd.image.name", "docker.io/library/shop:1.2"),
        entry.get("annotations").texts());
    assertEquals(Map.of("architecture", "amd64", "os", "linux"), entry.get("platform").texts());

    Set<String> reached = new TreeSet<>();
    Json manifest = blob(layout, entry, "application/vnd.oci.image.manifest.v1+json", reached);
    assertEquals(image.manifestDigest().toString(), entry.get("digest").text());
    assertEquals(2, manifest.get("schemaVersion").number());
    assertEquals("application/vnd.oci.image.manifest.v1+json", manifest.get("mediaType").text());
    Json config =
        blob(layout, manifest.get("config"), "application/vnd.oci.image.config.v1+json", reached);
    assertEquals(image.id().toString(), manifest.get("config").get("digest").text());
    List<String> diffIds = new ArrayList<>();
    for (Json layer : manifest.get("layers").list()) {
      byte[] gzip = bytes(layout, layer, "application/vnd.oci.image.layer.v1.tar+gzip", reached);
      diffIds.add(Digest.of(gunzip(gzip)).toString());
    }

    assertEquals("amd64", config.get("architecture").text());
    assertEquals("linux", config.get("os").text());
    assertEquals("1980-01-01T00:00:00Z", config.get("created").text());
    assertEquals("layers", config.get("rootfs").get("type").text());
    assertEquals(diffIds, config.get("rootfs").get("diff_ids").strings());
    assertEquals(2, config.get("history").list().size());
    Json run = config.get("config");
    assertEquals(List.of("/java/bin/java", "-Xmx64m"), run.get("Entrypoint").strings());
    assertEquals(List.of("--port", "8080"), run.get("Cmd").strings());
    assertEquals(List.of("EMPTY=", "EQUALS=a=b", "LANG=C.UTF-8"), run.get("Env").strings());
    assertEquals("/app", run.get("WorkingDir").text());
    assertEquals("1000:1000", run.get("User").text());
    assertEquals("SIGTERM", run.get("StopSignal").text());
    assertEquals(Map.of("org.example.label", "a \"quoted\" value"), run.get("Labels").texts());
    assertEquals(
        Map.of("8080/tcp", Map.of(), "8081/tcp", Map.of()), run.get("ExposedPorts").value());

    assertEquals(reached, names(layout.resolve("blobs/sha256")), "blobs that nothing leads to");
    assertEquals(Set.of("oci-layout", "index.json", "blobs"), names(layout));
  }

  @Test
  void archiveIsALayoutAndWhatDockerLoads() throws IOException {
    Path file = directory.resolve("image.tar");
    Path layout = directory.resolve("layout");
    PackedImage image = pack("hello", "cache");
    image.writeArchive(file, NAME);
    image.writeLayout(layout, NAME);
    try (FileChannel channel = FileChannel.open(file)) {
      FileTree archive = TarIndex.read("the archive", channel);
      Json docker = Json.read("manifest.json", content(archive, "manifest.json"));
      assertEquals(1, docker.list().size());
      Json entry = docker.list().getFirst();
      assertEquals(List.of("shop:1.2"), entry.get("RepoTags").strings());
      assertEquals("blobs/sha256/" + image.id().hex(), entry.get("Config").text());
      assertEquals(
          image.layers().stream().map(layer -> "blobs/sha256/" + layer.digest().hex()).toList(),
          entry.get("Layers").strings());
      // All of the layout is there, the same.
      try (Stream<Path> files = Files.walk(layout)) {
        for (Path path : files.filter(Files::isRegularFile).toList()) {
          assertArrayEquals(
              Files.readAllBytes(path),
              content(archive, layout.relativize(path).toString()).bytes());
        }
      }
    }
  }

  @Test
  void sameContentMakesTheSameArchive() throws IOException {
    Path one = directory.resolve("one.tar");
    Path two = directory.resolve("two.tar");
    pack("hello", "cache").writeArchive(one, NAME);
    pack("hello", "other cache").writeArchive(two, NAME);
    assertEquals(-1, Files.mismatch(one, two));
    pack("hullo", "cache").writeArchive(two, NAME);
    assertTrue(Files.mismatch(one, two) >= 0);
  }

  @Test
  void layoutBecomesTheNextOne() throws IOException {
    Path layout = directory.resolve("layout");
    PackedImage old = pack("hello", "cache");
    old.writeLayout(layout, NAME);
    PackedImage next = pack("hullo", "cache");
    next.writeLayout(layout, ImageName.of("shop:1.3"));
    try (StoredImage stored = StoredImage.open(layout)) {
      assertEquals(next.id(), stored.id());
      assertEquals(List.of("docker.io/library/shop:1.3"), stored.names());
    }
    assertEquals(
        Stream.of(
                next.id(),
                next.manifestDigest(),
                next.layers().getFirst().digest(),
                next.layers().getLast().digest())
            .map(Digest::hex)
            .collect(Collectors.toSet()),
        names(layout.resolve("blobs/sha256")));
    assertEquals(old.layers().getFirst(), next.layers().getFirst());
    assertEquals(
        fileKey(next.layers().getFirst().file()),
        fileKey(layout.resolve("blobs/sha256/" + next.layers().getFirst().digest().hex())),
        "a link to the file in the cache");
  }

  @Test
  void directoryOfSomethingElseIsRefused() throws IOException {
    Path documents = Files.createDirectory(directory.resolve("documents"));
    Path file = Files.createFile(documents.resolve("novel"));
    PackedImage image = pack("hello", "cache");
    assertThrows(FileAlreadyExistsException.class, () -> image.writeLayout(documents, NAME));
    assertEquals(Set.of("novel"), names(documents));
    Files.delete(file);
    image.writeLayout(documents, NAME);
    try (StoredImage stored = StoredImage.open(documents)) {
      assertEquals(image.id(), stored.id());
    }
  }

  @Test
  void nothingIsLeftWhenWritingFails() throws IOException {
    PackedImage image = pack("hello", "cache");
    Files.delete(image.layers().getLast().file());
    Path out = Files.createDirectory(directory.resolve("out"));
    assertThrows(IOException.class, () -> image.writeArchive(out.resolve("image.tar"), NAME));
    assertThrows(IOException.class, () -> image.writeLayout(out.resolve("layout"), NAME));
    assertEquals(Set.of(), names(out));
  }

  @Test
  void containerDiskIsAFileThatQemuReads() throws IOException {
    Path disk = directory.resolve("shop.qcow2");
    Files.write(disk, new byte[] {'Q', 'F', 'I', (byte) 0xfb});
    OciImage image = ContainerDisk.of(disk, "amd64");
    assertEquals(1, image.layers().size());
    assertEquals(107, image.layers().getFirst().owner());
    assertEquals(
        Map.of(
            "disk",
            "directory 755",
            "disk/shop.qcow2",
            "file 440 " + FileTree.TIME + " " + Digest.of(Files.readAllBytes(disk))),
        Samples.contents(image.layers().getFirst().files()));
    Path archive = directory.resolve("disk.tar");
    image.pack(new LayerCache(directory.resolve("cache"))).writeArchive(archive, NAME);
    try (StoredImage stored = StoredImage.open(archive)) {
      assertEquals(
          Samples.contents(image.layers().getFirst().files()), Samples.contents(stored.root()));
    }
  }

  private PackedImage pack(String greeting, String cache) throws IOException {
    return Samples.image(greeting).pack(new LayerCache(directory.resolve(cache)));
  }

  private static Json json(Path layout, String name) throws IOException {
    return Json.read(name, Content.of(layout.resolve(name)));
  }

  private static Json blob(Path layout, Json descriptor, String mediaType, Set<String> reached)
      throws IOException {
    byte[] bytes = bytes(layout, descriptor, mediaType, reached);
    return Json.read(mediaType, Content.of(bytes));
  }

  /** Follows a descriptor (descriptor.md). */
  private static byte[] bytes(Path layout, Json descriptor, String mediaType, Set<String> reached)
      throws IOException {
    assertEquals(mediaType, descriptor.get("mediaType").text());
    Digest digest = Digest.parse(descriptor.get("digest").text());
    byte[] bytes = Files.readAllBytes(layout.resolve("blobs/sha256").resolve(digest.hex()));
    assertEquals(digest, Digest.of(bytes));
    assertEquals(bytes.length, descriptor.get("size").number());
    reached.add(digest.hex());
    return bytes;
  }

  private static byte[] gunzip(byte[] gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }

  private static Content content(FileTree archive, String name) {
    return assertInstanceOf(Node.RegularFile.class, archive.get(name)).content();
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
