package dev.husk.it.image;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a test needs of this machine: skipped without it, but where it must be there. */
final class Needs {
  private Needs() {}

  /** husk.jar. */
  static Path huskJar() {
    Path jar = Path.of(System.getProperty("husk.agent.jar", "husk.jar")).toAbsolutePath();
    require(Files.exists(jar), jar + " is missing: build the agent module first");
    return jar.normalize();
  }

  /** A program of this machine. */
  static Path program(String name) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path path = Path.of(directory, name);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    require(false, "there is no " + name);
    throw new AssertionError();
  }

  /** The client of a container engine that answers. */
  static Path engine() throws IOException, InterruptedException {
    Path docker = program("docker");
    Process info =
        new ProcessBuilder(docker.toString(), "info")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    require(info.waitFor() == 0, "no container engine answers: ./verify starts one");
    return docker;
  }

  /** A kernel that was made ready for tests, or null to have one found. */
  static @Nullable Path kernel() {
    String kernel = System.getenv("HUSK_KERNEL");
    return kernel == null ? null : Path.of(kernel);
  }

  private static void require(boolean there, String reason) {
    if (!there && Boolean.parseBoolean(System.getenv("CI"))) {
      fail(reason);
    }
    assumeTrue(there, reason);
  }
}
