package dev.husk.allocator;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Text files of {@code /proc} and {@code /sys}. */
final class KernelFile {
  private static final int FIRST = 4 << 10;
  private static final int LAST = 1 << 20;

  private KernelFile() {}

  /**
   * Reads a file whole. Any thread; takes some ten microseconds.
   *
   * @return null when there is none that can be read
   */
  static @Nullable String read(String path) {
    try (FileInputStream in = new FileInputStream(path)) {
      byte[] text = new byte[FIRST];
      int length = 0;
      for (; ; ) {
        int read = in.read(text, length, text.length - length);
        if (read <= 0) {
          return new String(text, 0, length, StandardCharsets.UTF_8);
        }
        length += read;
        if (length == text.length) {
          if (length == LAST) {
            return null;
          }
          text = Arrays.copyOf(text, length * 2);
        }
      }
    } catch (IOException e) {
      return null;
    }
  }

  /** The number that a text is but for blanks around it; -1 for anything else. */
  static long number(@Nullable String text) {
    return text == null ? -1 : number(text, 0, text.length());
  }

  /**
   * The number in the first line that starts with a name and a blank.
   *
   * @return -1 when there is none
   */
  static long number(@Nullable String text, String name) {
    if (text == null) {
      return -1;
    }
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      if (end < 0) {
        end = text.length();
      }
      int value = from + name.length();
      if (text.startsWith(name, from) && value < end && text.charAt(value) == ' ') {
        return number(text, value, end);
      }
      from = end + 1;
    }
    return -1;
  }

  private static long number(String text, int start, int stop) {
    int from = start;
    int to = stop;
    while (from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) <= ' ') {
      to--;
    }
    if (from == to) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
