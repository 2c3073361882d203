package dev.husk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code husk run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs an app on Husk: java with the agent and with what follows '--', on this terminal, with"
          + " the app's exit status.",
      ""
    },
    footer = {
      "",
      "  husk run -- -jar app.jar",
      "  husk run --agent-options=stats,carriers=2 -- -Xmx2g -cp app.jar com.example.Main --port=80"
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private AgentOptions agent;

  @Parameters(arity = "1..*", paramLabel = "JAVA_ARGUMENT", description = "What java is given.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    String options = agent.options.isEmpty() ? "" : "=" + agent.options;
    List<String> command = new ArrayList<>();
    command.add(Installation.java().toString());
    command.add("-javaagent:" + Installation.agent(agent.jar) + options);
    command.addAll(arguments);
    Process app = new ProcessBuilder(command).inheritIO().start();
    // A terminal's interrupt reaches the app by itself; a kill of this process is passed on. Either
    // way the app has its time to end.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  app.destroy();
                  app.onExit().join();
                }));
    return app.waitFor();
  }
}
