package dev.husk.ab.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A server that does to its connections what a test says. */
final class RawServer implements AutoCloseable {
  private final ServerSocket server;
  private final Thread accepting;
  private final AtomicLong connections = new AtomicLong();

  /** What happens on a connection; it is closed afterwards. */
  interface Peer {
    void serve(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  /** A reply to the HTTP request with some number, from 1. */
  interface Replies {
    String reply(long number) throws InterruptedException;
  }

  RawServer(Peer peer) throws IOException {
    server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    accepting = Thread.ofVirtual().start(() -> accept(peer));
  }

  /** Answers requests without bodies; the connection is closed after a reply that ends with "!". */
  static RawServer http(Replies replies) throws IOException {
    AtomicLong numbers = new AtomicLong();
    return new RawServer(
        (in, out) -> {
          while (readRequest(in)) {
            String reply = replies.reply(numbers.incrementAndGet());
            boolean last = reply.endsWith("!");
            out.write(
                reply
                    .substring(0, reply.length() - (last ? 1 : 0))
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (last) {
              return;
            }
          }
        });
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** Reads up to the empty line; false at the end. */
  static boolean readRequest(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 4) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      ends = next == '\r' || next == '\n' ? ends + 1 : 0;
    }
    return true;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Connections that were accepted. */
  long connections() {
    return connections.get();
  }

  private void accept(Peer peer) {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, peer));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void serve(Socket socket, Peer peer) {
    try (socket) {
      socket.setTcpNoDelay(true);
      peer.serve(
          new BufferedInputStream(socket.getInputStream()),
          new BufferedOutputStream(socket.getOutputStream()));
    } catch (IOException | InterruptedException e) {
      // The client is gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      // The port is free only when nobody accepts any more.
      accepting.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
