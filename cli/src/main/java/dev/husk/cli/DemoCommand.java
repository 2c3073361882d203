package dev.husk.cli;

import dev.husk.bench.measure.Load;
import dev.husk.bench.measure.Setup;
import dev.husk.bench.suite.HttpBenchmark;
import dev.husk.bench.suite.Json;
import dev.husk.bench.suite.Machine;
import dev.husk.bench.suite.Result;
import dev.husk.bench.suite.Runner;
import dev.husk.bench.suite.Suite;
import dev.husk.bench.suite.Table;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code husk demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs an unmodified Tomcat with a blocking servlet on the stock JVM and on Husk, loads the"
          + " two in turn from another process on the same cores, and shows the medians.",
      ""
    },
    footer = {
      "",
      "Every answer is counted, and some are compared byte by byte. The load comes from wrk where"
          + " it is installed, else from a small driver that comes with Husk."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int MAX_CONNECTIONS = 10_000;

  @Spec private CommandSpec spec;
  @Mixin private MeasureOptions measure;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Keep-alive connections (default: ${DEFAULT-VALUE}).")
  private int connections = 64;

  @Option(
      names = "--virtual",
      description = "Show Tomcat with the stock JVM's virtual threads, too.")
  private boolean virtual;

  @Override
  public Integer call() throws Exception {
    measure.check("--connections", connections, 1, MAX_CONNECTIONS);
    Setup setup = measure.toSetup(Installation.agent(measure.agent.jar));
    HttpBenchmark tomcat = Suite.tomcat(connections, virtual);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean wrk = Load.find(setup).isWrk();
    if (!wrk) {
      err.println(
          "wrk isn't on the PATH: the load comes from the small driver that comes with Husk, which"
              + " takes more CPU itself (Debian: apt install wrk)");
    }
    out.println(tomcat.title());
    out.printf(
        "%s, %d cores shared by server and load, %d rounds of %d s each in turn%n",
        wrk ? "wrk" : "built-in driver",
        Runtime.getRuntime().availableProcessors(),
        setup.rounds(),
        setup.measureSeconds());
    out.flush();
    Result result;
    Map<String, Object> machine = Machine.describe(setup);
    try (Progress progress = new Progress()) {
      result = new Runner(setup, variant -> true, progress).run(tomcat);
    }
    out.println();
    out.print(Table.sideBySide(result));
    out.flush();
    if (measure.json != null) {
      Files.writeString(measure.json, Json.of(machine, List.of(result)));
    }
    result.failures().forEach((variant, why) -> err.println("husk: " + why));
    return result.failures().isEmpty() ? 0 : 1;
  }
}
