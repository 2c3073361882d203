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
import java.nio.file.Files;
import java.nio.file.Path;
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
  @Spec private CommandSpec spec;
  @Mixin private MeasureOptions measure;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "What to measure, or 'all'.")
  private List<String> names = new ArrayList<>();

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
    @Nullable Path agent = stock ? null : Installation.agent(measure.agent.jar);
    Setup setup = measure.toSetup(agent);
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
      if (measure.json != null) {
        // After each one, so that an interrupted run has given something.
        Files.writeString(measure.json, Json.of(machine, results));
      }
    }
    out.println("at the end: " + Machine.toLine(Machine.describe(setup)));
    return results.stream().allMatch(result -> result.failures().isEmpty()) ? 0 : 1;
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
