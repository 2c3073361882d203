package dev.husk.image.pack;

import dev.husk.image.tree.Directories;
import dev.husk.image.tree.FileTree;
import dev.husk.image.tree.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C library's data of the locale that an app's environment names. Without it the JVM takes all
 * that isn't ASCII in names of files and on stdout for unmappable.
 */
final class Locales {
  private static final String DIRECTORY = "usr/lib/locale";

  /** In the order in which the C library asks for the one of its characters: locale(7). */
  private static final List<String> VARIABLES = List.of("LC_ALL", "LC_CTYPE", "LANG");

  private Locales() {}

  /**
   * Adds it.
   *
   * @param system the root of the system that it is taken from
   * @return null, or what is missing
   */
  static @Nullable String add(Map<String, String> environment, Path system, FileTree tree)
      throws IOException {
    for (String variable : VARIABLES) {
      String name = environment.getOrDefault(variable, "");
      if (name.equals("C") || name.equals("POSIX")) {
        return null;
      }
      if (!name.isEmpty()) {
        return add(variable, name, system, tree);
      }
    }
    return null;
  }

  private static @Nullable String add(String variable, String name, Path system, FileTree tree)
      throws IOException {
    for (String spelling : List.of(name, normalized(name))) {
      Path directory = system.resolve(DIRECTORY).resolve(spelling);
      if (spelling.indexOf('/') < 0 && Files.isDirectory(directory)) {
        Directories.read(directory, DIRECTORY + "/" + spelling, Times.CONSTANT, tree);
        return null;
      }
    }
    return "%s=%s: there is no /%s/%s here, so the app gets ASCII names and output"
        .formatted(variable, name, DIRECTORY, normalized(name));
  }

  /** {@code C.UTF-8} is {@code C.utf8} among the C library's files. */
  private static String normalized(String name) {
    int dot = name.indexOf('.');
    return dot < 0
        ? name
        : name.substring(0, dot + 1)
            + name.substring(dot + 1).replace("-", "").toLowerCase(Locale.ROOT);
  }
}
