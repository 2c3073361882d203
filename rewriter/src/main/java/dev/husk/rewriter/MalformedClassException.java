package dev.husk.rewriter;

/** A class file that is not what the JVM specification describes. */
final class MalformedClassException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MalformedClassException(String what) {
    // No stack trace: these are as many as there are bad class files, and say all in a word.
    super("malformed class file: " + what, null, false, false);
  }
}
