package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a container's limits show. */
final class ContainerTest {
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path directory;

  /**
   * Blocks of six sizes in turn, 200 MB each time, in a container of 450 MB: what is free in one
   * size goes back to the kernel before the next takes its memory, or the kernel ends the process.
   */
  @Test
  void offHeapMemoryStaysWithinTheLimit() throws Exception {
    Side.requireAgent();
    assumeTrue(
        Boolean.parseBoolean(System.getenv("CI")) || System.getenv("DOCKER_HOST") != null,
        "needs a container engine: DOCKER_HOST says where, and ./verify starts one");
    Path output = directory.resolve("output");
    Process husk =
        new ProcessBuilder(
                List.of(
                    BIN.resolve("java").toString(),
                    "-cp",
                    CLASS_PATH,
                    "dev.husk.cli.Main",
                    "ab",
                    "--containers",
                    "--memory=450m",
                    "--agent=" + System.getProperty("husk.agent.jar"),
                    "--agent-options=stats=on",
                    "--out=" + directory.resolve("out"),
                    "--rounds=1",
                    "--rate=50",
                    "--window=4",
                    "--warm-up=1,1",
                    "--expect-body=ready",
                    "--url=http://127.0.0.1:18477/",
                    "--",
                    "java",
                    "-Xmx64m",
                    "-XX:MaxDirectMemorySize=250m",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    CLASS_PATH,
                    "dev.husk.it.scenarios.PhasesProgram",
                    "18477",
                    "200"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(husk.waitFor(180, TimeUnit.SECONDS), () -> said(output));
    assertEquals(0, husk.exitValue(), () -> said(output));
  }

  private static String said(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
