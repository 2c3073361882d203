package dev.husk.ab.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The programs of this machine that a run can use, and what they inherit. */
public final class Programs {
  /** Variables that add to every JVM, which would make "stock" something else. */
  public static final List<String> NOT_INHERITED =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private Programs() {}

  /** The program of that name on the path, or at that path where the name has a slash. */
  public static @Nullable Path find(String name) {
    if (name.indexOf('/') >= 0) {
      Path program = Path.of(name).toAbsolutePath();
      return isProgram(program) ? program : null;
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path program = Path.of(entry, name).toAbsolutePath();
      if (isProgram(program)) {
        return program;
      }
    }
    return null;
  }

  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
