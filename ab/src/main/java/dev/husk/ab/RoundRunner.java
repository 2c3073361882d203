package dev.husk.ab;

import dev.husk.ab.host.App;
import dev.husk.ab.host.Host;
import dev.husk.ab.host.Launch;
import dev.husk.ab.load.WrongReplyException;
import dev.husk.ab.measure.Sampler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts one variant, has it measured, and ends it. */
final class RoundRunner {
  private static final long POLL_MILLIS = 2;

  /** So long after a reply went missing, the end of an app is known, even to a busy engine. */
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int CONNECT_MILLIS = 500;

  private final Experiment experiment;
  private final Host host;
  private final Work work;
  private final Consumer<String> phase;

  RoundRunner(Experiment experiment, Host host, Work work, Consumer<String> phase) {
    this.experiment = experiment;
    this.host = host;
    this.work = work;
    this.phase = phase;
  }

  /** What is done with an app that answers. */
  interface Work {
    /** What is sent, in words. */
    String describe();

    /** The port of the app, 0 for the first it listens on. */
    int port();

    /** Whether the app answers correctly by now. */
    boolean isReady(InetSocketAddress address) throws WrongReplyException;

    /** Warms the app up and measures it; what is found goes into {@code findings}. */
    void measure(Subject subject, Findings findings)
        throws IOException, InterruptedException, RoundFailedException;

    /** About how long a start with all of its measurement takes. */
    Duration expected();

    List<Figure> figures();

    /** Ids of the figures of the verdict. */
    List<String> headline();

    double latencyLimitMillis();

    double fixedRate();
  }

  /**
   * A running app.
   *
   * @param phase is told what is done with it
   */
  record Subject(
      App app, InetSocketAddress address, Sampler sampler, boolean pilot, Consumer<String> phase) {
    /** Throws when the app has ended. */
    void checkAlive() throws RoundFailedException, IOException {
      if (!app.isAlive()) {
        app.checkWatched();
        throw new RoundFailedException(Round.Kind.DIED, app.ending());
      }
    }

    /** The same where replies are missing, which they are a little before an app has ended. */
    void checkAliveInAWhile() throws RoundFailedException, IOException, InterruptedException {
      long end = System.nanoTime() + END_NANOS;
      while (app.isAlive() && System.nanoTime() - end < 0) {
        Thread.sleep(20);
      }
      checkAlive();
    }
  }

  /** What a round finds, as it goes. */
  static final class Findings {
    final Map<String, Double> figures = new HashMap<>();
    final List<String> notes = new ArrayList<>();
    List<RatePoint> curve = List.of();
    String latencies = "";
    double warmUpSeconds;
    boolean warm = true;
    double otherCpu = Double.NaN;

    /** Notes a figure, unless it isn't known. */
    void put(Figure figure, double value) {
      if (!Double.isNaN(value)) {
        figures.put(figure.id(), value);
      }
    }
  }

  Round run(int number, int position, Variant variant, Path directory)
      throws IOException, InterruptedException {
    Findings findings = new Findings();
    List<Sample> samples = List.of();
    Round.Failure failure = null;
    phase.accept("starting");
    Launch launch =
        new Launch(
            experiment.command(),
            experiment.image(),
            variant,
            experiment.agent(),
            experiment.limits(),
            experiment.environment(),
            experiment.volumes(),
            work.port(),
            directory);
    Path log = directory;
    try (App app = host.start(launch)) {
      log = app.log();
      try (Sampler sampler = Sampler.start(app)) {
        try {
          InetSocketAddress address = awaitReady(app, findings);
          work.measure(new Subject(app, address, sampler, number == 0, phase), findings);
        } catch (RoundFailedException e) {
          failure = new Round.Failure(e.kind(), e.getMessage());
        }
        samples = sampler.samples();
      }
      phase.accept("ending");
    }
    return new Round(
        number,
        position,
        variant.name(),
        failure == null ? Map.copyOf(findings.figures) : Map.of(),
        findings.curve,
        findings.latencies,
        samples,
        findings.warmUpSeconds,
        findings.warm,
        findings.otherCpu,
        List.copyOf(findings.notes),
        failure,
        experiment.directory().relativize(log).toString());
  }

  private InetSocketAddress awaitReady(App app, Findings findings)
      throws IOException, InterruptedException, RoundFailedException {
    Duration limit = experiment.plan().readyLimit();
    String wrong = null;
    InetSocketAddress address = null;
    while (System.nanoTime() - app.startedNanos() < limit.toNanos()) {
      if (!app.isAlive()) {
        app.checkWatched();
        throw new RoundFailedException(Round.Kind.NOT_STARTED, app.ending());
      }
      if (address == null) {
        address = app.address(work.port());
      }
      if (address != null) {
        try {
          if (work.isReady(address)) {
            findings.put(Figure.FIRST_REPLY, (System.nanoTime() - app.startedNanos()) / 1e6);
            return address;
          }
          wrong = null;
        } catch (WrongReplyException e) {
          wrong = e.getMessage();
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new RoundFailedException(
        wrong == null ? Round.Kind.NOT_READY : Round.Kind.WRONG_REPLY,
        notReady(app, address, wrong) + "; the app is " + app.ending());
  }

  private String notReady(App app, @Nullable InetSocketAddress address, @Nullable String wrong)
      throws IOException {
    String time = " within " + experiment.plan().readyLimit().toSeconds() + " s";
    if (wrong != null) {
      return "no correct reply" + time + "; the last one: " + wrong;
    }
    if (address != null) {
      return "no reply from %s:%d%s of the start; --ready-limit gives it more time"
          .formatted(address.getHostString(), address.getPort(), time);
    }
    int port = work.port();
    if (port == 0) {
      return "the app listened on no port" + time + "; --ready-limit gives it more time";
    }
    InetSocketAddress other = app.address(0);
    return "the app didn't listen on port "
        + port
        + time
        + (other == null ? "" : ", but on port " + other.getPort() + "; --url gives another")
        + (isTaken(port) ? "; something else on this machine does: stop that" : "")
        + (other == null ? "; --ready-limit gives it more time" : "");
  }

  /** Whether anybody listens on a port of this machine. */
  private static boolean isTaken(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
