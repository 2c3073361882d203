package dev.husk.image.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Lists of files, in the order of their names. */
final class Directories {
  private Directories() {}

  /** What is in a directory and has such a name; nothing if there is no such directory. */
  static List<Path> list(Path directory, String glob) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
        entries.forEach(files::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    files.sort(null);
    return files;
  }

  /** All that is below a directory, and itself as the first. */
  static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Deletes a directory, if it is there, and all that is below it. */
  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      for (Path file : walk(directory).reversed()) {
        Files.delete(file);
      }
    }
  }
}
