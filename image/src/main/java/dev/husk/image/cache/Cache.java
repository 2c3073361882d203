package dev.husk.image.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of entries, files or directories, each with the time of its last use. Other processes
 * may use it at the same time.
 */
public final class Cache {
  private static final Duration KEPT = Duration.ofDays(30);

  private Cache() {}

  /** Notes that an entry has been used. */
  public static void used(Path entry) throws IOException {
    Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
  }

  /** Deletes the entries of a directory that nobody has used for a month. */
  public static void prune(Path directory) throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(KEPT));
    List<Path> entries;
    try (Stream<Path> all = Files.list(directory)) {
      entries = all.toList();
    }
    for (Path entry : entries) {
      try {
        if (Files.getLastModifiedTime(entry).compareTo(oldest) < 0) {
          delete(entry);
        }
      } catch (NoSuchFileException e) {
        // Another process was at it.
      }
    }
  }

  /** Deletes a file, or a directory and all in it. */
  public static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
