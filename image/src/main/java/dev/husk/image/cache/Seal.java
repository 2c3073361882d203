package dev.husk.image.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file in a directory that says what else is there: each file's permissions, size and checksum.
 * It is written when the directory is complete, so that one that was cut off or damaged since isn't
 * taken for what it was. It guards against accidents, not against people.
 */
public final class Seal {
  private static final String NAME = "husk-seal";
  private static final int BUFFER = 1 << 16;

  private Seal() {}

  /** Seals a directory, which nobody changes from now on. */
  public static void set(Path directory) throws IOException {
    Files.writeString(directory.resolve(NAME), text(directory));
  }

  /** Whether a directory is there, sealed, and what it was then. */
  public static boolean holds(Path directory) {
    try {
      Path seal = directory.resolve(NAME);
      return Files.isRegularFile(seal) && Files.readString(seal).equals(text(directory));
    } catch (IOException | UncheckedIOException e) {
      return false; // What can't be read is no better than what is damaged.
    }
  }

  private static String text(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.filter(path -> !path.equals(directory.resolve(NAME))).sorted().toList();
    }
    StringBuilder text = new StringBuilder();
    for (Path path : paths) {
      text.append(directory.relativize(path)).append(' ');
      if (Files.isSymbolicLink(path)) {
        text.append(Files.readSymbolicLink(path));
      } else {
        text.append(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)));
        if (Files.isRegularFile(path)) {
          text.append(' ').append(Files.size(path)).append(' ').append(checksum(path));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** A checksum that processors compute as fast as they read. */
  private static String checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        checksum.update(buffer, 0, count);
      }
    }
    return Long.toHexString(checksum.getValue());
  }
}
