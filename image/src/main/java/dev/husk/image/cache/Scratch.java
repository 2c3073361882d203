package dev.husk.image.cache;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file or directory that is gone when it is closed, and when this process is asked to end before:
 * an interrupt leaves nothing half made.
 */
public final class Scratch implements Closeable {
  /** Who makes files may go on until the process is gone. */
  private static final int TRIES = 20;

  private final Path path;
  private final Thread hook = new Thread(this::sweep, "husk-scratch");

  private Scratch(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** A path where something may be made. */
  public static Scratch at(Path path) {
    return new Scratch(path);
  }

  /** A new directory in another. */
  public static Scratch directory(Path parent, String prefix) throws IOException {
    return new Scratch(Files.createTempDirectory(parent, prefix));
  }

  /** A new directory where temporary files go. */
  public static Scratch directory(String prefix) throws IOException {
    return new Scratch(Files.createTempDirectory(prefix));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // It runs.
    }
    delete();
  }

  private void delete() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Cache.delete(path);
    }
  }

  private void sweep() {
    for (int i = 0; i < TRIES; i++) {
      try {
        delete();
        return;
      } catch (IOException | UncheckedIOException e) {
        // Somebody was at it; once more.
      }
    }
  }
}
