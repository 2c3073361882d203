package dev.husk.ab.load;

/** The app answered, but not as it should. The message says what was expected and what came. */
public final class WrongReplyException extends Exception {
  private static final long serialVersionUID = 1;

  public WrongReplyException(String message) {
    super(message);
  }
}
