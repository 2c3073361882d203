package dev.husk.image.oci;

import dev.husk.image.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A container image that was read: an OCI image layout, as a directory or an archive, or an archive
 * of {@code docker save}, of any version; compressed with gzip or not. The contents of its files
 * can be read until it is closed.
 */
public final class StoredImage implements Closeable {

  /** What all layers together may take without compression. */
  private static final long MOST_BYTES = 8L << 30;

  private final List<String> names;
  private final Digest id;
  private final ImageConfig config;
  private final List<StoredLayer> layers;
  private final OpenFiles files;

  StoredImage(
      List<String> names,
      Digest id,
      ImageConfig config,
      List<StoredLayer> layers,
      OpenFiles files) {
    this.names = List.copyOf(names);
    this.id = id;
    this.config = config;
    this.layers = List.copyOf(layers);
    this.files = files;
  }

  /**
   * Reads the first image for Linux that is there. Layers are decompressed into temporary files
   * without a name, which go when this is closed or the process ends.
   *
   * @throws IOException if it isn't an image, is damaged, or is larger than 8 GB
   */
  public static StoredImage open(Path path) throws IOException {
    return open(path, MOST_BYTES);
  }

  static StoredImage open(Path path, long mostBytes) throws IOException {
    return new ImageReader(path, mostBytes).read();
  }

  /** What it is called; empty if it doesn't say. */
  public List<String> names() {
    return names;
  }

  /** The digest of its config, which {@code docker images} shows as the image's id. */
  public Digest id() {
    return id;
  }

  /** How it runs. */
  public ImageConfig config() {
    return config;
  }

  /** Its layers, the last one on top. */
  public List<StoredLayer> layers() {
    return layers;
  }

  /** The files that an app in a container of this image sees. */
  public FileTree root() {
    return Whiteouts.merge(layers.stream().map(StoredLayer::files).toList());
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
