package dev.husk.scheduler;

import jdk.internal.misc.VM;

/** The JVM's stack size for threads that ask for none. */
final class StackSize {
  private static final String XSS = "-Xss";
  private static final String FLAG = "-XX:ThreadStackSize=";

  private StackSize() {}

  /** Bytes: what the command line says, else the JVM's default on this processor. */
  static long ofThreads() {
    long size = 0;
    String[] arguments = VM.getRuntimeArguments();
    if (arguments != null) {
      for (String argument : arguments) {
        if (argument.startsWith(XSS)) {
          size = bytes(argument.substring(XSS.length()), 1);
        } else if (argument.startsWith(FLAG)) {
          size = bytes(argument.substring(FLAG.length()), 1024);
        }
      }
    }
    if (size > 0) {
      return size;
    }
    return "aarch64".equals(System.getProperty("os.arch")) ? 2 << 20 : 1 << 20;
  }

  /** Reads "512k", "1m", "1048576"; 0 when it can't be read. */
  static long bytes(String text, long unit) {
    int end = text.length();
    if (end == 0) {
      return 0;
    }
    long factor =
        switch (text.charAt(end - 1)) {
          case 'k', 'K' -> 1L << 10;
          case 'm', 'M' -> 1L << 20;
          case 'g', 'G' -> 1L << 30;
          case 't', 'T' -> 1L << 40;
          default -> 1;
        };
    try {
      long number = Long.parseLong(factor == 1 ? text : text.substring(0, end - 1));
      return number * factor * unit;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
