package dev.husk.bench.measure;

import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.CommandOptions;
import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.Loads;
import dev.husk.ab.load.WrongReplyException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code wrk}. It looks at nothing but the status of a reply, so a reply is compared before and
 * after each run, and those in between are counted in bytes.
 */
final class WrkLoad implements Load {
  /** The figures that {@code report.lua} prints. */
  private static final List<String> FIGURES =
      List.of("requests", "bytes", "duration_us", "p50_us", "p99_us", "p999_us");

  /** Of the received bytes, what may belong to replies that were cut off at the end. */
  private static final double BYTES_TOLERANCE = 0.01;

  private final HttpOptions request;
  private final Path script;
  private final CommandLoad wrk;

  WrkLoad(HttpOptions request) throws IOException {
    this.request = request;
    script = Files.createTempFile("husk-bench", ".lua");
    script.toFile().deleteOnExit(); // Where an interrupt comes before close().
    try (InputStream in = WrkLoad.class.getResourceAsStream("report.lua")) {
      Files.write(script, in.readAllBytes());
    }
    int threads = Math.min(request.driver().connections(), 2);
    wrk =
        Loads.command(
            CommandOptions.of(
                    "exec wrk -s '%s' -t%d -c{connections} -d{seconds} http://{host}:{port}/"
                        .formatted(script, threads))
                .withFigures(
                    FIGURES.stream()
                        .map(name -> "%s=^load .*\\b%s=(\\d+)".formatted(name, name))
                        .toList())
                .withDriver(request.driver()));
  }

  @Override
  public LoadResult run(InetSocketAddress server, Duration time)
      throws IOException, InterruptedException {
    try {
      long replyBytes = Loads.ask(request, server);
      Map<String, Double> figures = wrk.run(server, time);
      Loads.ask(request, server);
      double requests = figures.get("requests");
      checkBytes(requests, figures.get("bytes"), replyBytes);
      return new LoadResult(
          requests,
          figures.get("duration_us") / 1e6,
          figures.get("p50_us"),
          figures.get("p99_us"),
          figures.get("p999_us"));
    } catch (WrongReplyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Throws when so many replies don't have so many bytes. */
  static void checkBytes(double requests, double bytes, long replyBytes) throws IOException {
    double expected = requests * replyBytes;
    if (Math.abs(bytes - expected) > BYTES_TOLERANCE * expected + 1e6) {
      throw new IOException(
          "%.0f bytes for %.0f replies of %d bytes".formatted(bytes, requests, replyBytes));
    }
  }

  @Override
  public void close() {
    wrk.close();
    try {
      Files.deleteIfExists(script);
    } catch (IOException e) {
      // A file in the temporary directory stays behind.
    }
  }
}
