package dev.husk.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where things are. */
final class Installation {
  private Installation() {}

  /** The launcher of the JVM that this command runs on, which is a JDK 25. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /**
   * The agent's jar: the one that was asked for, else {@code agent/target/husk.jar} below {@code
   * HUSK_HOME}, which the launcher script sets.
   *
   * @throws CommandFailure when there is no such file
   */
  static Path agent(@Nullable Path asked) {
    Path jar = asked;
    if (jar == null) {
      String home = System.getenv("HUSK_HOME");
      jar = Path.of(home == null ? "" : home, "agent", "target", "husk.jar").toAbsolutePath();
    }
    if (!Files.isRegularFile(jar)) {
      throw new CommandFailure(
          "there is no agent at "
              + jar
              + "; "
              + (asked == null
                  ? "build it with: mvn -DskipTests -pl agent -am package"
                  : "give --agent the path of husk.jar"));
    }
    return jar.toAbsolutePath();
  }
}
