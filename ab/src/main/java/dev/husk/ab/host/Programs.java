package dev.husk.ab.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the programs of this machine that a run can use. */
public final class Programs {
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
