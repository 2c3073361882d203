package dev.husk.maven;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.logging.Log;
import org.jspecify.annotations.Nullable;

/** Runs the husk command in a JVM 25. What it says goes to Maven's log. */
final class HuskJvm {
  private static final String MAIN = "dev.husk.cli.BuildMain";

  /** How the command begins what it has to tell, apart from what goes on. */
  private static final String NOTE = "husk: ";

  private static final int WRONG_COMMAND_LINE = 2;

  private final Path jdk;
  private final List<Path> classPath;
  private final Path directory;
  private final Log log;

  /** What the command told last, and whether it went on after that. */
  private @Nullable String note;

  private boolean wentOn = true;

  /**
   * @param jdk the home of a JDK 25
   * @param directory where the command runs
   */
  HuskJvm(Path jdk, List<Path> classPath, Path directory, Log log) {
    this.jdk = jdk;
    this.classPath = List.copyOf(classPath);
    this.directory = directory;
    this.log = log;
  }

  /**
   * Runs the command and waits for its end.
   *
   * @throws MojoExecutionException if it fails, with what it says
   */
  void run(List<String> words) throws MojoExecutionException {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xshare:auto");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add(MAIN);
    command.addAll(words);
    log.debug(String.join(" ", command));
    int status;
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line; (line = out.readLine()) != null; ) {
          said(line);
        }
        status = process.waitFor();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new MojoExecutionException("husk can't be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MojoExecutionException("interrupted", e);
    }
    if (status != 0) {
      throw new MojoExecutionException(failure(status));
    }
    flush();
  }

  /** A note isn't logged before it is known that it isn't the failure. */
  private void said(String line) {
    flush();
    if (line.startsWith(NOTE)) {
      note = line.substring(NOTE.length());
      wentOn = false;
    } else {
      log.info(line);
    }
  }

  private void flush() {
    if (!wentOn) {
      log.warn(note);
      wentOn = true;
    }
  }

  private String failure(int status) {
    // After what is wrong with a command line there is a line about help.
    boolean told = note != null && (!wentOn || status == WRONG_COMMAND_LINE);
    return told
        ? String.valueOf(note)
        : "husk ended with status " + status + "; what it said is above";
  }
}
