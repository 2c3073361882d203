package dev.husk.ab.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** {@link Loads#echo}. */
final class EchoLoad implements Load {
  private final EchoOptions options;
  private final Driver driver;

  EchoLoad(EchoOptions options, long rehearsal) {
    this.options = options;
    this.driver = new Driver(options.driver(), List.of(), rehearsal);
  }

  @Override
  public String describe() {
    return "TCP echo of %d bytes on %d connections; each reply must have the bytes of its request"
        .formatted(options.bytes(), options.driver().connections());
  }

  @Override
  public int port() {
    return options.port();
  }

  @Override
  public boolean isReady(InetSocketAddress address) throws WrongReplyException {
    long deadline = System.nanoTime() + options.driver().timeout().toNanos();
    EchoExchange exchange = new EchoExchange(options.bytes());
    try (Socket socket = new Socket()) {
      socket.connect(address, HttpContact.millis(deadline));
      byte[] request = new byte[options.bytes()];
      exchange.begin(-1).get(request);
      // A peer that takes nothing would block the write, for which a socket has no timeout.
      Thread writer = Thread.ofVirtual().start(() -> write(socket, request));
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[16 * 1024];
      while (true) {
        socket.setSoTimeout(HttpContact.millis(deadline));
        int length = in.read(bytes);
        if (length < 0) {
          return false;
        }
        switch (exchange.receive(ByteBuffer.wrap(bytes, 0, length))) {
          case CORRECT -> {
            writer.interrupt();
            return true;
          }
          case WRONG -> throw new WrongReplyException(exchange.problem());
          case PARTIAL, MISSING -> {}
        }
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // Read fails as well.
    }
  }

  @Override
  public LoadReport run(InetSocketAddress address, double rate, Duration time)
      throws IOException, InterruptedException {
    Plan plan = Plan.of(address, rate, time, options.driver());
    return driver.run(new Job.Echo(plan, options.bytes()));
  }

  @Override
  public void close() {
    driver.close();
  }
}
