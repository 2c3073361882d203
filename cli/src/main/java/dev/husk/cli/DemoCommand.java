package dev.husk.cli;

import dev.husk.ab.Experiment;
import dev.husk.ab.Plan;
import dev.husk.ab.Variant;
import dev.husk.ab.host.Launch;
import dev.husk.ab.host.Processes;
import dev.husk.ab.load.DriverOptions;
import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.Loads;
import dev.husk.examples.tomcat.TomcatServer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code husk demo}: a small {@code husk ab} of an app that comes with Husk. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs an unmodified Tomcat with a blocking servlet on the stock JVM and on Husk in turn,"
          + " loads both the same way, and shows what Husk does for it: a small 'husk ab', in some"
          + " three minutes.",
      ""
    },
    footer = {
      "",
      "Every reply is checked. 'husk ab -- java -jar app.jar' does the same for your own app, with"
          + " more figures."
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(12);

  @Spec private CommandSpec spec;
  @Mixin private AgentOptions agent;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "How often each variant is measured; fewer than 4 allow no verdict (default:"
              + " ${DEFAULT-VALUE}).")
  private int rounds = 4;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Measured time of each round and variant (default: ${DEFAULT-VALUE}).")
  private int seconds = 4;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that are kept open (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--virtual",
      description = "Show Tomcat with the stock JVM's virtual threads, too.")
  private boolean virtual;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the reports go (default: a new directory for temporary files).")
  private @Nullable Path out;

  @Override
  public Integer call() throws Exception {
    Path jar = Installation.agent(agent.jar);
    PrintWriter terminal = spec.commandLine().getOut();
    Experiment experiment;
    DriverOptions driver;
    try {
      driver = DriverOptions.DEFAULT.withConnections(connections);
      experiment = experiment(jar);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    terminal.println(
        "Tomcat with a blocking servlet, %d connections, in a closed loop".formatted(connections));
    terminal.flush();
    try (Processes host = new Processes();
        AbLoadOptions.Opened load =
            new AbLoadOptions.Opened(Loads.http(HttpOptions.of("/").withDriver(driver)), null)) {
      return new AbSession(experiment, host, load, terminal, spec.commandLine().getErr()).run();
    }
  }

  private Experiment experiment(Path jar) throws Exception {
    if (seconds < 1 || rounds < 1) {
      throw new IllegalArgumentException("--seconds and --rounds take numbers from 1 on");
    }
    List<Variant> variants = new ArrayList<>();
    variants.add(Variant.STOCK);
    variants.add(new Variant(Variant.HUSK.name(), true, agent.options, null, List.of(), Map.of()));
    if (virtual) {
      variants.add(Variant.parse("virtual=-D" + TomcatServer.THREADS + "=virtual"));
    }
    Duration window = Duration.ofSeconds(seconds);
    Path directory = out == null ? Files.createTempDirectory("husk-demo") : out.toAbsolutePath();
    Files.createDirectories(directory);
    return new Experiment(
        "Tomcat",
        List.of("java", "-cp", System.getProperty("java.class.path"), TomcatServer.class.getName()),
        null,
        variants,
        rounds,
        Plan.DEFAULT.with(Plan.Kind.CLOSED, 0).withTimes(window, window, WARM_UP, LONGEST_WARM_UP),
        jar,
        Launch.Limits.NONE,
        Map.of(),
        List.of(),
        directory,
        System.nanoTime(),
        List.of("husk", "demo"));
  }
}
