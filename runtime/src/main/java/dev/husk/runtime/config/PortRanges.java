package dev.husk.runtime.config;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A set of port numbers as the user writes it: {@code 8080;9000-9099}. Immutable. */
public final class PortRanges {
  private static final int MAX_PORT = 65_535;

  private final String text;
  private final BitSet numbers;

  private PortRanges(String text, BitSet numbers) {
    this.text = text;
    this.numbers = numbers;
  }

  /** Reads a list of ports and ranges; null where it isn't one. An empty text is an empty set. */
  public static @Nullable PortRanges parse(String text) {
    BitSet numbers = new BitSet();
    for (String item : text.split(";")) {
      String range = item.strip();
      if (range.isEmpty()) {
        continue;
      }
      int dash = range.indexOf('-');
      int first = port(dash < 0 ? range : range.substring(0, dash).strip());
      int last = dash < 0 ? first : port(range.substring(dash + 1).strip());
      if (first < 1 || last < first) {
        return null;
      }
      numbers.set(first, last + 1);
    }
    return new PortRanges(text, numbers);
  }

  private static int port(String digits) {
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
      if (number > MAX_PORT) {
        return -1;
      }
    }
    return digits.isEmpty() ? -1 : number;
  }

  /** Whether a port is in it. */
  public boolean contains(int port) {
    return numbers.get(port);
  }

  /** Whether no port is. */
  public boolean isEmpty() {
    return numbers.isEmpty();
  }

  /** As the user wrote it. */
  @Override
  public String toString() {
    return text;
  }
}
