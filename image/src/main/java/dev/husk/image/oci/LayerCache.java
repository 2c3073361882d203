package dev.husk.image.oci;

import dev.husk.image.tree.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Packed layers in a directory, so that packing again after a change compresses only what changed.
 *
 * <p>A layer is found by the digest of its tar, which is quick to compute and covers all that is in
 * it. Its file is called {@code DIFFID-DIGEST.tar.gz}; one that doesn't match its digest any more
 * is made anew. Several processes may use a directory at once. What nobody has used for a month
 * goes when something is added.
 */
public final class LayerCache {

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})-([0-9a-f]{64})\\.tar\\.gz");
  private static final Duration KEPT = Duration.ofDays(30);
  private static final int BUFFER = 1 << 16;

  private final Path directory;

  /** A cache in this directory, which is made when it isn't there. */
  public LayerCache(Path directory) {
    this.directory = directory;
  }

  /**
   * This layer packed, from the cache or now.
   *
   * @throws IOException if a file can't be read or written, or changes meanwhile
   */
  PackedLayer pack(Layer layer) throws IOException {
    Digest diffId = writeTar(layer, OutputStream.nullOutputStream());
    Files.createDirectories(directory);
    Path file = find(diffId);
    if (file == null) {
      removeUnused();
      file = add(layer, diffId);
    }
    return new PackedLayer(
        layer.name(), diffId, digestOf(file), Files.size(file), file.toAbsolutePath());
  }

  private @Nullable Path find(Digest diffId) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, diffId.hex() + "-*")) {
      for (Path file : files) {
        if (!NAME.matcher(name(file)).matches()) {
          continue;
        }
        if (digestOf(file).equals(Digest.of(file))) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
          return file;
        }
        Files.delete(file);
      }
    }
    return null;
  }

  private Path add(Layer layer, Digest diffId) throws IOException {
    return AtomicOutput.write(
        directory,
        temporary -> {
          MessageDigest sha256 = Sha256.begin();
          // The header has no name and no time in it: gzip is as reproducible as the tar.
          try (OutputStream file = Files.newOutputStream(temporary);
              OutputStream gzip =
                  new GZIPOutputStream(buffered(new DigestOutputStream(file, sha256)), BUFFER)) {
            if (!writeTar(layer, gzip).equals(diffId)) {
              throw new IOException("a file of the layer " + layer.name() + " changes meanwhile");
            }
          }
          return diffId.hex() + "-" + Digest.of(sha256).hex() + ".tar.gz";
        });
  }

  private void removeUnused() throws IOException {
    Instant limit = Instant.now().minus(KEPT);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        boolean ours = NAME.matcher(name(file)).matches() || AtomicOutput.isTemporary(name(file));
        if (ours && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Writes a layer without compression, and tells the digest of that. */
  private static Digest writeTar(Layer layer, OutputStream out) throws IOException {
    MessageDigest sha256 = Sha256.begin();
    OutputStream tar = buffered(new DigestOutputStream(out, sha256));
    LayerTar.write(layer.files(), layer.owner(), layer.group(), tar);
    tar.flush();
    return Digest.of(sha256);
  }

  /** The digest that is a part of the name. */
  private static Digest digestOf(Path file) {
    Matcher parts = NAME.matcher(name(file));
    if (!parts.matches()) {
      throw new IllegalArgumentException(file + " is not of a cache");
    }
    return new Digest(parts.group(2));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static OutputStream buffered(OutputStream out) {
    return new BufferedOutputStream(out, BUFFER);
  }
}
