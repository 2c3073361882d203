package dev.husk.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.husk.examples.http.RequestReader.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestReaderTest {
  /** What the reader makes of a connection that sends this text in pieces of so many bytes. */
  private static List<Request> read(String text, int piece) throws IOException {
    InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    InputStream pieces =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return bytes.read();
          }

          @Override
          public int read(byte[] b, int offset, int length) throws IOException {
            return bytes.read(b, offset, Math.min(length, piece));
          }
        };
    RequestReader reader = new RequestReader(pieces);
    List<Request> all = new ArrayList<>();
    Request next = reader.next();
    while (next == Request.KEEP_ALIVE) {
      all.add(next);
      next = reader.next();
    }
    all.add(next);
    return all;
  }

  private static void expect(String text, Request... requests) throws IOException {
    for (int piece : new int[] {1, 7, 8192}) {
      assertEquals(List.of(requests), read(text, piece), text + " in pieces of " + piece);
    }
  }

  @Test
  void requestsInARow() throws IOException {
    expect(
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
        Request.KEEP_ALIVE,
        Request.KEEP_ALIVE,
        Request.END);
    expect("", Request.END);
  }

  @Test
  void connectionHeader() throws IOException {
    expect("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", Request.CLOSE);
    expect("GET / HTTP/1.0\r\n\r\n", Request.CLOSE);
    expect("GET / HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n", Request.KEEP_ALIVE, Request.END);
  }

  @Test
  void bodiesAreSkipped() throws IOException {
    String body = "x".repeat(20_000) + "\r\n\r\n";
    expect(
        "POST / HTTP/1.1\r\nContent-Length: 20004\r\n\r\n" + body + "GET / HTTP/1.1\r\n\r\n",
        Request.KEEP_ALIVE,
        Request.KEEP_ALIVE,
        Request.END);
  }

  @Test
  void whatItDoesNotTake() throws IOException {
    expect("nonsense\r\n\r\n", Request.BAD);
    expect("GET / HTTP/1.1\r\nHost: a\r\n", Request.BAD);
    expect("GET / HT", Request.BAD);
    expect("POST / HTTP/1.1\r\nContent-Length: 12x\r\n\r\n", Request.BAD);
    expect("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", Request.BAD);
    expect("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Request.BAD);
    expect("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n", Request.BAD);
  }
}
