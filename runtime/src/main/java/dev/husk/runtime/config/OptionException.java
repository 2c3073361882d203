package dev.husk.runtime.config;

/** An option that can't be used; the message is one line that says what to write instead. */
public final class OptionException extends Exception {
  private static final long serialVersionUID = 1;

  /** The message is all there is to know, so no stack trace is taken. */
  OptionException(String message) {
    super(message, null, false, false);
  }
}
