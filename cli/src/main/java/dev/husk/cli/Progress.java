package dev.husk.cli;

import java.io.PrintStream;
import java.util.function.Consumer;

/**
 * Says on stderr what goes on: on a terminal in one line that is written over, else line by line.
 */
final class Progress implements Consumer<String>, AutoCloseable {
  private static final int WIDTH = 79;

  private final PrintStream out = System.err;

  @SuppressWarnings("SystemConsoleNull") // It does on JDK 25, whose console is java.base's again.
  private final boolean terminal = System.console() != null && System.console().isTerminal();

  @Override
  public void accept(String what) {
    if (terminal) {
      String line = what.strip().lines().findFirst().orElse("");
      String cut = line.substring(0, Math.min(line.length(), WIDTH));
      out.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
      out.flush();
    } else {
      out.println(what);
    }
  }

  boolean isTerminal() {
    return terminal;
  }

  /** Says something that stays to be read. */
  void keep(String what) {
    close();
    out.println(what);
  }

  /** Leaves a clean line. */
  @Override
  public void close() {
    if (terminal) {
      out.print("\r" + " ".repeat(WIDTH) + "\r");
      out.flush();
    }
  }
}
