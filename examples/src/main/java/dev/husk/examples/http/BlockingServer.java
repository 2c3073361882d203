package dev.husk.examples.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;

/**
 * A thread-per-connection HTTP/1.1 server on {@link ServerSocket} and {@link Socket} streams, as it
 * was written before there were event loops: the thread blocks in {@code read}, parses the request,
 * answers with one {@code write} and blocks again.
 *
 * <p>Nothing in it knows of Husk or of virtual threads; {@code --threads=virtual} only swaps the
 * thread factory, so that both kinds of the stock JVM's threads can be compared.
 */
public final class BlockingServer {
  private static final byte[] RESPONSE =
      ascii(
          "HTTP/1.1 200 OK\r\n"
              + "Content-Type: text/plain\r\n"
              + "Content-Length: 13\r\n"
              + "\r\n"
              + "Hello, World!");
  private static final byte[] BAD_REQUEST =
      ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

  private BlockingServer() {}

  /**
   * A copy of the bytes that answer every request; other servers that are compared send the same.
   */
  public static byte[] response() {
    return RESPONSE.clone();
  }

  /**
   * Listens on the loopback address and serves until the process ends.
   *
   * @param args {@code --port=<n>} (default 0, any free one) and {@code --threads=platform|virtual}
   */
  public static void main(String[] args) throws IOException {
    int port = 0;
    ThreadFactory threads = task -> new Thread(task, "connection");
    for (String arg : args) {
      if (arg.startsWith("--port=")) {
        port = Integer.parseInt(arg.substring("--port=".length()));
      } else if (arg.equals("--threads=virtual")) {
        threads = Thread.ofVirtual().name("connection").factory();
      } else if (!arg.equals("--threads=platform")) {
        System.err.println("BlockingServer: unknown argument " + arg);
        System.err.println("usage: BlockingServer [--port=<n>] [--threads=platform|virtual]");
        System.exit(2);
      }
    }
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
      System.out.println("ready " + listener.getLocalPort());
      while (true) {
        Socket socket = listener.accept();
        threads.newThread(() -> serve(socket)).start();
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      RequestReader requests = new RequestReader(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean open = true;
      while (open) {
        switch (requests.next()) {
          case KEEP_ALIVE -> out.write(RESPONSE);
          case CLOSE -> {
            out.write(RESPONSE);
            open = false;
          }
          case BAD -> {
            out.write(BAD_REQUEST);
            open = false;
          }
          case END -> open = false;
        }
      }
    } catch (IOException e) {
      // The peer went away in the middle of a request: nobody is left to answer.
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
