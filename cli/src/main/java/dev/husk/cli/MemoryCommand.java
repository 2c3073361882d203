package dev.husk.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code husk memory}. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the off-heap memory of a JVM that runs on Husk: what is in use and in blocks of which"
          + " size, what lies free, what went back to the kernel, and which code holds most of it."
          + " Without a PID, lists this user's JVMs that have Husk in them.",
      ""
    },
    footer = {
      "",
      "It attaches to the JVM as jcmd and jconsole do, so it has to run as the same user, or as"
          + " root. The app goes on meanwhile.",
      "",
      "  husk memory                  which JVMs there are",
      "  husk memory 12345            the memory of one",
      "  husk memory 12345 --top 30   more of the code that holds it",
      "  husk memory 12345 --top 0    the figures alone",
      "",
      "Who holds memory is estimated from samples. To know it exactly, start the app with",
      "  java -javaagent:husk.jar=memory=checked -jar app.jar",
      "",
      "The same figures are in the MXBean dev.husk:type=Memory, for jconsole and other tools."
    })
final class MemoryCommand implements Callable<Integer> {
  private static final int MAX_TOP = 1000;
  private static final int DEFAULT_TOP = 10;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PID", description = "The JVM's process.")
  private @Nullable Long pid;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many call sites that hold memory are shown (default: 10).")
  private @Nullable Integer top;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (pid == null) {
      if (top != null) {
        throw new ParameterException(
            spec.commandLine(), "--top=" + top + ": give a PID, too; 'husk memory' lists them");
      }
      list(out);
      return 0;
    }
    int count = top == null ? DEFAULT_TOP : top;
    if (count < 0 || count > MAX_TOP) {
      throw new ParameterException(
          spec.commandLine(), "--top=%d: give a number from 0 to %d".formatted(count, MAX_TOP));
    }
    show(pid, count, out);
    return 0;
  }

  private static void show(long pid, int count, PrintWriter out) throws IOException {
    try (RunningJvm jvm = RunningJvm.attach(pid)) {
      MemoryFigures figures = jvm.memory();
      if (figures == null) {
        throw new CommandFailure(
            jvm.hasHusk()
                ? "the Husk in JVM "
                    + pid
                    + " leaves off-heap memory to the C library: start the app with the option"
                    + " memory=on, as in -javaagent:husk.jar=memory=on or -Dhusk.memory=on"
                : "JVM "
                    + pid
                    + " ("
                    + jvm.command()
                    + ") runs without Husk: start the app with 'husk run -- …' or with"
                    + " -javaagent:husk.jar");
      }
      out.printf("Off-heap memory of JVM %d: %s%n%n", pid, jvm.command());
      out.print(figures.toText());
      if (count > 0) {
        out.printf("%n%s%n", jvm.holders(count).stripTrailing());
      }
    }
  }

  private static void list(PrintWriter out) {
    List<RunningJvm.Listed> all = RunningJvm.list();
    if (all.isEmpty()) {
      out.println("There is no JVM of this user that has Husk in it.");
      return;
    }
    out.printf("%10s %12s  %s%n", "PID", "in use", "app");
    for (RunningJvm.Listed listed : all) {
      String inUse;
      try (RunningJvm jvm = RunningJvm.attach(listed.pid())) {
        MemoryFigures figures = jvm.memory();
        inUse = figures == null ? "memory=off" : MemoryFigures.size(figures.used());
      } catch (IOException | CommandFailure e) {
        // 'husk memory PID' says why.
        inUse = "?";
      }
      out.printf("%10d %12s  %s%n", listed.pid(), inUse, listed.name());
    }
  }
}
