package dev.husk.image.oci;

import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A container image ready to be written: the same bytes for the same content. */
public final class PackedImage {

  private static final String LAYOUT = "oci-layout";
  private static final String INDEX = "index.json";
  private static final String BLOBS = "blobs/sha256";
  private static final int FILE_MODE = 0644;

  private final ImageConfig config;
  private final List<PackedLayer> layers;
  private final byte[] configJson;
  private final byte[] manifestJson;

  PackedImage(ImageConfig config, List<PackedLayer> layers) {
    this.config = config;
    this.layers = List.copyOf(layers);
    configJson = Documents.config(config, layers);
    manifestJson = Documents.manifest(configJson, layers);
  }

  /** The digest of the config, which {@code docker images} shows as the image's id. */
  public Digest id() {
    return Digest.of(configJson);
  }

  /** The digest of the manifest, by which registries and containerd know the image. */
  public Digest manifestDigest() {
    return Digest.of(manifestJson);
  }

  /** The layers, the last one on top. */
  public List<PackedLayer> layers() {
    return layers;
  }

  /**
   * Writes one tar archive that is both an OCI image layout and what {@code docker load} takes, as
   * Docker's own are since version 25. It appears when it is complete.
   *
   * @param file replaced if it is there
   */
  public void writeArchive(Path file, ImageName name) throws IOException {
    FileTree archive = new FileTree();
    put(archive, LAYOUT, Documents.layout());
    put(archive, INDEX, index(name));
    put(archive, "manifest.json", Documents.dockerManifest(id(), layers, name));
    put(archive, Documents.blobPath(id()), configJson);
    put(archive, Documents.blobPath(manifestDigest()), manifestJson);
    for (PackedLayer layer : layers) {
      archive.file(Documents.blobPath(layer.digest()), FILE_MODE, Content.of(layer.file()));
    }
    AtomicOutput.write(
        parent(file),
        temporary -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
            LayerTar.write(archive, 0, 0, out);
          }
          return file.getFileName().toString();
        });
  }

  /**
   * Writes an OCI image layout (image-layout.md) with this image alone. A layout that is there
   * becomes this one at the moment when its index is replaced; before that it is the old one.
   *
   * @param directory what is there must be a layout or an empty directory
   */
  public void writeLayout(Path directory, ImageName name) throws IOException {
    if (!Files.exists(directory)) {
      AtomicOutput.write(
          parent(directory),
          temporary -> {
            fill(temporary, name);
            return directory.getFileName().toString();
          });
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      if (files.iterator().hasNext() && !Files.exists(directory.resolve(LAYOUT))) {
        throw new FileAlreadyExistsException(
            directory.toString(), null, "it holds something else than an image");
      }
    }
    fill(directory, name);
  }

  private void fill(Path directory, ImageName name) throws IOException {
    Path blobs = Files.createDirectories(directory.resolve(BLOBS));
    write(directory, LAYOUT, Documents.layout());
    write(blobs, id().hex(), configJson);
    write(blobs, manifestDigest().hex(), manifestJson);
    for (PackedLayer layer : layers) {
      AtomicOutput.write(
          blobs,
          temporary -> {
            linkOrCopy(layer.file(), temporary);
            return layer.digest().hex();
          });
    }
    write(directory, INDEX, index(name));
    removeOtherBlobs(blobs);
  }

  private byte[] index(ImageName name) {
    return Documents.index(manifestJson, name, config.architecture());
  }

  private void removeOtherBlobs(Path blobs) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(blobs)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals(id().hex())
            && !name.equals(manifestDigest().hex())
            && layers.stream().noneMatch(layer -> layer.digest().hex().equals(name))) {
          Files.delete(file);
        }
      }
    }
  }

  private static void linkOrCopy(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, one without links, or a file that has too many.
      Files.copy(file, target);
    }
  }

  private static void write(Path directory, String name, byte[] bytes) throws IOException {
    AtomicOutput.write(
        directory,
        temporary -> {
          Files.write(temporary, bytes);
          return name;
        });
  }

  private static void put(FileTree tree, String path, byte[] bytes) {
    tree.file(path, FILE_MODE, Content.of(bytes));
  }

  private static Path parent(Path path) {
    return path.toAbsolutePath().getParent();
  }
}
