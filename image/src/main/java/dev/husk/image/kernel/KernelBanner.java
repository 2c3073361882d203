package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;

/** The line by which a kernel introduces itself: {@code Linux version 6.1.0 (builder) ...}. */
final class KernelBanner {
  private static final byte[] BEGIN = "Linux version ".getBytes(ISO_8859_1);
  private static final int MOST_VERSION = 64;

  private KernelBanner() {}

  /**
   * The version at the begin of a banner without its first words.
   *
   * @throws IOException if there is none: a digit, and letters without a space
   */
  static String version(String banner) throws IOException {
    int end = 0;
    while (end < banner.length() && banner.charAt(end) > ' ' && banner.charAt(end) < 0x7f) {
      end++;
    }
    if (end == 0 || end > MOST_VERSION || !Character.isDigit(banner.charAt(0))) {
      throw new IOException("broken kernel: what should be its version isn't one");
    }
    return banner.substring(0, end);
  }

  /**
   * Looks for the banner of an uncompressed kernel in its data.
   *
   * @throws IOException if there is none
   */
  static String find(Content content) throws IOException {
    try (InputStream in = content.open()) {
      byte[] buffer = new byte[256 << 10];
      int matched = 0;
      int read;
      while ((read = in.read(buffer)) > 0) {
        for (int i = 0; i < read; i++) {
          if (matched == BEGIN.length && Character.isDigit(buffer[i])) {
            return version(new String(rest(buffer, i, read, in), ISO_8859_1));
          }
          // The first letter isn't in the words again, so that a mismatch begins anew.
          if (matched < BEGIN.length && buffer[i] == BEGIN[matched]) {
            matched++;
          } else {
            matched = buffer[i] == BEGIN[0] ? 1 : 0;
          }
        }
      }
    }
    throw new IOException("not a Linux kernel: nowhere in it stands \"Linux version\"");
  }

  private static byte[] rest(byte[] buffer, int from, int to, InputStream in) throws IOException {
    int have = Math.min(to - from, MOST_VERSION + 1);
    byte[] more = in.readNBytes(MOST_VERSION + 1 - have);
    byte[] rest = new byte[have + more.length];
    System.arraycopy(buffer, from, rest, 0, have);
    System.arraycopy(more, 0, rest, have, more.length);
    return rest;
  }
}
