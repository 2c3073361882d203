package dev.husk.cli;

import dev.husk.ab.Experiment;
import dev.husk.ab.Plan;
import dev.husk.ab.Variant;
import dev.husk.ab.host.Containers;
import dev.husk.ab.host.Host;
import dev.husk.ab.host.Launch;
import dev.husk.ab.host.Processes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk ab}. */
@Command(
    name = "ab",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs your app on the stock JVM and on Husk in turn, loads both the same way, and tells what"
          + " Husk does for it: a table here, report.html and results.json in --out.",
      ""
    },
    footer = {
      "",
      "Each round starts every variant once, in an order drawn anew, each in a fresh process or"
          + " container. An app is loaded until it is warm, then measured: latencies, CPU and"
          + " memory at a fixed rate of half of what the first variant serves in a closed loop,"
          + " then rising rates until saturation. Every reply is checked against the first"
          + " variant's. Fewer than four rounds allow no verdict.",
      "",
      "  husk ab -- java -jar app.jar",
      "  husk ab --url http://localhost:8080/items --rounds 8 -- java -Xmx2g -jar app.jar",
      "  husk ab --variant zgc=-XX:+UseZGC --variant 'husk-1=husk:carriers=1' -- java -jar app.jar",
      "  husk ab --containers --cpus 2 --memory 1g -- java -jar app.jar",
      "  husk ab --image my/app:1.2 --cpus 2 --url http://localhost:8080/",
      "  husk ab --load 'wrk -t2 -c64 -d{seconds} http://{host}:{port}/' -- java -jar app.jar",
      "  husk ab --load echo --url tcp://localhost:7000 -- java -jar echo.jar",
      "  husk ab --load jdbc --url jdbc:h2:tcp://localhost:9092/mem:a --query 'select 1' \\",
      "      --jdbc-jar h2.jar -- java -cp h2.jar org.h2.tools.Server -tcp -ifNotExists"
    })
final class AbCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 1000;

  /** What logs and reports need at least, MB. */
  private static final long LEAST_ROOM = 16;

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /** Options of java whose value is a word of its own. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--add-exports",
          "--add-opens",
          "--add-reads",
          "--patch-module",
          "--limit-modules",
          "--enable-native-access");

  @Spec private CommandSpec spec;
  @Mixin private AgentOptions agent;

  @Mixin private AbLoadOptions load;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each variant is started and measured (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--variant",
      paramLabel = "NAME=OPTIONS",
      description = {
        "One more variant: JVM arguments, husk or husk:OPTIONS, jdk:PATH, env:NAME=VALUE, separated"
            + " by blanks; may be repeated. 'stock' or 'husk' as the name replaces that one."
      })
  private List<String> variants = new ArrayList<>();

  @ArgGroup(exclusive = true)
  private @Nullable Where where;

  private static final class Where {
    @Option(
        names = "--containers",
        description = "Run the app in containers; the default where an engine is there.")
    private boolean containers;

    @Option(names = "--processes", description = "Run it as processes of this machine.")
    private boolean processes;
  }

  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "A container image with app and JDK, instead of a command.")
  private @Nullable String image;

  @Option(
      names = "--cpus",
      paramLabel = "N",
      description = "Processors' worth of time for the app, such as 1.5; containers only.")
  private double cpus;

  @Option(
      names = "--cpuset",
      paramLabel = "LIST",
      description = "The processors that the app may run on, such as 0-1,3.")
  private String cpuSet = "";

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "The app's memory, such as 512m or 2g; containers only.")
  private String memory = "";

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of the app; may be repeated.")
  private Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--volume",
      paramLabel = "HOST:PATH[:ro]",
      description = "A directory of this machine in the container; may be repeated.")
  private List<String> volumes = new ArrayList<>();

  @Option(
      names = "--ready-limit",
      paramLabel = "S",
      description = "Longest time from start to first reply (default: ${DEFAULT-VALUE}).")
  private double readyLimit = 60;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where reports and logs go (default: husk-ab-<time>).")
  private @Nullable Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the same order of variants as another run with it.")
  private @Nullable Long seed;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The app's command after '--': java with its arguments.")
  private List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    checkRange();
    Experiment experiment;
    Plan plan;
    try {
      plan = load.plan(Duration.ofMillis(Math.round(readyLimit * 1000)));
      experiment = experiment(plan);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter err = spec.commandLine().getErr();
    try (Host host = host(err);
        AbLoadOptions.Opened opened = load.open()) {
      return new AbSession(experiment, host, opened, spec.commandLine().getOut(), err).run();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Host host(PrintWriter err) throws InterruptedException {
    boolean wanted = image != null || (where != null && where.containers);
    boolean limited = cpus > 0 || !memory.isEmpty() || !volumes.isEmpty();
    if (where != null && where.processes) {
      if (image != null || limited) {
        throw new ParameterException(
            spec.commandLine(),
            "--image, --cpus, --memory and --volume need containers; leave out --processes");
      }
      return new Processes();
    }
    try {
      return Containers.find();
    } catch (IOException e) {
      if (wanted || limited) {
        throw new CommandFailure("no containers: " + e.getMessage());
      }
      err.println("husk: the app runs as processes of this machine: " + e.getMessage());
      return new Processes();
    }
  }

  private void checkRange() {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new ParameterException(
          spec.commandLine(), "--rounds=" + rounds + ": give a number from 1 to " + MAX_ROUNDS);
    }
    if (image == null && command.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no app: give its command after '--', as in husk ab -- java -jar app.jar, or"
              + " --image");
    }
    if (!(readyLimit > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--ready-limit=" + readyLimit + ": give seconds, more than 0");
    }
    if (!(cpus >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--cpus=" + cpus + ": give a number such as 1.5");
    }
    if (!cpuSet.matches("(\\d+(-\\d+)?(,\\d+(-\\d+)?)*)?")) {
      throw new ParameterException(
          spec.commandLine(), "--cpuset=" + cpuSet + ": give a list such as 0-1,3");
    }
  }

  private Experiment experiment(Plan plan) throws IOException {
    Path directory =
        (out == null
                ? Path.of("husk-ab-" + LocalDateTime.now(ZoneId.systemDefault()).format(NAME))
                : out)
            .toAbsolutePath();
    makeDirectory(directory);
    return new Experiment(
        title(),
        command,
        image,
        variants(),
        rounds,
        plan,
        Installation.agent(agent.jar),
        new Launch.Limits(cpus, cpuSet, megabytes(memory)),
        environment,
        volumes,
        directory,
        seed == null ? System.nanoTime() : seed,
        repeat());
  }

  private static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
      long room = Files.getFileStore(directory).getUsableSpace() >> 20;
      if (room < LEAST_ROOM) {
        throw new CommandFailure(
            "--out=%s: %d MB are free there, and logs and reports need some %d; make room, or give"
                    .formatted(directory, room, LEAST_ROOM)
                + " another directory");
      }
      if (Files.isWritable(directory)) {
        return;
      }
    } catch (IOException e) {
      // It can't be made.
    }
    throw new CommandFailure(
        "--out=%s: %s; give another directory"
            .formatted(
                directory,
                Files.isDirectory(directory)
                    ? "you may not write there"
                    : Files.exists(directory)
                        ? "that isn't a directory"
                        : "this directory can't be made"));
  }

  /** The words of this call, so that anybody can repeat it. */
  private List<String> repeat() {
    List<String> words = new ArrayList<>(List.of("husk")); // "ab" is among the arguments
    words.addAll(spec.commandLine().getParseResult().originalArgs());
    return words;
  }

  private String title() {
    if (image != null) {
      return image;
    }
    boolean java = Path.of(command.getFirst()).endsWith("java");
    for (int i = 1; java && i < command.size(); i++) {
      String word = command.get(i);
      if (word.equals("-jar") && i + 1 < command.size()) {
        return Path.of(command.get(i + 1)).getFileName().toString();
      }
      if (WITH_VALUE.contains(word)) {
        i++;
      } else if (!word.startsWith("-") && !word.startsWith("@")) {
        return word; // the main class
      }
    }
    return command.getFirst();
  }

  private List<Variant> variants() {
    Map<String, Variant> all = new LinkedHashMap<>();
    all.put(Variant.STOCK.name(), Variant.STOCK);
    all.put(
        Variant.HUSK.name(),
        new Variant(Variant.HUSK.name(), true, agent.options, null, List.of(), Map.of()));
    for (String text : variants) {
      Variant variant = Variant.parse(text);
      Path jdk = variant.javaHome();
      if (jdk != null && !Files.isExecutable(jdk.resolve("bin/java"))) {
        throw new IllegalArgumentException(
            "variant '%s': no JDK at %s, it has no bin/java"
                .formatted(variant.name(), jdk.toAbsolutePath()));
      }
      all.put(variant.name(), variant);
    }
    return List.copyOf(all.values());
  }

  private static long megabytes(String size) {
    if (size.isEmpty()) {
      return 0;
    }
    if (!size.matches("[1-9]\\d{0,8}[mMgG]")) {
      throw new IllegalArgumentException("--memory=" + size + ": give a size such as 512m or 2g");
    }
    long number = Long.parseLong(size.substring(0, size.length() - 1));
    return size.toLowerCase(Locale.ROOT).endsWith("g") ? number << 10 : number;
  }
}
