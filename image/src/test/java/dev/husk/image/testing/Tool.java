package dev.husk.image.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program that checks what we write. */
public final class Tool {
  private static final long SECONDS = 60;

  private final Path program;

  private Tool(Path program) {
    this.program = program;
  }

  /**
   * The program of this name. If it is missing the test is left out, and fails under CI.
   *
   * @param debianPackage which has it
   */
  public static Tool named(String name, String debianPackage) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/sbin"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Tool::new)
        .orElseGet(
            () -> {
              String message = name + " is missing: Debian's package " + debianPackage;
              if ("true".equals(System.getenv("CI"))) {
                fail(message);
              }
              return Assumptions.abort(message);
            });
  }

  /** Runs it in a directory and returns what it says on both streams. It must end with 0. */
  public String run(Path directory, String... arguments) throws IOException, InterruptedException {
    return run(directory, Path.of("/dev/null"), arguments);
  }

  /** The same with a file as standard input. */
  public String run(Path directory, Path input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("tool", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(input.toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(output.toFile()));
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " doesn't end: " + Files.readString(output));
      }
      String said = Files.readString(output);
      assertEquals(0, process.exitValue(), () -> command + ": " + said);
      return said;
    } finally {
      Files.delete(output);
    }
  }
}
