package dev.husk.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which agent, and how it is set. */
final class AgentOptions {
  @Option(
      names = "--agent",
      paramLabel = "JAR",
      description = "The agent to use instead of the one built here.")
  @Nullable Path jar;

  @Option(
      names = "--agent-options",
      paramLabel = "KEY=VALUE,...",
      defaultValue = "",
      description = "Options of the agent; 'husk options' lists them.")
  String options = "";
}
