package dev.husk.bench.measure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Looks whether a server answers as it should, before its speed means anything. */
public final class HttpCheck {
  private static final int REQUESTS = 20;
  private static final int TIMEOUT_MILLIS = 10_000;

  private HttpCheck() {}

  /**
   * Sends some requests over one connection and compares every answer.
   *
   * @param body what the server is to answer
   * @return the bytes of one answer with its head
   * @throws IOException when an answer is another
   */
  public static int verify(int port, String body) throws IOException {
    int length = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] request =
          ("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(request);
        length = readAnswer(socket.getInputStream(), body);
      }
    }
    return length;
  }

  private static int readAnswer(InputStream in, String body) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the server closed the connection after: " + text);
      }
      head.write(next);
      text = head.toString(StandardCharsets.ISO_8859_1);
    }
    if (!text.startsWith("HTTP/1.1 200")) {
      throw new IOException("expected status 200, got: " + text);
    }
    byte[] expected = body.getBytes(StandardCharsets.UTF_8);
    if (!text.toLowerCase(Locale.ROOT).contains("content-length: " + expected.length + "\r\n")) {
      throw new IOException("expected a body of " + expected.length + " bytes, got: " + text);
    }
    String actual = new String(in.readNBytes(expected.length), StandardCharsets.UTF_8);
    if (!actual.equals(body)) {
      throw new IOException("expected the body '" + body + "', got '" + actual + "'");
    }
    return head.size() + expected.length;
  }
}
