package dev.husk.bench.suite;

import dev.husk.bench.measure.Child;
import dev.husk.bench.measure.HttpCheck;
import dev.husk.bench.measure.Load;
import dev.husk.bench.measure.LoadResult;
import dev.husk.bench.measure.ProcessUsage;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HTTP servers under load from another process on the same cores. All servers are started, checked
 * and warmed up first and stay there, idle, while one of them is measured.
 *
 * @param body what every server is to answer
 */
public record HttpBenchmark(
    String name, String title, int connections, String body, List<Variant> variants, List<Bar> bars)
    implements Benchmark {

  /** The figures of a round. */
  public static final List<Metric> METRICS =
      List.of(
          new Metric("requests/s", "requests/s", 0),
          new Metric("p50", "p50 µs", 0),
          new Metric("p99", "p99 µs", 0),
          new Metric("p99.9", "p99.9 µs", 0),
          new Metric("cpu", "CPU µs/request", 2),
          new Metric("switches", "switches/request", 2));

  /** Loads, one after the other, that share the time of the warm-up. */
  private static final int WARM_UPS = 3;

  /** Of the received bytes, what may belong to answers that were cut off at the end. */
  private static final double BYTES_TOLERANCE = 0.01;

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Session open(Setup setup, List<Variant> ready) throws IOException, InterruptedException {
    Servers servers = new Servers(Load.find(setup), setup.measureSeconds());
    for (Variant variant : ready) {
      try {
        servers.start(variant, setup);
      } catch (IOException e) {
        // The others can be measured still; whoever measures this one gets the reason.
        servers.failed.put(variant.name(), e);
      }
    }
    return servers;
  }

  private record Server(Child child, int port, int answerBytes) {}

  private final class Servers implements Session {
    private final Map<String, Server> running = new HashMap<>();
    private final Map<String, IOException> failed = new HashMap<>();
    private final Load load;
    private final int seconds;

    Servers(Load load, int seconds) {
      this.load = load;
      this.seconds = seconds;
    }

    void start(Variant variant, Setup setup) throws IOException, InterruptedException {
      Child child = Child.start(variant.name(), variant.command(setup, List.of()));
      try {
        int port = child.awaitReady();
        int answerBytes = HttpCheck.verify(port, body);
        // The end of one load and the start of the next are code to compile, too.
        int left = (int) setup.warmUp().toSeconds();
        for (int loads = WARM_UPS; left > 0; loads--) {
          int warmUp = Math.ceilDiv(left, loads);
          load.run(port, connections, warmUp);
          left -= warmUp;
        }
        running.put(variant.name(), new Server(child, port, answerBytes));
      } catch (IOException e) {
        child.close();
        throw e;
      }
    }

    @Override
    public Map<String, Double> measure(Variant variant) throws IOException, InterruptedException {
      if (failed.containsKey(variant.name())) {
        throw failed.get(variant.name());
      }
      Server server = running.get(variant.name());
      ProcessUsage before = ProcessUsage.of(server.child.pid());
      LoadResult result = load.run(server.port, connections, seconds);
      server.child.checkAlive();
      ProcessUsage after = ProcessUsage.of(server.child.pid());
      HttpCheck.verify(server.port, body);
      check(server, result);
      double requests = result.requests();
      return Map.of(
          "requests/s",
          result.requestsPerSecond(),
          "p50",
          (double) result.p50Micros(),
          "p99",
          (double) result.p99Micros(),
          "p99.9",
          (double) result.p999Micros(),
          "cpu",
          (after.cpuMicros() - before.cpuMicros()) / requests,
          "switches",
          after.switchesSince(before) / requests);
    }

    private void check(Server server, LoadResult result) throws IOException {
      if (result.requests() == 0) {
        throw new IOException("no answer in " + seconds + " s");
      }
      if (result.errors() > 0) {
        throw new IOException(result.errors() + " errors in " + result.requests() + " requests");
      }
      double expected = (double) result.requests() * server.answerBytes;
      if (Math.abs(result.bytes() - expected) > BYTES_TOLERANCE * expected + 1e6) {
        throw new IOException(
            "%d bytes for %d answers of %d bytes"
                .formatted(result.bytes(), result.requests(), server.answerBytes));
      }
    }

    @Override
    public void close() {
      for (Server server : running.values()) {
        server.child.close();
      }
    }
  }
}
