package dev.husk.runtime.config;

import org.jspecify.annotations.Nullable;

/** Comparing what was written with what could have been. */
public final class Words {
  private Words() {}

  /**
   * The candidate that is fewest typing errors away from {@code word}, or null if that's so many
   * that the suggestion would be a guess: more than a third of the word, and more than one.
   */
  public static @Nullable String nearest(String word, String... candidates) {
    int limit = Math.max(1, word.length() / 3);
    String nearest = null;
    int best = limit + 1;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /**
   * The number of typing errors that turn {@code a} into {@code b}: letters added, left out,
   * changed or swapped with their neighbour (the optimal string alignment distance).
   */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, beforeLast[j - 2] + 1);
        }
        row[j] = best;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }

  /** ASCII only: what isn't ASCII is no key anyhow, and a locale would cost start-up time. */
  static String lower(String s) {
    char[] chars = s.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] = (char) (chars[i] + ('a' - 'A'));
      }
    }
    return new String(chars);
  }
}
