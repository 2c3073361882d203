package dev.husk.cli;

import picocli.CommandLine;

/** A command can't do what it was asked to; the message says what was wrong and what to do. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  CommandFailure(String message) {
    this(CommandLine.ExitCode.SOFTWARE, message);
  }

  CommandFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  /** What the command ends with. */
  int status() {
    return status;
  }
}
