package dev.husk.bench.suite;

import dev.husk.ab.host.App;
import dev.husk.bench.measure.Children;
import dev.husk.bench.measure.Load;
import dev.husk.bench.measure.LoadResult;
import dev.husk.bench.measure.ProcessUsage;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.measure.Variant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * HTTP servers under load from another process on the same cores. All servers are started, checked
 * and warmed up first and stay there, idle, while one of them is measured.
 *
 * @param body what every server is to answer
 */
record HttpBenchmark(
    String name, String title, int connections, String body, List<Variant> variants, List<Bar> bars)
    implements Benchmark {

  private static final List<Metric> METRICS =
      List.of(
          new Metric("requests/s", "requests/s", 0),
          new Metric("p50", "p50 µs", 0),
          new Metric("p99", "p99 µs", 0),
          new Metric("p99.9", "p99.9 µs", 0),
          new Metric("cpu", "CPU µs/request", 2),
          new Metric("switches", "switches/request", 2));

  /** Loads, one after the other, that share the time of the warm-up. */
  private static final int WARM_UPS = 3;

  @Override
  public List<Metric> metrics() {
    return METRICS;
  }

  @Override
  public Session open(Setup setup, List<Variant> ready) throws IOException, InterruptedException {
    Servers servers = new Servers(Load.of(connections, body), setup);
    for (Variant variant : ready) {
      try {
        servers.start(variant);
      } catch (IOException e) {
        // The others can be measured still; whoever measures this one gets the reason.
        servers.failed.put(variant.name(), e);
      }
    }
    return servers;
  }

  private static final class Servers implements Session {
    private final Map<String, App> running = new HashMap<>();
    private final Map<String, IOException> failed = new HashMap<>();
    private final Children children = new Children();
    private final Load load;
    private final Setup setup;

    Servers(Load load, Setup setup) throws IOException {
      this.load = load;
      this.setup = setup;
    }

    void start(Variant variant) throws IOException, InterruptedException {
      App server = children.start(variant.command(setup, List.of()));
      try {
        // The end of one load and the start of the next are code to compile, too.
        int left = (int) setup.warmUp().toSeconds();
        for (int loads = WARM_UPS; left > 0; loads--) {
          int warmUp = Math.ceilDiv(left, loads);
          run(server, warmUp);
          left -= warmUp;
        }
        running.put(variant.name(), server);
      } catch (IOException e) {
        server.close();
        throw e;
      }
    }

    private LoadResult run(App server, int seconds) throws IOException, InterruptedException {
      InetSocketAddress address = server.address(0);
      if (address == null) {
        throw new IOException(server.ending());
      }
      LoadResult result = load.run(address, Duration.ofSeconds(seconds));
      if (!server.isAlive()) {
        throw new IOException("under load: " + server.ending());
      }
      if (result.requests() == 0) {
        throw new IOException("no reply in " + seconds + " s");
      }
      return result;
    }

    @Override
    public Map<String, Double> measure(Variant variant) throws IOException, InterruptedException {
      if (failed.containsKey(variant.name())) {
        throw failed.get(variant.name());
      }
      App server = running.get(variant.name());
      long pid = server.pids().getFirst();
      ProcessUsage before = ProcessUsage.of(pid);
      FutureTask<ProcessUsage> late = lookLate(pid);
      LoadResult result = run(server, setup.measureSeconds());
      ProcessUsage used = ProcessUsage.of(pid).with(get(late)).since(before);
      return Map.of(
          "requests/s",
          result.requests() / result.seconds(),
          "p50",
          result.p50Micros(),
          "p99",
          result.p99Micros(),
          "p99.9",
          result.p999Micros(),
          "cpu",
          used.cpuSeconds() * 1e6 / result.requests(),
          "switches",
          used.switches() / result.requests());
    }

    /** A look shortly before the end of the load, with which the threads of connections end. */
    private FutureTask<ProcessUsage> lookLate(long pid) {
      long millis = setup.measureSeconds() * 950L;
      FutureTask<ProcessUsage> look =
          new FutureTask<>(
              () -> {
                Thread.sleep(millis);
                return ProcessUsage.of(pid);
              });
      Thread.ofPlatform().daemon().name("late look").start(look);
      return look;
    }

    private static ProcessUsage get(FutureTask<ProcessUsage> look)
        throws IOException, InterruptedException {
      try {
        return look.get();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e);
      }
    }

    @Override
    public void close() {
      load.close();
      children.close();
    }
  }
}
