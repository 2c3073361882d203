package dev.husk.image.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What times the files of a tree have. Those of an app have their own, since servers tell them to
 * their clients, which ask for nothing newer; the others have {@link FileTree#TIME}.
 */
@FunctionalInterface
public interface Times {
  /** The same for all. */
  Times CONSTANT = file -> FileTree.TIME;

  /** Those of the host's files. */
  Times OWN = file -> own(Files.getLastModifiedTime(file).to(TimeUnit.SECONDS));

  /** What a file of the host has in a tree. */
  long of(Path file) throws IOException;

  /**
   * A time in whole seconds as a tree has it: within the range of all formats, and not after {@code
   * SOURCE_DATE_EPOCH}, if that variable is set (reproducible-builds.org/specs/source-date-epoch).
   *
   * @throws IOException if it is set to something else than a time
   */
  static long own(long seconds) throws IOException {
    return own(seconds, System.getenv("SOURCE_DATE_EPOCH"));
  }

  /** The same with what the variable says, or null. */
  static long own(long seconds, @Nullable String sourceDateEpoch) throws IOException {
    if (sourceDateEpoch == null || sourceDateEpoch.isBlank()) {
      return limit(seconds);
    }
    try {
      return limit(Math.min(seconds, Long.parseUnsignedLong(sourceDateEpoch.strip())));
    } catch (NumberFormatException e) {
      throw new IOException(
          "SOURCE_DATE_EPOCH=" + sourceDateEpoch + ": give whole seconds since 1970", e);
    }
  }

  /** The nearest time that squashfs and cpio have: they count to 2106. */
  static long limit(long seconds) {
    return Math.clamp(seconds, 0L, 0xFFFF_FFFFL);
  }
}
