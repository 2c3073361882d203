package dev.husk.image.elf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The native files of the JDK that runs the tests. */
final class Jdk {
  static final Path HOME = Path.of(System.getProperty("java.home"));

  private Jdk() {}

  static Path lib(String name) {
    return HOME.resolve("lib").resolve(name);
  }

  static List<Path> files() throws IOException {
    List<Path> files =
        new ArrayList<>(
            List.of(HOME.resolve("bin/java"), lib("server/libjvm.so"), lib("jspawnhelper")));
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(lib(""), "*.so")) {
      libraries.forEach(files::add);
    }
    return files;
  }
}
