package dev.husk.runtime.config;

/**
 * A list of patterns that names of threads and classes are compared with. In a pattern {@code *}
 * stands for any text, dots included, and everything else for itself; a name has to match as a
 * whole. Immutable.
 */
public final class NamePatterns {
  private final String[] patterns;

  private NamePatterns(String[] patterns) {
    this.patterns = patterns;
  }

  /** Takes the patterns out of {@code list}, separated by semicolons; blanks around them go. */
  static NamePatterns parse(String list) {
    int count = 0;
    for (int from = 0; from <= list.length(); from = end(list, from) + 1) {
      if (!list.substring(from, end(list, from)).isBlank()) {
        count++;
      }
    }
    String[] patterns = new String[count];
    int i = 0;
    for (int from = 0; from <= list.length(); from = end(list, from) + 1) {
      String pattern = list.substring(from, end(list, from)).strip();
      if (!pattern.isEmpty()) {
        patterns[i++] = pattern;
      }
    }
    return new NamePatterns(patterns);
  }

  private static int end(String list, int from) {
    int semicolon = list.indexOf(';', from);
    return semicolon < 0 ? list.length() : semicolon;
  }

  /** Whether there's no pattern, so that nothing matches. */
  public boolean isEmpty() {
    return patterns.length == 0;
  }

  /**
   * Whether one of the patterns matches {@code name}: a thread's name, or a class's dotted name.
   */
  public boolean matches(String name) {
    for (String pattern : patterns) {
      if (matches(pattern, name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Greedy, and on a mismatch back to the last star, which then takes one character more. Earlier
   * stars never need a second try, so the time is bounded by the product of the lengths.
   */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starred = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starred = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++starred;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** The patterns, separated by semicolons. */
  @Override
  public String toString() {
    return String.join(";", patterns);
  }
}
