package dev.husk.bench.measure;

import dev.husk.ab.host.App;
import dev.husk.ab.host.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The processes that a benchmark has started. Nothing of them stays when it is closed. */
public final class Children implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Processes host = new Processes();
  private final Path directory;

  /** Nothing runs yet. */
  public Children() throws IOException {
    directory = Files.createTempDirectory("husk-bench");
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @throws IOException when it ends before that, or takes longer than a minute
   */
  public App start(List<String> command) throws IOException, InterruptedException {
    App server = host.start(command, Files.createTempDirectory(directory, ""));
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (server.address(0) == null) {
      if (!server.isAlive()) {
        throw new IOException(server.ending());
      }
      if (System.nanoTime() - end > 0) {
        server.close();
        throw new IOException("not ready after " + START_LIMIT.toSeconds() + " s");
      }
      Thread.sleep(10);
    }
    return server;
  }

  /**
   * Runs a command to its end and returns what it wrote.
   *
   * @throws IOException when it fails, or at the limit, at which it is ended
   */
  public List<String> run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    return host.run(command, directory, limit);
  }

  @Override
  public void close() {
    host.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Files in the temporary directory stay behind.
    }
  }
}
