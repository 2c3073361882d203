package dev.husk.cli;

import dev.husk.ab.Plan;
import dev.husk.ab.load.CommandLoad;
import dev.husk.ab.load.CommandOptions;
import dev.husk.ab.load.DriverOptions;
import dev.husk.ab.load.EchoOptions;
import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.JdbcOptions;
import dev.husk.ab.load.Load;
import dev.husk.ab.load.Loads;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an A/B run sends, and how. */
final class AbLoadOptions {
  @Option(
      names = "--load",
      paramLabel = "KIND",
      description = {
        "http, echo (TCP), jdbc, or any command; in a command {host}, {port}, {seconds} and"
            + " {connections} are replaced, and its figures are picked by --figure; those of wrk,"
            + " hey, ab, oha and redis-benchmark are known (default: ${DEFAULT-VALUE})."
      })
  private String kind = "http";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = {
        "Where requests go: http://localhost:8080/path, a path alone, tcp://localhost:7000, or a"
            + " JDBC URL (default: / on the first port that the app listens on)."
      })
  private String url = "";

  @Option(
      names = "--figure",
      paramLabel = "NAME[:UNIT][:higher|lower]=PATTERN",
      description =
          "A figure in the load command's output: a pattern with one group; may be repeated. One"
              + " named requests is their number, by which the app's CPU is told.")
  private List<String> figures = new ArrayList<>();

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that are kept open (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second, and no sweep of rates.")
  private @Nullable Double rate;

  @Option(
      names = "--closed",
      description = "Connections send the next request when they have the reply; no sweep.")
  private boolean closed;

  @Option(
      names = "--latency-limit",
      paramLabel = "MS",
      description = "A rate counts as served when p99 is within it (default: ${DEFAULT-VALUE}).")
  private double latencyLimit = 10;

  @Option(
      names = "--window",
      paramLabel = "S",
      description =
          "Time in which latencies, CPU and memory are measured (default: ${DEFAULT-VALUE}).")
  private double window = 5;

  @Option(
      names = "--step",
      paramLabel = "S",
      description = "Time of each rate of the sweep (default: ${DEFAULT-VALUE}).")
  private double step = 2;

  @Option(
      names = "--warm-up",
      paramLabel = "MIN[,MAX]",
      split = ",",
      description = {
        "Shortest and longest warm-up, seconds. An app is warm when, in windows of a second, the"
            + " last four served within 10 %% of their mean and no more than 3 %% above the four"
            + " before (default: 5,30)."
      })
  private List<Double> warmUp = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "S",
      description = "A reply that takes longer is missing (default: ${DEFAULT-VALUE}).")
  private double timeout = 10;

  @Option(names = "--method", paramLabel = "NAME", description = "Of HTTP (default: GET).")
  private String method = "GET";

  @Option(
      names = "--header",
      paramLabel = "NAME: VALUE",
      description = "Of the HTTP request; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(names = "--body", paramLabel = "TEXT", description = "Of the HTTP request.")
  private String body = "";

  @Option(
      names = "--expect-status",
      paramLabel = "N",
      description = "The correct status (default: what the first variant answers).")
  private int expectStatus;

  @Option(
      names = "--expect-body",
      paramLabel = "TEXT",
      description = "The correct body, or /a pattern/ in it (default: the first variant's).")
  private @Nullable String expectBody;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Of an echo request (default: ${DEFAULT-VALUE}).")
  private int bytes = 64;

  @Option(names = "--query", paramLabel = "SQL", description = "Of JDBC (default: select 1).")
  private String query = "select 1";

  @Option(names = "--jdbc-user", paramLabel = "NAME", description = "Of JDBC.")
  private String user = "";

  @Option(names = "--jdbc-password", paramLabel = "WORD", description = "Of JDBC.")
  private String password = "";

  @Option(
      names = "--jdbc-jar",
      paramLabel = "JAR",
      description = "With the JDBC driver; may be repeated.")
  private List<Path> jars = new ArrayList<>();

  @Option(
      names = "--driver-cpus",
      paramLabel = "LIST",
      description =
          "Processors of the load driver (default: the last where there are three or more).")
  private @Nullable String driverCpus;

  /** One of the two is there. */
  record Opened(@Nullable Load load, @Nullable CommandLoad command) implements AutoCloseable {
    @Override
    public void close() {
      if (load != null) {
        load.close();
      }
      if (command != null) {
        command.close();
      }
    }
  }

  /**
   * Makes what sends.
   *
   * @throws IllegalArgumentException when an option makes no sense
   */
  Opened open() {
    DriverOptions driver =
        DriverOptions.DEFAULT.withConnections(connections).withTimeout(seconds(timeout));
    if (driverCpus != null) {
      driver = driver.withCpus(driverCpus);
    }
    return switch (kind) {
      case "http" -> new Opened(Loads.http(http(driver)), null);
      case "echo" ->
          new Opened(
              Loads.echo(EchoOptions.DEFAULT.withPort(port()).withBytes(bytes).withDriver(driver)),
              null);
      case "jdbc" ->
          new Opened(
              Loads.jdbc(
                  JdbcOptions.of(url)
                      .withUser(user, password)
                      .withQuery(query)
                      .withJars(jars)
                      .withDriver(driver)),
              null);
      default -> new Opened(null, Loads.command(command(driver)));
    };
  }

  private HttpOptions http(DriverOptions driver) {
    HttpOptions options =
        HttpOptions.of(url.isEmpty() ? "/" : url)
            .withMethod(method)
            .withBody(body)
            .withExpectStatus(expectStatus)
            .withDriver(driver);
    if (expectBody != null) {
      options = options.withExpectBody(expectBody);
    }
    for (String header : headers) {
      options = options.withHeader(header);
    }
    return options;
  }

  private CommandOptions command(DriverOptions driver) {
    if (!kind.contains(" ") && !kind.contains("/")) {
      throw new IllegalArgumentException(
          "--load=" + kind + ": give http, echo, jdbc, or a command with its arguments");
    }
    boolean tcp = url.startsWith("tcp://");
    return new CommandOptions(
        kind, figures, tcp ? port() : 0, tcp || url.isEmpty() ? null : url, driver);
  }

  private int port() {
    if (url.isEmpty()) {
      return 0;
    }
    int port = url.startsWith("tcp://") ? URI.create(url).getPort() : -1;
    if (port < 1) {
      throw new IllegalArgumentException("--url=" + url + ": give tcp://localhost:PORT");
    }
    return port;
  }

  /**
   * How a round is measured.
   *
   * @throws IllegalArgumentException when an option makes no sense
   */
  Plan plan(Duration readyLimit) {
    if (closed && rate != null) {
      throw new IllegalArgumentException("--closed has no --rate: give one of the two");
    }
    if (rate != null && !(rate > 0)) {
      throw new IllegalArgumentException("--rate=" + rate + ": give requests a second, above 0");
    }
    if (warmUp.size() > 2) {
      throw new IllegalArgumentException("--warm-up takes the shortest and the longest time");
    }
    double min = warmUp.isEmpty() ? 5 : warmUp.get(0);
    double max = warmUp.size() < 2 ? Math.max(min, 30) : warmUp.get(1);
    Plan plan =
        Plan.DEFAULT
            .withLatencyLimit(latencyLimit)
            .withTimes(seconds(window), seconds(step), seconds(min), seconds(max))
            .withReadyLimit(readyLimit);
    if (closed) {
      return plan.with(Plan.Kind.CLOSED, 0);
    }
    return rate != null ? plan.with(Plan.Kind.FIXED, rate) : plan;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
