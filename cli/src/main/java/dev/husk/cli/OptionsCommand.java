package dev.husk.cli;

import dev.husk.runtime.config.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code husk options}. */
@Command(
    name = "options",
    mixinStandardHelpOptions = true,
    description = "Explains the agent's options.")
final class OptionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().getOut().print(Options.help());
  }
}
