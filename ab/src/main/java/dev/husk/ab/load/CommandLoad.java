package dev.husk.ab.load;

import dev.husk.ab.Figure;
import dev.husk.ab.host.Programs;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A load tool whose figures are picked from what it prints, to standard output or standard error.
 *
 * <p>A figure is {@code name[:unit][:higher|lower]=PATTERN}. The pattern has one group, around a
 * number; {@code ^} and {@code $} match at each line's ends, and the last match counts. The number
 * may have thousands' commas and one of these suffixes:
 *
 * <ul>
 *   <li>k, K, M, G: a thousand, a million, a thousand millions;
 *   <li>ns, us, µs, ms, msec, s, sec, secs, m, min, h: a time, which is converted to the figure's
 *       unit; that must be one of these as well. (So m are minutes and M millions.)
 * </ul>
 *
 * <p>A number without a suffix is in the figure's unit. Without {@code higher} or {@code lower}
 * less is better of a time, and more of anything else.
 *
 * <p>A figure named {@code requests} is their number: the app's CPU is told for 1,000 of them then.
 *
 * <p>The figures of wrk, wrk2, hey, ab, oha and redis-benchmark are known, and so is where these
 * tell of wrong or missing replies. Of another tool's replies nothing is known but its exit status.
 */
public final class CommandLoad implements AutoCloseable {
  /** The figure that says how many requests there were: the app's CPU is told per 1,000 then. */
  public static final String REQUESTS = "requests";

  private static final long GRACE = 60;
  private static final int KEPT = 256 * 1024;
  private static final int SHOWN = 2000;

  private final CommandOptions options;
  private final List<FigurePattern> patterns;
  private final @Nullable LoadTool tool;
  private volatile @Nullable Process running;

  CommandLoad(CommandOptions options) {
    this.options = options;
    this.patterns = FigurePattern.all(options.command(), options.figures());
    this.tool = LoadTool.of(options.command());
  }

  /** What is run, in words. */
  public String describe() {
    return "the command '" + options.command() + "'";
  }

  /** The port of the app, 0 for the first it listens on. */
  public int port() {
    String url = options.readyUrl();
    return options.port() == 0 && url != null ? HttpOptions.of(url).port() : options.port();
  }

  /** What it measures, in the order in which it was asked for. */
  public List<Figure> figures() {
    return patterns.stream().map(FigurePattern::figure).toList();
  }

  /**
   * Whether the app accepts connections, or answers at the URL that was given.
   *
   * @throws WrongReplyException when that has a status of 400 or above, or isn't HTTP
   */
  public boolean isReady(InetSocketAddress address) throws WrongReplyException {
    Duration timeout = options.driver().timeout();
    try {
      String url = options.readyUrl();
      if (url == null) {
        try (Socket socket = new Socket()) {
          socket.connect(address, (int) timeout.toMillis());
        }
        return true;
      }
      HttpRequest request = HttpOptions.of(url).request(address.getPort());
      Answer answer = HttpContact.ask(address, request, false, timeout).answer();
      Expectation expectation = Expectation.ofStatus(0);
      if (!expectation.accepts(answer)) {
        throw new WrongReplyException(expectation.wrong(answer));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs the command and waits for its end.
   *
   * @param time what it is told; it may take a minute longer
   * @return the figures by {@link Figure#id}
   * @throws IOException when it can't be run, fails, takes too long, or doesn't print a figure; the
   *     message has the end of what it printed
   * @throws WrongReplyException when a tool that is known tells of wrong or missing replies
   */
  public Map<String, Double> run(InetSocketAddress address, Duration time)
      throws IOException, InterruptedException, WrongReplyException {
    List<String> command = new ArrayList<>(Driver.pinned(options.driver().cpus()));
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    String port = Integer.toString(address.getPort());
    String seconds = Long.toString(Math.max(1, Math.round(time.toMillis() / 1000.0)));
    String connections = Integer.toString(options.driver().connections());
    String urlHost = host.contains(":") ? "[" + host + "]" : host;
    command.addAll(
        List.of(
            "sh",
            "-c",
            options
                .command()
                .replace("{host}", host)
                .replace("{port}", port)
                .replace("{seconds}", seconds)
                .replace("{connections}", connections)));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(new File("/dev/null"));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(Programs.NOT_INHERITED);
    environment.put("AB_HOST", host);
    environment.put("AB_PORT", port);
    environment.put("AB_URL", "http://" + urlHost + ":" + port + "/");
    environment.put("AB_SECONDS", seconds);
    environment.put("AB_CONNECTIONS", connections);
    Process process = builder.start();
    Children.add(process);
    running = process;
    String output;
    try {
      Tail tail = new Tail(process.getInputStream(), KEPT);
      if (!process.waitFor(time.toSeconds() + GRACE, TimeUnit.SECONDS)) {
        throw failure(
            "still runs " + GRACE + " s after its " + seconds + " s; it was ended", tail.text());
      }
      output = tail.await();
    } finally {
      running = null;
      Children.end(process);
    }
    if (process.exitValue() != 0) {
      throw failure("ended with status " + process.exitValue(), output);
    }
    return pick(output);
  }

  private Map<String, Double> pick(String output) throws IOException, WrongReplyException {
    if (tool != null) {
      Matcher wrong = tool.wrong().matcher(output);
      if (wrong.find()) {
        throw new WrongReplyException("the load command says: " + Answer.excerpt(wrong.group()));
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    for (FigurePattern each : patterns) {
      try {
        figures.put(each.figure().id(), each.find(output));
      } catch (IOException e) {
        throw failure("printed something else than was expected: " + e.getMessage(), output);
      }
    }
    return figures;
  }

  private IOException failure(String what, String output) {
    String end = output.substring(Math.max(0, output.length() - SHOWN)).strip();
    return new IOException(
        "the load command '"
            + options.command()
            + "' "
            + what
            + (end.isEmpty() ? "; it printed nothing" : "; the end of what it printed:\n" + end));
  }

  /** Ends the command, if it runs. */
  @Override
  public void close() {
    Process process = running;
    if (process != null) {
      Children.end(process);
    }
  }
}
