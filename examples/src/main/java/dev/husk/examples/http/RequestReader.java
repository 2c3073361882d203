package dev.husk.examples.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads HTTP/1.1 requests off one connection: a byte buffer refilled by blocking reads, and lines
 * taken from it in place. Keeps what the answer depends on (version, {@code Connection}, the length
 * of a body to skip) and forgets the rest.
 */
final class RequestReader {
  /** What the connection's thread is to do next. */
  enum Request {
    KEEP_ALIVE,
    CLOSE,
    BAD,
    END
  }

  private static final int MAX_LINE = 8192;

  private final InputStream in;
  private final byte[] buffer = new byte[MAX_LINE];
  private int position;
  private int limit;
  private int lineStart;
  private int lineEnd;

  RequestReader(InputStream in) {
    this.in = in;
  }

  /** Blocks for the next whole request. */
  Request next() throws IOException {
    if (!readLine()) {
      return lineEnd < 0 ? Request.BAD : Request.END;
    }
    boolean http11 = lineEndsWith("HTTP/1.1");
    if (!http11 && !lineEndsWith("HTTP/1.0")) {
      return Request.BAD;
    }
    boolean close = !http11;
    long body = 0;
    while (true) {
      if (!readLine()) {
        return Request.BAD;
      }
      if (lineStart == lineEnd) {
        break;
      }
      if (lineHasName("connection")) {
        close = lineEndsWith("close") || (close && !lineEndsWith("keep-alive"));
      } else if (lineHasName("content-length")) {
        body = number("content-length".length() + 1);
      } else if (lineHasName("transfer-encoding")) {
        return Request.BAD; // This server takes no chunked bodies.
      }
    }
    if (body < 0 || !skip(body)) {
      return Request.BAD;
    }
    return close ? Request.CLOSE : Request.KEEP_ALIVE;
  }

  /**
   * Moves to the next line, less its line end.
   *
   * @return false at the end of the stream (then {@code lineEnd} is 0) or when the line is longer
   *     than the buffer (then it is -1)
   */
  private boolean readLine() throws IOException {
    lineStart = position;
    int scan = position;
    while (true) {
      byte[] bytes = buffer;
      int end = limit;
      while (scan < end) {
        if (bytes[scan++] == '\n') {
          position = scan;
          lineEnd = scan - 1 > lineStart && bytes[scan - 2] == '\r' ? scan - 2 : scan - 1;
          return true;
        }
      }
      int pending = limit - lineStart;
      if (pending == MAX_LINE) {
        lineEnd = -1;
        return false;
      }
      if (lineStart > 0) {
        System.arraycopy(buffer, lineStart, buffer, 0, pending);
        lineStart = 0;
        scan = pending;
        limit = pending;
      }
      int count = in.read(buffer, limit, MAX_LINE - limit);
      if (count < 0) {
        lineEnd = pending == 0 ? 0 : -1;
        return false;
      }
      limit += count;
    }
  }

  private boolean skip(long count) throws IOException {
    long left = count - Math.min(count, limit - position);
    position += (int) (count - left);
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, MAX_LINE));
      if (read < 0) {
        return false;
      }
      left -= read;
      position = 0;
      limit = 0;
    }
    return true;
  }

  /** True where the line is a header of that lower-case name. */
  private boolean lineHasName(String name) {
    int length = name.length();
    if (lineEnd - lineStart <= length || buffer[lineStart + length] != ':') {
      return false;
    }
    return matches(lineStart, name);
  }

  private boolean lineEndsWith(String suffix) {
    int start = lineEnd - suffix.length();
    return start >= lineStart && matches(start, suffix);
  }

  /** Compares ASCII without regard to case. */
  private boolean matches(int start, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (((buffer[start + i] ^ text.charAt(i)) & ~0x20) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The decimal number that begins at that offset of the line, or -1. */
  private long number(int offset) {
    int i = lineStart + offset;
    while (i < lineEnd && buffer[i] == ' ') {
      i++;
    }
    if (i == lineEnd || lineEnd - i > 15) {
      return -1;
    }
    long value = 0;
    for (; i < lineEnd; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
