package dev.husk.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code husk} command. */
@Command(
    name = "husk",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "",
      "Husk runs the threads of an unmodified Java app on a scheduler of its own, in the app's"
          + " process: what was a kernel thread becomes an object, what was a context switch"
          + " becomes a method call.",
      ""
    },
    footer = {
      "",
      "To begin with:",
      "  husk demo                    Tomcat on the stock JVM and on Husk, side by side",
      "  husk run -- -jar app.jar     your app on Husk",
      "  husk bench                   what can be measured, and against which peer",
      "  husk memory PID              the off-heap memory of an app that runs on Husk",
      "  husk pack app.jar -o app.img your app and its JVM as an image that boots",
      "  husk boot app.img            runs it under QEMU",
      "",
      "Without this command, any JDK 25 does:",
      "  java -javaagent:agent/target/husk.jar -jar app.jar",
      "",
      "'husk COMMAND --help' explains a command."
    },
    subcommands = {
      AbCommand.class,
      DemoCommand.class,
      RunCommand.class,
      OptionsCommand.class,
      BenchCommand.class,
      MemoryCommand.class,
      CheckCommand.class,
      PackCommand.class,
      BootCommand.class,
      ImageCommand.class,
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  /** Runs the command and exits with its status: 0, 1 for a failure, 2 for a wrong command line. */
  public static void main(String[] args) {
    // Figures look the same everywhere, whatever the machine's language is.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    CommandLine line = commandLine();
    int status = line.execute(args);
    line.getOut().flush();
    System.exit(status);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    // What follows the app's first word is the app's, also without '--'.
    line.getSubcommands().get("ab").setStopAtPositional(true);
    return withHandlers(line);
  }

  /** A command that tells what is wrong in a line, with status 1 or 2. */
  static CommandLine withHandlers(CommandLine line) {
    return line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (exception, args) -> {
              CommandLine command = exception.getCommandLine();
              String name = command.getCommandSpec().qualifiedName();
              command.getErr().println("husk: " + exception.getMessage());
              if (exception instanceof UnmatchedArgumentException && takesArguments(command)) {
                command.getErr().println("What is the app's stands behind '--'.");
              }
              command.getErr().println("'" + name + " --help' explains " + name + ".");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              if (exception instanceof InterruptedException) {
                return 130;
              }
              if (!(exception instanceof IOException || exception instanceof CommandFailure)) {
                throw exception; // A mistake of ours: the trace is what is needed.
              }
              command.getErr().println("husk: " + exception.getMessage());
              return exception instanceof CommandFailure failure
                  ? failure.status()
                  : CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Whether the app's arguments are a command's, as well as options of its own. */
  private static boolean takesArguments(CommandLine command) {
    return command.getCommandSpec().positionalParameters().stream()
        .anyMatch(parameter -> parameter.paramLabel().equals("ARGUMENT"));
  }

  /** {@code husk} alone teaches. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Husk's version, as the build wrote it down, and the JVM's. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"husk " + own(), "JDK " + Runtime.version()};
    }

    private static String own() {
      try (InputStream in = Main.class.getResourceAsStream("version.txt")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
