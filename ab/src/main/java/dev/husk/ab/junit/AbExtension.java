package dev.husk.ab.junit;

import dev.husk.ab.Experiment;
import dev.husk.ab.Plan;
import dev.husk.ab.Progress;
import dev.husk.ab.Reports;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.Runner;
import dev.husk.ab.Variant;
import dev.husk.ab.host.Containers;
import dev.husk.ab.host.Host;
import dev.husk.ab.host.Launch;
import dev.husk.ab.host.Processes;
import dev.husk.ab.load.DriverOptions;
import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.Load;
import dev.husk.ab.load.Loads;
import dev.husk.ab.measure.Environment;
import dev.husk.ab.stats.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs what {@link AbTest} says and gives the test its {@link AbOutcome}. */
final class AbExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == AbOutcome.class;
  }

  @Override
  public AbOutcome resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    AbTest test = method.getAnnotation(AbTest.class);
    Path directory =
        Path.of("target", "husk-ab", method.getDeclaringClass().getSimpleName(), method.getName())
            .toAbsolutePath();
    try {
      return run(test, experiment(test, method.getName(), directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ParameterResolutionException("interrupted", e);
    }
  }

  private static AbOutcome run(AbTest test, Experiment experiment)
      throws IOException, InterruptedException {
    HttpOptions options =
        HttpOptions.of(test.url().isEmpty() ? "/" : test.url())
            .withDriver(DriverOptions.DEFAULT.withConnections(test.connections()));
    try (Host host = test.containers() ? Containers.find() : new Processes();
        Load load = Loads.http(options)) {
      Map<String, Path> jdks = new LinkedHashMap<>();
      if (experiment.image() == null) {
        Path own = Path.of(System.getProperty("java.home"));
        for (Variant variant : experiment.variants()) {
          jdks.put(variant.name(), variant.javaHome() == null ? own : variant.javaHome());
        }
      }
      Map<String, String> environment =
          Environment.describe(host, experiment.limits(), experiment.agent(), jdks);
      Results results = new Runner(experiment, host, load, environment, new Lines()).run();
      return new AbOutcome(
          results, Reports.write(results, experiment.directory()), experiment.directory());
    }
  }

  private static Experiment experiment(AbTest test, String title, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    List<Variant> variants = new ArrayList<>(List.of(Variant.STOCK, Variant.HUSK));
    for (String variant : test.variants()) {
      variants.add(Variant.parse(variant));
    }
    Plan plan = Plan.DEFAULT.withLatencyLimit(test.latencyLimitMillis());
    Duration window = seconds(test.windowSeconds());
    plan =
        plan.withTimes(
            window,
            window.compareTo(plan.step()) < 0 ? window : plan.step(),
            seconds(test.warmUpSeconds()[0]),
            seconds(test.warmUpSeconds()[1]));
    if (test.closedLoop()) {
      plan = plan.with(Plan.Kind.CLOSED, 0);
    } else if (test.rate() > 0) {
      plan = plan.with(Plan.Kind.FIXED, test.rate());
    }
    return new Experiment(
        title,
        command(test),
        test.image().isEmpty() ? null : test.image(),
        variants,
        test.rounds(),
        plan,
        agent(test),
        Launch.Limits.NONE,
        Map.of(),
        List.of(),
        directory,
        title.hashCode(),
        List.of("run the test", title));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static List<String> command(AbTest test) {
    if (test.main() != void.class) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), test.main().getName()));
      command.addAll(List.of(test.args()));
      return command;
    }
    if (test.command().length == 0 && test.image().isEmpty()) {
      throw new ParameterResolutionException("@AbTest needs main, command, or image");
    }
    return List.of(test.command());
  }

  private static Path agent(AbTest test) {
    String home = System.getenv("HUSK_HOME");
    String path =
        !test.agent().isEmpty()
            ? test.agent()
            : System.getProperty("husk.agent", home == null ? "" : home + "/agent/target/husk.jar");
    Path jar = Path.of(path).toAbsolutePath();
    if (path.isEmpty() || !Files.isRegularFile(jar)) {
      throw new ParameterResolutionException(
          "husk.jar isn't "
              + (path.isEmpty() ? "given" : "at " + jar)
              + ": set agent of @AbTest, the system property husk.agent, or HUSK_HOME");
    }
    return jar;
  }

  /** A line a round on standard output, where test reports keep it. */
  private static final class Lines implements Progress {
    @Override
    public void begins(int round, String variant, String what, Duration left) {}

    @Override
    public void ended(Round round) {
      Round.Failure failure = round.failure();
      System.out.println(
          "round "
              + round.number()
              + ", "
              + round.variant()
              + ": "
              + (failure == null
                  ? round.figures()
                  : Words.of(failure.kind()) + ": " + failure.message()));
    }
  }
}
