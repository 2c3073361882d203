package dev.husk.image.boot;

import java.time.Duration;

/**
 * A part of a boot.
 *
 * @param name what happens in it
 * @param begin when it begins, from the beginning of the whole
 * @param end when it ends
 */
public record Phase(String name, Duration begin, Duration end) {
  /** Checks that it doesn't end before it begins. */
  public Phase {
    if (begin.isNegative() || end.compareTo(begin) < 0) {
      throw new IllegalArgumentException(name + " from " + begin + " to " + end);
    }
  }

  /** How long it takes. */
  public Duration length() {
    return end.minus(begin);
  }
}
