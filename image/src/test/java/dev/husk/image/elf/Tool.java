package dev.husk.image.elf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the system that checks what we read. */
final class Tool {
  private Tool() {}

  /** Its output, by lines; the test is skipped where there is no such program, but not in CI. */
  static List<String> run(String... command) throws IOException {
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("LC_ALL", "C");
      process = builder.start();
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        return fail(e);
      }
      Assumptions.abort(command[0] + " isn't installed");
      throw e;
    }
    List<String> lines;
    try {
      lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return lines;
  }

  static Stream<String> run(Path file, String... command) throws IOException {
    return run(Stream.concat(Stream.of(command), Stream.of(file.toString())).toArray(String[]::new))
        .stream();
  }
}
