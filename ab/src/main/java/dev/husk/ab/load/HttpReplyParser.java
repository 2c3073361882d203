package dev.husk.ab.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply of HTTP/1.1 or 1.0 after the other (RFC 9112), from pieces of any size. It keeps
 * no body: its length, its CRC-32C and its start are what is left of it.
 *
 * <p>It allocates nothing per reply, but for lines longer than any before and for bodies that are
 * to be kept. One thread uses it.
 */
final class HttpReplyParser {
  /** Bytes of all headers of a reply, its interim replies' among them. */
  static final int MAX_HEAD = 64 * 1024;

  /** Bytes of a kept body. */
  static final int MAX_KEPT = 1 << 20;

  /** Bytes of the body's start; enough for 200 characters of UTF-8. */
  private static final int MAX_EXCERPT = 800;

  private static final int MAX_CHUNK_LINE = 4096;
  private static final byte[] VERSION = ascii("HTTP/1.");
  private static final byte[] CONTENT_LENGTH = ascii("content-length");
  private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] CHUNKED = ascii("chunked");
  private static final byte[] CLOSE = ascii("close");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");

  /** What {@link #parse} is at. */
  private enum State {
    STATUS,
    HEADER,
    BODY,
    CHUNK_LINE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    UNTIL_CLOSE,
    DONE,
    BAD
  }

  private final boolean keepBody;
  private final CRC32C crc = new CRC32C();
  private final byte[] excerpt = new byte[MAX_EXCERPT];
  private byte[] line = new byte[256];
  private byte[] kept = new byte[0];
  private State state = State.DONE;
  private boolean head;
  private boolean begun;
  private int lineLength;
  private int budget;
  private int status;
  private boolean keepAlive;
  private boolean chunked;
  private boolean otherEncoding;
  private long contentLength;
  private long left;
  private long bodyLength;
  private @Nullable String problem;

  /**
   * Makes one.
   *
   * @param keepBody whether {@link #body} is asked for
   */
  HttpReplyParser(boolean keepBody) {
    this.keepBody = keepBody;
  }

  /**
   * Expects another reply.
   *
   * @param head whether the request was HEAD, whose reply has no body
   */
  void start(boolean head) {
    this.head = head;
    begun = false;
    budget = MAX_HEAD;
    problem = null;
    crc.reset();
    bodyLength = 0;
    startHead();
  }

  private void startHead() {
    state = State.STATUS;
    lineLength = 0;
    status = 0;
    keepAlive = false;
    chunked = false;
    otherEncoding = false;
    contentLength = -1;
  }

  /**
   * Reads on, up to the end of the reply.
   *
   * @return whether this is the end: the reply is whole, or it is no reply, which {@link #problem}
   *     tells
   */
  boolean parse(ByteBuffer in) {
    begun |= in.hasRemaining();
    while (in.hasRemaining() && state != State.DONE && state != State.BAD) {
      switch (state) {
        case STATUS -> {
          if (line(in)) {
            statusLine();
          } else if (!startsLikeVersion()) {
            bad("it doesn't start with HTTP/1.1 or HTTP/1.0");
          }
        }
        case HEADER -> {
          if (line(in)) {
            if (lineLength == 0) {
              endOfHead();
            } else {
              header();
            }
            lineLength = 0;
          }
        }
        case BODY -> {
          left -= body(in, left);
          if (left == 0) {
            state = State.DONE;
          }
        }
        case CHUNK_LINE -> {
          if (line(in)) {
            chunkLine();
            lineLength = 0;
          }
        }
        case CHUNK -> {
          left -= body(in, left);
          if (left == 0) {
            budget = 2;
            state = State.CHUNK_END;
          }
        }
        case CHUNK_END -> {
          if (line(in)) {
            if (lineLength == 0) {
              budget = MAX_CHUNK_LINE;
              state = State.CHUNK_LINE;
            } else {
              bad("a chunk is longer than its size says");
            }
          }
        }
        case TRAILER -> {
          if (line(in)) {
            if (lineLength == 0) {
              state = State.DONE;
            }
            lineLength = 0;
          }
        }
        case UNTIL_CLOSE -> body(in, Long.MAX_VALUE);
        case DONE, BAD -> throw new AssertionError(state);
      }
    }
    return state == State.DONE || state == State.BAD;
  }

  /** The peer has closed. Returns whether that made the reply whole. */
  boolean end() {
    if (state == State.UNTIL_CLOSE) {
      state = State.DONE;
    }
    return state == State.DONE;
  }

  /** Whether a byte of the reply has come. */
  boolean begun() {
    return begun;
  }

  /** Of the whole reply; 0 before. */
  int status() {
    return status;
  }

  /** Whether the connection may be used for another request. */
  boolean keepAlive() {
    return keepAlive && state == State.DONE;
  }

  long bodyLength() {
    return bodyLength;
  }

  /** CRC-32C of the body. */
  int bodyHash() {
    return (int) crc.getValue();
  }

  /** The whole reply. */
  Answer answer() {
    return new Answer(status, bodyLength, bodyHash(), body(), bodyStart());
  }

  /** The first 200 characters of the body, with everything that doesn't print as a dot. */
  String bodyStart() {
    int length = (int) Math.min(bodyLength, excerpt.length);
    return Answer.excerpt(new String(excerpt, 0, length, StandardCharsets.UTF_8));
  }

  /** The body, up to {@link #MAX_KEPT}. */
  String body() {
    int length = (int) Math.min(bodyLength, MAX_KEPT);
    return new String(kept, 0, keepBody ? length : 0, StandardCharsets.UTF_8);
  }

  /** Why this is no reply, null when it is one. */
  @Nullable String problem() {
    return problem;
  }

  private void bad(String words) {
    problem = words;
    state = State.BAD;
  }

  /** Reads up to the end of a line; {@link #line} has it then, without CR and LF. */
  private boolean line(ByteBuffer in) {
    int position = in.position();
    int limit = in.limit();
    int end = position;
    while (end < limit && in.get(end) != '\n') {
      end++;
    }
    int length = Math.min(end + 1, limit) - position;
    budget -= length;
    if (budget < 0) {
      in.position(limit);
      bad(
          state == State.CHUNK_LINE || state == State.CHUNK_END
              ? "a chunk's size or end is too long"
              : "its headers have more than " + MAX_HEAD + " bytes");
      return false;
    }
    if (lineLength + length > line.length) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + length));
    }
    in.get(line, lineLength, length);
    lineLength += length;
    if (end == limit) {
      return false;
    }
    lineLength--;
    if (lineLength > 0 && line[lineLength - 1] == '\r') {
      lineLength--;
    }
    return true;
  }

  private boolean startsLikeVersion() {
    int length = Math.min(lineLength, VERSION.length);
    return state == State.BAD || Arrays.equals(line, 0, length, VERSION, 0, length);
  }

  private void statusLine() {
    boolean right =
        startsLikeVersion()
            && lineLength >= 12
            && isDigit(line[7])
            && line[8] == ' '
            && isDigit(line[9])
            && isDigit(line[10])
            && isDigit(line[11])
            && (lineLength == 12 || line[12] == ' ');
    if (!right) {
      bad("its first line is '" + Answer.excerpt(lineText()) + "'");
      return;
    }
    keepAlive = line[7] != '0';
    status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
    lineLength = 0;
    state = State.HEADER;
    if (status < 100 || status == 101) {
      bad("its status is " + status);
    }
  }

  private void header() {
    if (line[0] == ' ' || line[0] == '\t') {
      return; // a folded line; none of the headers that matter here is ever folded
    }
    int colon = 0;
    while (colon < lineLength && line[colon] != ':') {
      colon++;
    }
    if (colon == 0 || colon == lineLength) {
      bad("it has a header '" + Answer.excerpt(lineText()) + "'");
      return;
    }
    if (isNamed(CONTENT_LENGTH, colon)) {
      contentLength(colon + 1);
    } else if (isNamed(TRANSFER_ENCODING, colon)) {
      // Only the last coding delimits the body; without it, the connection's end does.
      chunked = hasToken(CHUNKED, colon + 1, true);
      otherEncoding = !chunked;
    } else if (isNamed(CONNECTION, colon)) {
      if (hasToken(CLOSE, colon + 1, false)) {
        keepAlive = false;
      } else if (hasToken(KEEP_ALIVE, colon + 1, false)) {
        keepAlive = true;
      }
    }
  }

  /** Whether the line has a word in its list from some byte on, maybe as the last one. */
  private boolean hasToken(byte[] lowerCase, int from, boolean last) {
    for (int start = from; start + lowerCase.length <= lineLength; start++) {
      int end = start + lowerCase.length;
      if (equalsLowerCase(start, lowerCase)
          && (start == from || isBlank(line[start - 1]) || line[start - 1] == ',')
          && (end == lineLength || isBlank(line[end]) || line[end] == ',' && !last)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(byte[] lowerCase, int length) {
    return length == lowerCase.length && equalsLowerCase(0, lowerCase);
  }

  private boolean equalsLowerCase(int start, byte[] lowerCase) {
    for (int i = 0; i < lowerCase.length; i++) {
      // All letters and the dash of these words have this bit; what gets equal by it besides is no
      // character of a name.
      if ((line[start + i] | 0x20) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private void contentLength(int from) {
    int start = from;
    int end = lineLength;
    while (start < end && isBlank(line[start])) {
      start++;
    }
    while (end > start && isBlank(line[end - 1])) {
      end--;
    }
    long value = 0;
    boolean right = start < end && end - start <= 18;
    for (int i = start; i < end && right; i++) {
      right = isDigit(line[i]);
      value = value * 10 + line[i] - '0';
    }
    if (!right || contentLength >= 0 && contentLength != value) {
      bad("its Content-Length is wrong or there are two of them: " + Answer.excerpt(lineText()));
      return;
    }
    contentLength = value;
  }

  private void endOfHead() {
    if (status < 200) {
      startHead();
    } else if (head || status == 204 || status == 304) {
      state = State.DONE;
    } else if (chunked) {
      budget = MAX_CHUNK_LINE;
      state = State.CHUNK_LINE;
    } else if (otherEncoding || contentLength < 0) {
      keepAlive = false;
      state = State.UNTIL_CLOSE;
    } else {
      left = contentLength;
      state = left == 0 ? State.DONE : State.BODY;
    }
  }

  private void chunkLine() {
    long size = 0;
    int at = 0;
    while (at < lineLength && Character.digit(line[at], 16) >= 0 && at < 16) {
      size = size << 4 | Character.digit(line[at], 16);
      at++;
    }
    if (at == 0 || at == 16 || at < lineLength && line[at] != ';' && !isBlank(line[at])) {
      bad("it has a chunk of size '" + Answer.excerpt(lineText()) + "'");
      return;
    }
    left = size;
    if (size == 0) {
      budget = MAX_HEAD;
      state = State.TRAILER;
    } else {
      state = State.CHUNK;
    }
  }

  /** Takes at most so many bytes of the body, and returns how many. */
  private int body(ByteBuffer in, long most) {
    int length = (int) Math.min(in.remaining(), most);
    int position = in.position();
    if (bodyLength < MAX_EXCERPT) {
      int start = (int) bodyLength;
      in.get(position, excerpt, start, Math.min(length, MAX_EXCERPT - start));
    }
    if (keepBody && bodyLength < MAX_KEPT) {
      int start = (int) bodyLength;
      int more = Math.min(length, MAX_KEPT - start);
      if (start + more > kept.length) {
        kept = Arrays.copyOf(kept, Math.min(MAX_KEPT, Math.max(kept.length * 2, start + more)));
      }
      in.get(position, kept, start, more);
    }
    int limit = in.limit();
    in.limit(position + length);
    crc.update(in);
    in.limit(limit);
    bodyLength += length;
    return length;
  }

  private String lineText() {
    return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
