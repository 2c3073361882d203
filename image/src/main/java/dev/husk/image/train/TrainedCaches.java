package dev.husk.image.train;

import dev.husk.image.cache.Cache;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Node;
import dev.husk.image.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The AOT caches of apps that were trained, by all that a training depends on: the same app packed
 * again needs no training, and makes the same image, which the JVM alone doesn't, for it never
 * writes the same cache twice. Other processes may use the directory at the same time.
 *
 * @param directory made when it's needed
 */
public record TrainedCaches(Path directory) {
  /**
   * What a training depends on.
   *
   * @param tree all of the root file system
   * @return a name for it, or null where it can't be told: nobody knows what a command does
   */
  public static @Nullable String key(FileTree tree, Trainer.Plan plan) throws IOException {
    if (plan.command() != null) {
      return null;
    }
    MessageDigest digest = Sha256.begin();
    try (DigestOutputStream to = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        InputStream own = TrainMain.class.getResourceAsStream("TrainMain.class")) {
      if (own != null) {
        own.transferTo(to);
      }
      for (String line : TrainMain.lines(plan)) {
        if (!line.startsWith("root ")) {
          to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
      for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
        Node node = entry.getValue();
        to.write((entry.getKey() + "\n").getBytes(StandardCharsets.UTF_8));
        if (node instanceof Node.RegularFile file) {
          // A cache is good for jars of the times that it was made with; others don't matter.
          String time = entry.getKey().endsWith(".jar") ? " " + file.time() : "";
          to.write(
              (file.mode() + " " + file.content().size() + time + "\n")
                  .getBytes(StandardCharsets.UTF_8));
          file.content().writeTo(to);
        } else {
          to.write((node + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The cache of a training, or null where there is none, or a damaged one. */
  public byte @Nullable [] find(String key) throws IOException {
    for (Path entry : entries(key)) {
      try {
        byte[] bytes = Files.readAllBytes(entry);
        if (entry.getFileName().toString().equals(name(key, bytes))) {
          Cache.used(entry);
          return bytes;
        }
        Files.deleteIfExists(entry);
      } catch (NoSuchFileException e) {
        // Another process has forgotten it.
      }
    }
    return null;
  }

  /** Keeps a cache. */
  public void keep(String key, byte[] cache) throws IOException {
    Files.createDirectories(directory);
    Cache.prune(directory);
    Path fresh = Files.createTempFile(directory, "keeping", null);
    try {
      Files.write(fresh, cache);
      Files.move(fresh, directory.resolve(name(key, cache)), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private List<Path> entries(String key) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> path.getFileName().toString().startsWith(key)).sorted().toList();
    }
  }

  /** It tells by itself whether it is what was kept. */
  private static String name(String key, byte[] cache) {
    return key + "-" + HexFormat.of().formatHex(Sha256.begin().digest(cache)) + ".aot";
  }
}
