package dev.husk.cli;

import dev.husk.bench.measure.Setup;
import dev.husk.bench.suite.Benchmark;
import dev.husk.bench.suite.Json;
import dev.husk.bench.suite.Machine;
import dev.husk.bench.suite.Result;
import dev.husk.bench.suite.Runner;
import dev.husk.bench.suite.Suite;
import dev.husk.bench.suite.Table;
import java.io.PrintWriter;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Husk against named peers in the same run: stock platform threads, stock virtual"
          + " threads, event loops on Netty. Without a name, lists what there is.",
      ""
    },
    footer = {
      "",
      "Each round measures every side once, so that what the machine does at that minute it does to"
          + " all. The table shows medians; 'spread' is how far the rounds lie apart, and a ratio"
          + " closer to 1 than that says nothing. Bars are medians of each round's own ratio.",
      "",
      "  husk bench pingpong spawn       two of them",
      "  husk bench http                 all whose name starts so",
      "  husk bench all --json all.json  everything (an hour)",
      "  husk bench http-64 --only husk --only 'netty epoll'"
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 1000;
  private static final int MAX_SECONDS = 3600;

  @Spec private CommandSpec spec;
  @Mixin private AgentOptions agent;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "What to measure, or 'all'.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each side is measured, in turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Measured time of each round and side (default: ${DEFAULT-VALUE}).")
  private int seconds = 4;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "Time for the JIT compiler before that (default: ${DEFAULT-VALUE}).")
  private int warmUp = 5;

  @Option(
      names = "--jvm-arg",
      paramLabel = "ARG",
      description = "An argument for every measured JVM, such as -XX:+UseZGC; may be repeated.")
  private List<String> jvmArgs = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write all figures of all rounds there.")
  private @Nullable Path json;

  @Option(
      names = "--only",
      paramLabel = "SIDE",
      description = "Measure this side alone, as the table names it; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--stock", description = "Leave Husk out.")
  private boolean stock;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Benchmark> all = Suite.all();
    if (names.isEmpty()) {
      for (Benchmark benchmark : all) {
        out.printf("  %-14s %s%n", benchmark.name(), benchmark.title());
      }
      return 0;
    }
    List<Benchmark> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.addAll(find(all, name));
    }
    checkOnly(chosen);
    Setup setup = setup(stock ? null : Installation.agent(agent.jar));
    Map<String, Object> machine = Machine.describe(setup);
    out.println(Machine.toLine(machine));
    out.printf(
        "%d rounds in turn, %d s each, %d s of warm-up%n%n",
        setup.rounds(), setup.measureSeconds(), setup.warmUp().toSeconds());
    out.flush();
    List<Result> results = new ArrayList<>();
    for (Benchmark benchmark : chosen) {
      Result result;
      try (Progress progress = new Progress()) {
        result =
            new Runner(setup, variant -> only.isEmpty() || only.contains(variant.name()), progress)
                .run(benchmark);
      }
      results.add(result);
      out.println(Table.of(result));
      out.flush();
      if (json != null) {
        // After each one, so that an interrupted run has given something.
        Json.write(machine, results, json);
      }
    }
    out.println("at the end: " + Machine.toLine(Machine.describe(setup)));
    return results.stream().allMatch(result -> result.failures().isEmpty()) ? 0 : 1;
  }

  /**
   * What the benchmarks take.
   *
   * @param agentJar null to measure the stock JVM alone
   */
  private Setup setup(@Nullable Path agentJar) {
    check("--rounds", rounds, 1, MAX_ROUNDS);
    check("--seconds", seconds, 1, MAX_SECONDS);
    check("--warm-up", warmUp, 0, MAX_SECONDS);
    return new Setup(
        Installation.java(),
        System.getProperty("java.class.path"),
        agentJar,
        agent.options,
        jvmArgs,
        rounds,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(warmUp));
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(),
          "%s=%d: give a number from %d to %d".formatted(option, value, min, max));
    }
  }

  private List<Benchmark> find(List<Benchmark> all, String name) {
    if (name.equals("all")) {
      return all;
    }
    List<Benchmark> exact = all.stream().filter(b -> b.name().equals(name)).toList();
    List<Benchmark> found =
        exact.isEmpty() ? all.stream().filter(b -> b.name().startsWith(name)).toList() : exact;
    if (found.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no benchmark '"
              + name
              + "'; there are: "
              + String.join(", ", all.stream().map(Benchmark::name).toList()));
    }
    return found;
  }

  private void checkOnly(List<Benchmark> chosen) {
    for (String side : only) {
      List<String> sides =
          chosen.stream()
              .flatMap(b -> b.variants().stream())
              .map(v -> v.name())
              .distinct()
              .toList();
      if (!sides.contains(side)) {
        throw new ParameterException(
            spec.commandLine(),
            "--only=" + side + ": no such side; there are: " + String.join(", ", sides));
      }
    }
  }
}
