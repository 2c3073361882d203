package dev.husk.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands that builds use, for build tools that run on another JVM: {@code husk pack} and
 * {@code husk check}. Needs the rooms of images on the class path and none above them.
 */
@Command(
    name = "husk",
    subcommands = {CheckCommand.class, PackCommand.class})
public final class BuildMain {
  private BuildMain() {}

  /** Runs a command and exits with its status, as {@link Main} does. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    CommandLine line = Main.withHandlers(new CommandLine(new BuildMain()));
    // These words come from another program: an @ among them is a letter.
    line.setExpandAtFiles(false);
    int status = line.execute(args);
    line.getOut().flush();
    System.exit(status);
  }
}
