package dev.husk.cli;

import dev.husk.bench.measure.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long and how often to measure. */
final class MeasureOptions {
  private static final int MAX_ROUNDS = 1000;
  private static final int MAX_SECONDS = 3600;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin AgentOptions agent;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each side is measured, in turn (default: ${DEFAULT-VALUE}).")
  int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Measured time of each round and side (default: ${DEFAULT-VALUE}).")
  int seconds = 4;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "Time for the JIT compiler before that (default: ${DEFAULT-VALUE}).")
  int warmUp = 5;

  @Option(
      names = "--jvm-arg",
      paramLabel = "ARG",
      description = "An argument for every measured JVM, such as -XX:+UseZGC; may be repeated.")
  List<String> jvmArgs = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write all figures of all rounds there.")
  @Nullable Path json;

  /**
   * What the benchmarks take.
   *
   * @param agentJar null to measure the stock JVM alone
   */
  Setup toSetup(@Nullable Path agentJar) {
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

  void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(),
          "%s=%d: give a number from %d to %d".formatted(option, value, min, max));
    }
  }
}
