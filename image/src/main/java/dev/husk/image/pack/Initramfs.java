package dev.husk.image.pack;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.husk.image.cache.Cache;
import dev.husk.image.cpio.CpioWriter;
import dev.husk.image.tree.Content;
import dev.husk.image.tree.FileTree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The root file system as the kernel unpacks it: an archive for each layer, one behind the other,
 * which the kernel reads as one. So a layer that hasn't changed needn't be compressed again.
 */
public final class Initramfs {
  /** Twice as quick as the highest levels, for 2 % more bytes. */
  private static final int LEVEL = 12;

  private Initramfs() {}

  /** Writes it as it lies in memory: a machine that gets it so boots soonest. */
  static void write(Image image, OutputStream out) throws IOException {
    for (FileTree layer : layers(image)) {
      CpioWriter.write(layer, out);
    }
  }

  /**
   * Writes it compressed by zstd.
   *
   * @param cache where compressed layers are kept, by what they hold
   */
  static void writeCompressed(Image image, Path cache, OutputStream out) throws IOException {
    for (FileTree layer : layers(image)) {
      Path part = cache.resolve(digest(layer) + ".cpio.zst");
      if (Files.exists(part)) {
        Cache.used(part);
      } else {
        Files.createDirectories(cache);
        Cache.prune(cache);
        Path fresh = Files.createTempFile(cache, "compressing", null);
        try {
          try (OutputStream zstd =
              new BufferedOutputStream(
                  new ZstdOutputStream(Files.newOutputStream(fresh), LEVEL), 1 << 16)) {
            CpioWriter.write(layer, zstd);
          }
          Files.move(fresh, part, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(fresh);
        }
      }
      Files.copy(part, out);
    }
  }

  /** Unpacks what {@link #writeCompressed} wrote. */
  public static void decompress(Content compressed, OutputStream out) throws IOException {
    try (InputStream in = new ZstdInputStream(compressed.open())) {
      in.transferTo(out);
    }
  }

  private static List<FileTree> layers(Image image) {
    return List.of(image.runtime(), image.files(), image.boot());
  }

  private static String digest(FileTree layer) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(OutputStream.nullOutputStream(), digest), 1 << 16)) {
        CpioWriter.write(layer, out);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
