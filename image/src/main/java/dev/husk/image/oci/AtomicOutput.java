package dev.husk.image.oci;

import dev.husk.image.cache.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/** Makes files and directories that appear when they are complete. */
final class AtomicOutput {

  private static final String TEMPORARY_PREFIX = ".husk-";

  /** Makes a file or a directory. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes it at a path where nothing is yet.
     *
     * @return the name that it gets when this is done
     */
    String make(Path temporary) throws IOException;
  }

  private AtomicOutput() {}

  /**
   * Has something made in this directory under another name, and then gives it its own. A file that
   * is there is replaced. If it fails, nothing is left.
   */
  static Path write(Path directory, Maker maker) throws IOException {
    long random = ThreadLocalRandom.current().nextLong();
    Path temporary = directory.resolve(TEMPORARY_PREFIX + Long.toHexString(random));
    try (Scratch scratch = Scratch.at(temporary)) {
      Path target = directory.resolve(maker.make(scratch.path()));
      return Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Whether this is a name that something has before it is complete. */
  static boolean isTemporary(String name) {
    return name.startsWith(TEMPORARY_PREFIX);
  }
}
