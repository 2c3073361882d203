package dev.husk.ab;

/** A variant can't be measured in this round. */
final class RoundFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final Round.Kind kind;

  RoundFailedException(Round.Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Round.Kind kind() {
    return kind;
  }
}
