package dev.husk.maven;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds a JDK 25 as the {@code husk} script does. */
final class Jdks {
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"25[\".]");

  private Jdks() {}

  /** The first of these homes that is a JDK 25's; null is passed over. */
  static Optional<Path> first(List<@Nullable Path> homes) {
    for (Path home : homes) {
      if (home != null && isJdk25(home)) {
        return Optional.of(home);
      }
    }
    return Optional.empty();
  }

  static boolean isJdk25(Path home) {
    try {
      return Files.isExecutable(home.resolve("bin/javac"))
          && VERSION.matcher(Files.readString(home.resolve("release"))).find();
    } catch (IOException e) {
      return false;
    }
  }

  /** The usual places, as they are on this machine. */
  static List<Path> installed() {
    List<Path> homes = new ArrayList<>();
    Path sdkman =
        Path.of(
            System.getenv()
                .getOrDefault("SDKMAN_DIR", System.getProperty("user.home") + "/.sdkman"));
    addAll(Path.of("/usr/lib/jvm"), "*", homes);
    addAll(Path.of("/opt/java"), "*", homes);
    addAll(Path.of("/opt"), "jdk*", homes);
    addAll(sdkman.resolve("candidates/java"), "*", homes);
    return homes;
  }

  private static void addAll(Path directory, String glob, List<Path> homes) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, glob)) {
      children.forEach(found::add);
    } catch (IOException e) {
      return; // Not ours to read.
    }
    found.sort(null);
    homes.addAll(found);
  }
}
