package dev.husk.image.pe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of this machine that check what we write. */
public final class Tool {
  private static final int SECONDS = 120;

  private Tool() {}

  /** Skips the test where this isn't so; where all tools should be there, it fails. */
  public static void require(boolean there, String what) {
    if (!there && "true".equals(System.getenv("CI"))) {
      fail("missing: " + what);
    }
    assumeTrue(there, "missing: " + what);
  }

  /** What a program of a Debian package prints; it must succeed. */
  public static String run(String debianPackage, String... command)
      throws IOException, InterruptedException {
    require(
        Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0]))),
        command[0] + " of the package " + debianPackage);
    Path output = Files.createTempFile("husk", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C");
      builder.environment().merge("PATH", "/usr/sbin:/sbin", (a, b) -> a + ":" + b);
      Process process = builder.start();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output, ISO_8859_1);
      List<String> words = Arrays.asList(command);
      assertTrue(ended, () -> words + " hasn't ended: " + text);
      assertTrue(process.exitValue() == 0, () -> words + " failed: " + text);
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
