package dev.husk.bench.measure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The load generator for machines without {@code wrk}; takes the arguments of {@code wrk} that
 * {@link Load} uses and prints the same line. It learns the length of an answer from the first one
 * of each connection and counts bytes from there on.
 */
final class JavaLoad {
  private static final int MAX_ANSWER = 64 * 1024;

  private final InetSocketAddress address;
  private final byte[] request;
  private final long end;
  private final Histogram latencies = new Histogram();
  private final ByteBuffer in = ByteBuffer.allocateDirect(MAX_ANSWER);
  private long bytes;
  private long errors;

  private JavaLoad(InetSocketAddress address, byte[] request, long end) {
    this.address = address;
    this.request = request;
    this.end = end;
  }

  /** Usage: {@code -t<threads> -c<connections> -d<seconds> <url>}. */
  public static void main(String[] args) throws Exception {
    int threads = 1;
    int connections = 1;
    int seconds = 1;
    URI uri = null;
    for (String arg : args) {
      if (arg.startsWith("-t")) {
        threads = Integer.parseInt(arg.substring(2));
      } else if (arg.startsWith("-c")) {
        connections = Integer.parseInt(arg.substring(2));
      } else if (arg.startsWith("-d")) {
        seconds = Integer.parseInt(arg.substring(2));
      } else {
        uri = URI.create(arg);
      }
    }
    if (uri == null) {
      throw new IllegalArgumentException("no URL");
    }
    InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
    byte[] request =
        ("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    List<JavaLoad> loads = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int share = connections / threads + (i < connections % threads ? 1 : 0);
      JavaLoad load = new JavaLoad(address, request, end);
      loads.add(load);
      running.add(Thread.ofPlatform().start(() -> load.run(share)));
    }
    for (Thread thread : running) {
      thread.join();
    }
    Histogram all = new Histogram();
    long bytes = 0;
    long errors = 0;
    for (JavaLoad load : loads) {
      all.add(load.latencies);
      bytes += load.bytes;
      errors += load.errors;
    }
    System.out.println(
        new LoadResult(
                all.total(),
                (System.nanoTime() - start) / 1000,
                bytes,
                errors,
                all.percentile(50) / 1000,
                all.percentile(99) / 1000,
                all.percentile(99.9) / 1000,
                all.max() / 1000)
            .toLine());
  }

  private void run(int connections) {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send();
      }
      while (true) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        selector.select(
            key -> {
              try {
                ((Connection) key.attachment()).received();
              } catch (IOException e) {
                errors++;
                key.cancel();
              }
            },
            left / 1_000_000 + 1);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      errors++;
    }
  }

  private final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
    private int answerLength;
    private int missing;
    private long sent;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void send() throws IOException {
      out.flip();
      sent = System.nanoTime();
      // A request of some dozen bytes into the buffer of an idle connection goes at once.
      channel.write(out);
      out.position(out.limit());
      missing = answerLength;
    }

    void received() throws IOException {
      in.clear();
      int count = channel.read(in);
      if (count < 0) {
        throw new IOException("closed by the server");
      }
      bytes += count;
      if (answerLength == 0) {
        String head =
            StandardCharsets.ISO_8859_1
                .decode(in.duplicate().flip())
                .toString()
                .toLowerCase(Locale.ROOT);
        int bodyStart = head.indexOf("\r\n\r\n") + 4;
        int lengthStart = head.indexOf("content-length: ") + "content-length: ".length();
        if (bodyStart < 4 || lengthStart < "content-length: ".length()) {
          throw new IOException("an answer without its length in the first segment: " + head);
        }
        int lengthEnd = head.indexOf("\r\n", lengthStart);
        answerLength = bodyStart + Integer.parseInt(head.substring(lengthStart, lengthEnd).strip());
        missing = answerLength;
      }
      if (missing == answerLength && in.get(9) != '2') { // The status in "HTTP/1.1 200".
        errors++;
      }
      missing -= count;
      if (missing <= 0) {
        latencies.record(System.nanoTime() - sent);
        send();
      }
    }
  }
}
