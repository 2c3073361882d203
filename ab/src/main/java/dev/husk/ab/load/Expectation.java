package dev.husk.ab.load;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a correct reply is.
 *
 * @param status of HTTP; 0 for any below 400, or {@link #NO_STATUS}
 * @param length bytes of the body, or rows of a result; -1 for any content
 * @param hash CRC-32C of the content, when there is a length
 * @param pattern to be found in the body, null for none
 * @param start the first 200 characters of the content, when there is a length
 */
record Expectation(int status, long length, int hash, @Nullable Pattern pattern, String start)
    implements Serializable {
  /** The status where the protocol has none. */
  static final int NO_STATUS = -1;

  /** Any content. */
  static Expectation ofStatus(int status) {
    return new Expectation(status, -1, 0, null, "");
  }

  /** One body. */
  static Expectation ofBody(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return new Expectation(status, bytes.length, (int) crc.getValue(), null, Answer.excerpt(body));
  }

  /** A body with a pattern in it. */
  static Expectation ofPattern(int status, String pattern) {
    return new Expectation(status, -1, 0, Pattern.compile(pattern), "");
  }

  /** With another status. */
  Expectation withStatus(int other) {
    return new Expectation(other, length, hash, pattern, start);
  }

  /** Whether a reply is correct, but for the pattern. */
  boolean accepts(int otherStatus, long otherLength, int otherHash) {
    return (status == 0 ? otherStatus < 400 : status == otherStatus)
        && (length < 0 || length == otherLength && hash == otherHash);
  }

  boolean accepts(Answer answer) {
    return accepts(answer.status(), answer.length(), answer.hash())
        && (pattern == null || pattern.matcher(answer.body()).find());
  }

  /** Why a reply is wrong, in words. */
  String wrong(Answer answer) {
    String came =
        (answer.status() == NO_STATUS ? "" : "status " + answer.status() + " and ")
            + content(answer.length(), answer.start(), answer.status() == NO_STATUS);
    return "it answered with " + came + "; expected was " + words();
  }

  /** What it is, in words. */
  String words() {
    boolean rows = status == NO_STATUS;
    String first = rows ? "" : status == 0 ? "a status below 400" : "status " + status;
    String second =
        pattern != null
            ? "a body with /" + pattern + "/ in it"
            : length >= 0 ? content(length, start, rows) : rows ? "a result" : "";
    return first + (first.isEmpty() || second.isEmpty() ? "" : " and ") + second;
  }

  private static String content(long length, String start, boolean rows) {
    return length
        + (rows ? length == 1 ? " row" : " rows" : length == 1 ? " byte" : " bytes")
        + (length == 0 ? "" : " '" + start + "'");
  }
}
