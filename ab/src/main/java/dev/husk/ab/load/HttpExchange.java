package dev.husk.ab.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 without pipelining. */
final class HttpExchange implements Exchange {
  private final HttpRequest request;
  private final Expectation expectation;
  private final HttpReplyParser parser;
  private final ByteBuffer bytes;
  private long excess;

  HttpExchange(Job.Http job) {
    request = job.request();
    expectation = job.expectation();
    parser = new HttpReplyParser(expectation.pattern() != null);
    byte[] text = request.bytes();
    bytes = ByteBuffer.allocateDirect(text.length).put(text);
  }

  @Override
  public ByteBuffer begin(long number) {
    excess = 0;
    parser.start(request.head());
    return bytes.flip();
  }

  @Override
  public Reply receive(ByteBuffer in) {
    if (!parser.parse(in)) {
      return Reply.PARTIAL;
    }
    excess = in.remaining();
    return judge();
  }

  private Reply judge() {
    boolean correct =
        parser.problem() == null
            && excess == 0
            && expectation.accepts(parser.status(), parser.bodyLength(), parser.bodyHash())
            && (expectation.pattern() == null || expectation.accepts(parser.answer()));
    return correct ? Reply.CORRECT : Reply.WRONG;
  }

  @Override
  public Reply end() {
    return parser.end() ? judge() : Reply.MISSING;
  }

  @Override
  public boolean begun() {
    return parser.begun();
  }

  @Override
  public boolean reusable() {
    return parser.keepAlive() && excess == 0;
  }

  @Override
  public boolean repeatable() {
    return request.repeatable();
  }

  @Override
  public String problem() {
    if (parser.problem() != null) {
      return "the reply isn't HTTP: " + parser.problem();
    }
    if (excess > 0) {
      return "a reply is followed by " + excess + " bytes that nobody asked for";
    }
    return expectation.wrong(parser.answer());
  }

  @Override
  public @Nullable String unasked(ByteBuffer in) {
    byte[] start = new byte[Math.min(in.remaining(), 80)];
    in.get(start);
    String text = new String(start, StandardCharsets.ISO_8859_1);
    // Some servers say so before they close an idle connection.
    return text.startsWith("HTTP/1.1 408") || text.startsWith("HTTP/1.0 408")
        ? null
        : "the app sent '" + Answer.excerpt(text) + "' though nothing was asked";
  }
}
