package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser without a window, with a new profile for each start, that talks to nobody. */
final class Chromium {
  private static final long SECONDS = 60;

  private final String program;
  private final Path directory;

  private Chromium(String program, Path directory) {
    this.program = program;
    this.directory = directory;
  }

  /**
   * The browser of this machine. Without one the test is skipped, and fails in CI.
   *
   * @param directory for its profiles and output
   */
  static Chromium require(Path directory) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
      if (Stream.of(path.split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, name)))) {
        return new Chromium(name, directory);
      }
    }
    String message = "chromium is missing, which shows the report: apt-get install chromium";
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      fail(message);
    }
    assumeTrue(false, message);
    throw new AssertionError();
  }

  /** The document after its scripts have run, as HTML. */
  String dump(Path page, int width) throws IOException, InterruptedException {
    Path out = directory.resolve("dump.html");
    run(out, width, 1000, "--virtual-time-budget=2000", "--dump-dom", page.toUri().toString());
    return Files.readString(out);
  }

  /** Takes a picture of the top of a page, as PNG. */
  void picture(Path page, int width, int height, Path png, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--screenshot=" + png);
    all.add(page.toUri().toString());
    run(directory.resolve("picture.out"), width, height, all.toArray(String[]::new));
    assertTrue(Files.exists(png), png::toString);
  }

  private void run(Path out, int width, int height, String... arguments)
      throws IOException, InterruptedException {
    Path err = directory.resolve("chromium.err");
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + Files.createTempDirectory(directory, "profile"),
                "--window-size=" + width + "," + height));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> "no end of " + command);
      assertEquals(0, process.exitValue(), Files.readString(err));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
