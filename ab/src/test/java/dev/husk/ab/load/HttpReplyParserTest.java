package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpReplyParserTest {
  private static final List<String> WHOLE =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHello, world",
          "HTTP/1.1 200\r\ncontent-length:12  \r\nX: y\r\n\r\nHello, world",
          "HTTP/1.1 200 OK\nContent-Length: 12\n\nHello, world",
          "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 12\r\n\r\nHello, world",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5\r\nHello\r\n7;name=\"value\"\r\n, world\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, CHUNKED\r\nContent-Length: 3\r\n\r\n"
              + "00c\r\nHello, world\r\n0\r\nTrailer: 1\r\nAnother: 2\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
              + "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\nHello, world");

  private final HttpReplyParser parser = new HttpReplyParser(true);

  @Test
  void readsRepliesWhereverTheyAreSplit() {
    for (String reply : WHOLE) {
      byte[] bytes = bytes(reply);
      for (int split = 0; split <= bytes.length; split++) {
        parser.start(false);
        boolean early = parser.parse(ByteBuffer.wrap(bytes, 0, split));
        assertEquals(split == bytes.length, early, reply + " up to " + split);
        ByteBuffer rest = ByteBuffer.wrap(bytes, split, bytes.length - split);
        assertTrue(parser.parse(rest), reply);
        assertHello(reply);
      }
    }
  }

  @Test
  void readsRepliesByteByByte() {
    for (String reply : WHOLE) {
      parser.start(false);
      for (byte each : bytes(reply)) {
        parser.parse(ByteBuffer.allocateDirect(1).put(each).flip());
      }
      assertHello(reply);
    }
  }

  private void assertHello(String reply) {
    CRC32C crc = new CRC32C();
    crc.update(bytes("Hello, world"));
    assertNull(parser.problem(), reply);
    assertEquals(200, parser.status(), reply);
    assertEquals("Hello, world", parser.body(), reply);
    assertEquals("Hello, world", parser.bodyStart(), reply);
    assertEquals(12, parser.bodyLength(), reply);
    assertEquals((int) crc.getValue(), parser.bodyHash(), reply);
    assertTrue(parser.keepAlive(), reply);
  }

  @Test
  void leavesWhatFollowsTheReply() {
    ByteBuffer in = ByteBuffer.wrap(bytes(RawServer.ok("abc") + "HTTP/1.1 200"));
    parser.start(false);
    assertTrue(parser.parse(in));
    assertEquals("HTTP/1.1 200".length(), in.remaining());
  }

  @Test
  void takesNoBodyWhereThereIsNone() {
    for (String status : List.of("204", "304")) {
      parser.start(false);
      assertTrue(feed("HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\n"));
      assertTrue(parser.keepAlive());
    }
    parser.start(true);
    assertTrue(feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    assertEquals(0, parser.bodyLength());
  }

  @Test
  void readsUntilTheConnectionEnds() {
    parser.start(false);
    assertFalse(feed("HTTP/1.1 200 OK\r\n\r\nHello"));
    assertFalse(feed(", world"));
    assertTrue(parser.end());
    assertEquals("Hello, world", parser.body());
    assertFalse(parser.keepAlive());
  }

  @Test
  void knowsWhenTheConnectionEndsTooEarly() {
    parser.start(false);
    assertFalse(parser.begun());
    feed("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHello");
    assertTrue(parser.begun());
    assertFalse(parser.end());
    parser.start(false);
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n");
    assertFalse(parser.end());
  }

  @Test
  void knowsWhetherTheConnectionMayBeUsedAgain() {
    assertFalse(keepAlive("HTTP/1.0 200 OK\r\n"));
    assertFalse(keepAlive("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
    assertFalse(keepAlive("HTTP/1.1 200 OK\r\nconnection: X-Y, Close\r\n"));
    assertTrue(keepAlive("HTTP/1.1 200 OK\r\nConnection: closed\r\n"));
    assertTrue(keepAlive("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n"));
  }

  private boolean keepAlive(String head) {
    parser.start(false);
    assertTrue(feed(head + "Content-Length: 0\r\n\r\n"));
    return parser.keepAlive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n",
      })
  void refusesWhatIsNoReply(String text) {
    parser.start(false);
    assertTrue(feed(text));
    assertNotNull(parser.problem());
    assertFalse(parser.keepAlive());
  }

  @Test
  void refusesEndlessHeadersAndChunkSizes() {
    for (String part : List.of("X: " + "y".repeat(1000) + "\r\n", "z".repeat(1000))) {
      parser.start(false);
      feed("HTTP/1.1 200 OK\r\n");
      int pieces = 0;
      while (!feed(part)) {
        pieces++;
      }
      assertNotNull(parser.problem());
      assertTrue(pieces <= HttpReplyParser.MAX_HEAD / 1000, "pieces: " + pieces);
    }
    parser.start(false);
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    assertTrue(feed("x".repeat(5000)));
    assertNotNull(parser.problem());
  }

  @Test
  void keepsNoMoreOfABodyThanItMay() {
    parser.start(false);
    feed("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 40; i++) {
      feed("é".repeat(50_000));
    }
    assertTrue(parser.end());
    assertEquals(4_000_000, parser.bodyLength());
    assertTrue(parser.body().length() <= HttpReplyParser.MAX_KEPT);
    assertTrue(parser.bodyStart().startsWith("é".repeat(200)));
  }

  @Test
  void neverThrowsOrHangsOnMutatedReplies() {
    Random random = new Random(42);
    int bad = 0;
    int done = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = bytes(WHOLE.get(random.nextInt(WHOLE.size())));
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes = mutate(bytes, random);
      }
      parser.start(random.nextInt(10) == 0);
      boolean over = false;
      int at = 0;
      while (at < bytes.length && !over) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(30));
        ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
        over = parser.parse(piece);
        assertTrue(over || !piece.hasRemaining(), "all is taken unless it is over");
        at += length;
      }
      over |= parser.end();
      bad += parser.problem() == null ? 0 : 1;
      done += over && parser.problem() == null ? 1 : 0;
      assertNotNull(parser.answer());
    }
    assertTrue(bad > 2_000 && done > 2_000, bad + " bad, " + done + " whole");
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    byte[] changed = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> changed[at] = (byte) random.nextInt(256);
      case 1 -> changed = Arrays.copyOf(bytes, Math.max(1, at));
      case 2 -> {
        changed = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, changed, at + 1, bytes.length - at);
      }
      default -> changed[at] = (byte) "\r\n:; 019\t".charAt(random.nextInt(9));
    }
    return changed;
  }

  private boolean feed(String text) {
    return parser.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
