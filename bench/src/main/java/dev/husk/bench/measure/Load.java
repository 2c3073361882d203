package dev.husk.bench.measure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A load generator in a process of its own: keep-alive connections that each send the next request
 * when they have the last answer.
 */
public final class Load {
  private final List<String> command;
  private final boolean wrk;

  private Load(List<String> command, boolean wrk) {
    this.command = command;
    this.wrk = wrk;
  }

  /**
   * {@code wrk} where the path has it, else the small driver that comes with Husk, which takes more
   * CPU for a request and so leaves less of the machine to the server.
   */
  public static Load find(Setup setup) throws IOException {
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(entry, "wrk");
      if (Files.isExecutable(candidate)) {
        Path script = Files.createTempFile("husk-bench", ".lua");
        script.toFile().deleteOnExit();
        try (InputStream in = Load.class.getResourceAsStream("report.lua")) {
          Files.write(script, in.readAllBytes());
        }
        return new Load(List.of(candidate.toString(), "-s", script.toString()), true);
      }
    }
    return builtIn(setup);
  }

  /** The driver that comes with Husk. */
  static Load builtIn(Setup setup) {
    return new Load(
        List.of(setup.java().toString(), "-cp", setup.classPath(), JavaLoad.class.getName()),
        false);
  }

  /** Whether this is {@code wrk}. */
  public boolean isWrk() {
    return wrk;
  }

  /** Loads {@code http://127.0.0.1:<port>/} and waits for the end. */
  public LoadResult run(int port, int connections, int seconds)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.add("-t" + Math.min(connections, 2));
    line.add("-c" + connections);
    line.add("-d" + seconds);
    line.add("http://127.0.0.1:" + port + "/");
    try (Child load = Child.start("load generator", line)) {
      return LoadResult.parse(load.awaitEnd(Duration.ofSeconds(seconds + 30L)));
    }
  }
}
