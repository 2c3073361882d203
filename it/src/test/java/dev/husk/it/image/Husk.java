package dev.husk.it.image;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code husk}, as its script starts it. */
final class Husk {
  private final List<String> words;
  private List<String> before = List.of();
  private @Nullable Path directory;
  private @Nullable Path cache;
  private @Nullable Path temporary;

  private Husk(List<String> words) {
    this.words = List.copyOf(words);
  }

  static Husk command(List<String> words) {
    return new Husk(words);
  }

  /** Where it is called. */
  Husk in(Path path) {
    directory = path;
    return this;
  }

  /** Where the user's caches are, instead of {@code ~/.cache}. */
  Husk cache(Path path) {
    cache = path;
    return this;
  }

  /** Where its temporary files go. */
  Husk temporary(Path path) {
    temporary = path;
    return this;
  }

  /** A command that is given this one as its last argument, as {@code sh -c} takes it. */
  Husk by(String... command) {
    before = List.of(command);
    return this;
  }

  /** Starts it; all that it prints goes to the file. */
  Process start(Path output) throws IOException {
    return started(builder(), output, false);
  }

  ProcessBuilder builder() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (temporary != null) {
      line.add("-Djava.io.tmpdir=" + temporary);
    }
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.husk.cli.Main"));
    line.addAll(words);
    List<String> command = line;
    if (!before.isEmpty()) {
      command = new ArrayList<>(before);
      command.add(String.join(" ", line.stream().map(Husk::quoted).toList()));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    Path root = Needs.huskJar().getParent().getParent().getParent();
    builder.environment().put("HUSK_HOME", root.toString());
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    if (cache != null) {
      builder.environment().put("XDG_CACHE_HOME", cache.toString());
    }
    return builder;
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** Starts a process without input. */
  static Process started(ProcessBuilder builder, Path output, boolean stdoutOnly)
      throws IOException {
    builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
    if (stdoutOnly) {
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    } else {
      builder.redirectErrorStream(true);
    }
    return builder.start();
  }

  /** What a process has printed, without a terminal's carriage returns. */
  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).replace("\r", "");
    } catch (IOException e) {
      return e.toString();
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
