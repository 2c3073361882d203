package dev.husk.image.asm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Programs of the host that check what we make. */
public final class Tools {
  private Tools() {}

  /** Needs a program on the path: without it the test fails in CI, and is skipped elsewhere. */
  public static void need(String program) {
    boolean there =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(System.getenv("PATH"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    need(there, program + " is not installed");
  }

  /** Needs something: without it the test fails in CI, and is skipped elsewhere. */
  public static void need(boolean there, String otherwise) {
    if ("true".equals(System.getenv("CI"))) {
      assertTrue(there, otherwise);
    }
    Assumptions.assumeTrue(there, otherwise);
  }

  /** What a program prints, its errors included; it must succeed. */
  static String run(String... command) throws IOException, InterruptedException {
    need(command[0]);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + output);
    return output;
  }
}
