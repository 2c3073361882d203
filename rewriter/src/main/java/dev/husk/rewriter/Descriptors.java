package dev.husk.rewriter;

/** Reads JVM descriptors in place. Methods throw {@code RuntimeException} on malformed ones. */
final class Descriptors {

  private Descriptors() {}

  /** The number of parameters. */
  static int count(String descriptor) {
    int count = 0;
    for (int i = 1; descriptor.charAt(i) != ')'; i = next(descriptor, i)) {
      count++;
    }
    return count;
  }

  /** Where the type that starts at {@code i} ends. */
  static int next(String descriptor, int i) {
    while (descriptor.charAt(i) == '[') {
      i++;
    }
    if (descriptor.charAt(i) != 'L') {
      return i + 1;
    }
    int end = descriptor.indexOf(';', i);
    if (end < 0) {
      throw new IllegalArgumentException(descriptor);
    }
    return end + 1;
  }

  /**
   * The stack slots of a method descriptor in a class file, by its first byte and its length: those
   * of the parameters times four, plus those of the result.
   */
  static int slots(byte[] b, int start, int length) {
    int end = start + length;
    if (length < 3 || b[start] != '(') {
      throw new MalformedClassException("method descriptor");
    }
    int arguments = 0;
    int i = start + 1;
    while (b[i] != ')') {
      arguments += size(b[i]);
      i = next(b, i, end);
    }
    return arguments * 4 + (b[i + 1] == 'V' ? 0 : size(b[i + 1]));
  }

  private static int next(byte[] b, int i, int end) {
    while (i < end && b[i] == '[') {
      i++;
    }
    if (i < end && b[i] == 'L') {
      while (i < end && b[i] != ';') {
        i++;
      }
    }
    if (i + 1 >= end) {
      throw new MalformedClassException("method descriptor");
    }
    return i + 1;
  }

  /** The stack slots of a type by its first character. */
  static int size(byte first) {
    return first == 'J' || first == 'D' ? 2 : 1;
  }
}
