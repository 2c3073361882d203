package dev.husk.start;

import dev.husk.runtime.config.Options;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * What Husk says: warnings always, decisions when asked for. A line at a time, on stderr or a file.
 */
public final class Log {
  private final Options.Log level;
  private final PrintStream out;

  private Log(Options.Log level, PrintStream out) {
    this.level = level;
    this.out = out;
  }

  /** The log that the user wants. */
  public static Log open(Options options) {
    PrintStream out = System.err;
    String file = options.logFile();
    if (file != null) {
      try {
        out = new PrintStream(new FileOutputStream(file, true), true);
      } catch (IOException e) {
        System.err.println(
            "husk: log goes to stderr, " + file + " can't be written: " + e.getMessage());
      }
    }
    return new Log(options.log(), out);
  }

  /** Whether decisions are told. */
  public boolean isInfo() {
    return level != Options.Log.OFF;
  }

  /** Whether everything is. */
  public boolean isDebug() {
    return level == Options.Log.DEBUG;
  }

  /** Says what the user has to know. */
  public void warn(String line) {
    out.println("husk: " + line);
  }

  /** Says a decision, if those are told. */
  public void info(String line) {
    if (level != Options.Log.OFF) {
      out.println("husk: " + line);
    }
  }

  /** Says a detail, if everything is told. */
  public void debug(String line) {
    if (level == Options.Log.DEBUG) {
      out.println("husk: " + line);
    }
  }
}
