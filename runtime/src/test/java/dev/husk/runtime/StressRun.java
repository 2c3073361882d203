package dev.husk.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Runs a module's jcstress tests, the classes named {@code …Stress}: all of them for a short time,
 * with {@code -Dhusk.long=true} for a long one. {@code -Dhusk.stress=NAME} takes those alone whose
 * names match. Each module that has any extends this.
 */
public abstract class StressRun {
  private static final boolean LONG = Boolean.getBoolean("husk.long");

  @Test
  void onlyAllowedOutcomes() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target/jcstress").toAbsolutePath());
    Path log = directory.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                System.getProperty("husk.stress", ".*"),
                "-m",
                LONG ? "default" : "quick",
                // The short run leaves the JVM's default flags and compilers alone; the long one
                // takes all combinations of them, per actor.
                "-sc",
                Boolean.toString(LONG),
                "-r",
                directory.toString(),
                LONG ? "-jvmArgsPrepend" : "-jvmArgs",
                moduleOptions())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    int status = process.waitFor();
    List<String> lines = Files.readAllLines(log);
    List<String> failures = lines.stream().filter(line -> line.contains("[FAILED]")).toList();
    assertEquals(List.of(), failures, () -> "see " + log);
    assertEquals(0, status, () -> "see " + log);
    // jcstress ends well, too, when no test matches, and when one can't be run (a soft error).
    assertTrue(
        lines.stream()
            .anyMatch(line -> line.matches("\\(Results: ([1-9]\\d*) planned; \\1 passed, .*")),
        () -> "not all ran, see " + log);
  }

  /** Those of this JVM, as one option: jcstress takes the last of several alone. */
  private static String moduleOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("--(add|patch)-.*"))
        .collect(Collectors.joining(" "));
  }
}
