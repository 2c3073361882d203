package dev.husk.image.kernel;

/** Patterns of module aliases: {@code *}, {@code ?} and {@code [a-z]}, as of fnmatch(3). */
final class Glob {
  private Glob() {}

  /** Tells whether a pattern fits all of a text. Takes at most their lengths' product of steps. */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    // Where the last star began, and how far it reaches by now.
    int star = -1;
    int reach = 0;
    while (t < text.length()) {
      int next = p < pattern.length() ? element(pattern, p, text.charAt(t)) : -1;
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        reach = t;
      } else if (next > 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++reach;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Where the pattern goes on after the element at {@code at} if that fits, or else -1. */
  private static int element(String pattern, int at, char c) {
    char first = pattern.charAt(at);
    int end = first == '[' ? pattern.indexOf(']', at + 2) : -1;
    if (end < 0) {
      return first == '?' || first == c ? at + 1 : -1;
    }
    boolean found = false;
    for (int i = at + 1; i < end; i++) {
      if (i + 2 < end && pattern.charAt(i + 1) == '-') {
        found |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
        i += 2;
      } else {
        found |= pattern.charAt(i) == c;
      }
    }
    return found ? end + 1 : -1;
  }
}
