package dev.husk.ab.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Single requests on connections of their own, from this process. */
final class HttpContact {
  private HttpContact() {}

  /**
   * A reply.
   *
   * @param answer what it says
   * @param bytes of all of it, the head included
   */
  record Reply(Answer answer, long bytes) {}

  /**
   * Sends a request and reads the whole reply.
   *
   * @param timeout for all of it
   * @throws IOException when there is no reply, or not within the time
   * @throws WrongReplyException when what comes isn't HTTP
   */
  static Reply ask(
      InetSocketAddress address, HttpRequest request, boolean keepBody, Duration timeout)
      throws IOException, WrongReplyException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Socket socket = new Socket()) {
      socket.connect(address, millis(deadline));
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request.bytes());
      InputStream in = socket.getInputStream();
      HttpReplyParser parser = new HttpReplyParser(keepBody);
      parser.start(request.head());
      byte[] bytes = new byte[16 * 1024];
      boolean whole = false;
      long count = 0;
      while (!whole) {
        socket.setSoTimeout(millis(deadline));
        int length = in.read(bytes);
        if (length < 0) {
          if (!parser.end()) {
            throw new IOException("closed before the reply was whole");
          }
          break;
        }
        count += length;
        ByteBuffer piece = ByteBuffer.wrap(bytes, 0, length);
        whole = parser.parse(piece);
        if (whole && parser.problem() == null && piece.hasRemaining()) {
          throw new WrongReplyException(
              "its reply is followed by " + piece.remaining() + " bytes that nobody asked for");
        }
      }
      if (parser.problem() != null) {
        throw new WrongReplyException("its reply isn't HTTP: " + parser.problem());
      }
      return new Reply(parser.answer(), count);
    }
  }

  /** What is left of a time, ms, at least 1. */
  static int millis(long deadline) throws SocketTimeoutException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("no reply within the timeout");
    }
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
  }
}
