package dev.husk.ab.host;

import java.util.Map;

/** Exit statuses in words. */
final class Endings {
  static final int KILL = 9;

  private static final int FIRST_SIGNAL = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8,
          "SIGFPE", KILL, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private Endings() {}

  /** A status as shells and engines give it: 128 and more are signals. */
  static String describe(int status) {
    String signal = SIGNALS.get(status - FIRST_SIGNAL);
    return "exit status " + status + (signal == null ? "" : " (" + signal + ")");
  }
}
