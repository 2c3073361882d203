package dev.husk.bench.probe;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Sends 64 bytes over a loopback connection and waits for them to come back. Prints ns a round
 * trip, and the bytes that both threads allocated for it.
 *
 * <p>Arguments: {@code by=stream} (blocking {@code Socket} streams) or {@code by=selector}
 * (non-blocking channels, each side with a selector), {@code peer=same|other}: where the server is,
 * in this JVM or in another one that runs stock threads; {@code place=free|apart} as in {@link
 * PingPong}.
 */
public final class Echo {
  private static final int SIZE = 64;
  private static final int BLOCK = 64;

  private final ThreadFactory threads;
  private final boolean selector;
  private volatile boolean over;

  private Echo(ThreadFactory threads, boolean selector) {
    this.threads = threads;
    this.selector = selector;
  }

  /** See the class comment. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    if (probe.text("role", "client").equals("server")) {
      try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        System.out.println("port " + listener.getLocalPort());
        new Echo(Thread.ofPlatform().factory(), false).serve(listener);
      }
      return;
    }
    Echo echo = new Echo(probe.threads(), probe.text("by", "stream").equals("selector"));
    boolean apart = probe.text("place", "free").equals("apart");
    if (probe.text("peer", "same").equals("other")) {
      echo.withOtherJvm(probe);
    } else if (echo.selector) {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        echo.withServer(probe, () -> echo.serve(listener), port, apart);
      }
    } else {
      try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        echo.withServer(probe, () -> echo.serve(listener), listener.getLocalPort(), apart);
      }
    }
  }

  private interface Body {
    void run() throws IOException;
  }

  private static Runnable quietly(Body body) {
    return () -> {
      try {
        body.run();
      } catch (IOException e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    };
  }

  private void withServer(ProbeArgs probe, Body server, int port, boolean apart) throws Exception {
    Thread serving = threads.newThread(quietly(server));
    serving.setName("pong");
    serving.start();
    Thread client = threads.newThread(quietly(() -> measure(probe, port)));
    client.setName("ping");
    client.start();
    if (apart) {
      Threads.pin("ping", 0);
      Threads.pin("pong", 1);
    }
    client.join();
    serving.join();
  }

  private void withOtherJvm(ProbeArgs probe) throws Exception {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Echo.class.getName(),
                "role=server")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = server.inputReader()) {
      int port = Integer.parseInt(out.readLine().substring("port ".length()));
      Thread client = threads.newThread(quietly(() -> measure(probe, port)));
      client.start();
      client.join();
    } finally {
      server.destroy();
    }
  }

  private void measure(ProbeArgs probe, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (Client client = selector ? new SelectorClient(address) : new StreamClient(address)) {
      run(client, probe.warmUpNanos(), null);
      long before = allocated();
      long rounds = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < probe.measureNanos()) {
        for (int i = 0; i < BLOCK; i++) {
          client.roundTrip();
        }
        rounds += BLOCK;
        now = System.nanoTime();
      }
      Metrics.print("ns", (double) (now - start) / rounds);
      long bytes = allocated() - before;
      Metrics.print("bytes", (double) bytes / rounds);
      Histogram histogram = Metrics.histogram();
      run(client, probe.measureNanos() / 2, histogram);
      Metrics.print(histogram, 1);
      over = true;
      try {
        client.roundTrip();
      } catch (IOException e) {
        // The server had seen it already, and is gone.
      }
    }
  }

  private static void run(Client client, long nanos, @Nullable Histogram histogram)
      throws IOException {
    long start = System.nanoTime();
    long now = start;
    while (now - start < nanos) {
      for (int i = 0; i < BLOCK; i++) {
        long before = histogram == null ? 0 : System.nanoTime();
        client.roundTrip();
        if (histogram != null) {
          histogram.recordValue(System.nanoTime() - before);
        }
      }
      now = System.nanoTime();
    }
  }

  /** What all threads have allocated; read at the ends of a run only. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }

  // The server

  private void serve(ServerSocket listener) throws IOException {
    try (Socket socket = listener.accept()) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] bytes = new byte[SIZE];
      while (readFully(in, bytes)) {
        out.write(bytes);
      }
    }
  }

  private static boolean readFully(InputStream in, byte[] bytes) throws IOException {
    for (int n = 0; n < bytes.length; ) {
      int more = in.read(bytes, n, bytes.length - n);
      if (more < 0) {
        return false;
      }
      n += more;
    }
    return true;
  }

  private void serve(ServerSocketChannel listener) throws IOException {
    try (Selector selector = Selector.open();
        SocketChannel channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
      while (!over) {
        if (!receive(selector, channel, buffer)) {
          return;
        }
        send(channel, buffer);
      }
    }
  }

  private static boolean receive(Selector selector, SocketChannel channel, ByteBuffer buffer)
      throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      selector.select(key -> {});
      int n = channel.read(buffer);
      if (n < 0) {
        return false;
      }
    }
    buffer.flip();
    return true;
  }

  private static void send(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      // 64 bytes always fit.
      channel.write(buffer);
    }
  }

  // The client

  private interface Client extends AutoCloseable {
    void roundTrip() throws IOException;

    @Override
    void close() throws IOException;
  }

  private static final class StreamClient implements Client {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] bytes = new byte[SIZE];

    StreamClient(InetSocketAddress server) throws IOException {
      socket = new Socket(server.getAddress(), server.getPort());
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    @Override
    public void roundTrip() throws IOException {
      out.write(bytes);
      if (!readFully(in, bytes)) {
        throw new EOFException();
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final class SelectorClient implements Client {
    private final Selector selector = Selector.open();
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);

    SelectorClient(InetSocketAddress server) throws IOException {
      channel = SocketChannel.open(server);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      buffer.limit(SIZE);
    }

    @Override
    public void roundTrip() throws IOException {
      buffer.rewind();
      send(channel, buffer);
      if (!receive(selector, channel, buffer)) {
        throw new EOFException();
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
      selector.close();
    }
  }
}
