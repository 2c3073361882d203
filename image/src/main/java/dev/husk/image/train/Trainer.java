package dev.husk.image.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Trains the AOT cache of an app. The app runs at its final paths, which the cache is bound to: in
 * the root file system that the image will have, in namespaces of its own, so that it reaches no
 * network but a loopback device that nobody else sees, and its ports collide with nothing.
 */
public final class Trainer {
  private final Path java;

  /**
   * @param jdk a JDK of the host, which drives the training
   */
  public Trainer(Path jdk) {
    java = jdk.resolve("bin/java");
  }

  /**
   * What to train.
   *
   * @param root the root file system, which the app may write to
   * @param directory the app's working directory, an absolute path there
   * @param options of the JVM, with the class path
   * @param main the main class, or {@code -m module}, and its arguments
   * @param environment of the app
   * @param cache where the cache goes in the root file system: an absolute path there
   * @param paths what is asked of each port that the app listens on: paths of HTTP requests
   * @param command a shell's command that is run when the app listens, outside its root file
   *     system, or null
   * @param limit how long the app may take until it listens or ends, and how long the command may
   */
  public record Plan(
      Path root,
      String directory,
      List<String> options,
      List<String> main,
      Map<String, String> environment,
      String cache,
      List<String> paths,
      @Nullable String command,
      Duration limit) {}

  /**
   * How a training went.
   *
   * @param cache whether the plan's cache is there: an image is good without one, and starts slower
   * @param failure why it isn't, or how the app failed that made it; null where all went well
   */
  public record Outcome(boolean cache, @Nullable String failure) {}

  /**
   * Trains.
   *
   * @param log what the app and the JVM print
   */
  public Outcome train(Plan plan, Path log) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--net", "--mount", "--pid", "--fork"));
    if (!isRoot()) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(List.of("--mount-proc", "--kill-child", "--"));
    command.add(java.toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(TrainMain.class.getName());
    Path order = Files.createTempFile("husk-training", ".order");
    try {
      Files.write(order, TrainMain.lines(plan));
      command.add(order.toString());
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
      } catch (IOException e) {
        return new Outcome(false, "unshare (of util-linux) can't be run: " + e.getMessage());
      }
      process.getOutputStream().close();
      // It starts, is put to work, and then its classes are written.
      if (!process.waitFor(3 * plan.limit().toSeconds() + 60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return new Outcome(false, "it took too long");
      }
      int status = process.exitValue();
      return status == 0
          ? new Outcome(true, null)
          : new Outcome(status == TrainMain.APP_FAILED, lastLine(log));
    } finally {
      Files.delete(order);
    }
  }

  private static boolean isRoot() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    String last = "it failed";
    for (String line : Files.readString(log, StandardCharsets.ISO_8859_1).split("\n")) {
      if (!line.isBlank()) {
        last = line.strip();
      }
    }
    return last;
  }
}
