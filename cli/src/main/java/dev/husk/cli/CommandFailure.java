package dev.husk.cli;

/** A command can't do what it was asked to; the message says what was wrong and what to do. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
