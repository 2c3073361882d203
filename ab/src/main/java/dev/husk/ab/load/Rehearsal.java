package dev.husk.ab.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Runs the driver's code against a little server of its own, so that it is compiled by the time it
 * measures: the first variant of the first round must not pay for the driver's warm-up.
 */
final class Rehearsal {
  private static final String BODY = "Hello, world";

  private Rehearsal() {}

  /**
   * Rehearses both loops.
   *
   * @param millis how long in all, 0 for not at all
   */
  static void run(long millis) throws IOException, InterruptedException {
    if (millis == 0) {
      return;
    }
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().name("rehearsal").start(() -> accept(server));
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      DriverOptions options =
          DriverOptions.DEFAULT.withConnections(4).withTimeout(Duration.ofSeconds(2));
      Duration half = Duration.ofMillis(Math.max(1, millis / 2));
      HttpRequest request = HttpRequest.of("GET", "/", "localhost", List.of(), "");
      Expectation expectation = Expectation.ofBody(200, BODY);
      for (double rate : new double[] {0, 2000}) {
        Plan plan = Plan.of(address, rate, half, options);
        DriverMain.run(new Job.Http(plan, request, expectation));
      }
    }
  }

  /** One exchange, for the classes that this process needs for {@link HttpContact}. */
  static void contact() throws IOException, WrongReplyException {
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().name("rehearsal").start(() -> accept(server));
      HttpContact.ask(
          (InetSocketAddress) server.getLocalSocketAddress(),
          HttpRequest.of("GET", "/", "localhost", List.of(), ""),
          false,
          Duration.ofSeconds(2));
    }
  }

  private static void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> answer(socket));
      }
    } catch (IOException e) {
      // The rehearsal is over.
    }
  }

  private static void answer(Socket socket) {
    byte[] reply =
        ("HTTP/1.1 200 OK\r\nServer: rehearsal\r\nContent-Type: text/plain\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n"
                + BODY)
            .getBytes(StandardCharsets.US_ASCII);
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] request = new byte[1024];
      // Each request is small and comes alone, so that it comes in one piece.
      while (in.read(request) > 0) {
        out.write(reply);
      }
    } catch (IOException e) {
      // The other side has closed.
    }
  }
}
