package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.pattern;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.LoopbackHelp.Names;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Asynchronous channels, both ends in this JVM. */
final class AsyncCases {
  private AsyncCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(AsyncCases.class, args);
  }

  /** Two ends of one connection. */
  private record Pair(AsynchronousSocketChannel client, AsynchronousSocketChannel server)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private static AsynchronousServerSocketChannel listener(AsynchronousChannelGroup group)
      throws IOException {
    return AsynchronousServerSocketChannel.open(group)
        .bind(new InetSocketAddress(loopback(), 0), 100);
  }

  private static Pair pair(AsynchronousChannelGroup group) throws Exception {
    try (AsynchronousServerSocketChannel listener = listener(group)) {
      Future<AsynchronousSocketChannel> server = listener.accept();
      AsynchronousSocketChannel client = AsynchronousSocketChannel.open(group);
      value(client.connect(listener.getLocalAddress()));
      return new Pair(client, value(server));
    }
  }

  private static <T> T value(Future<T> future) throws Exception {
    return future.get(8, TimeUnit.SECONDS);
  }

  private static String end(Future<?> future) {
    return told(
        () -> {
          try {
            return value(future);
          } catch (ExecutionException e) {
            throw e.getCause();
          }
        });
  }

  private static final class Handler<T> extends CompletableFuture<T>
      implements CompletionHandler<T, String> {
    @Override
    public void completed(T result, String attachment) {
      complete(result);
    }

    @Override
    public void failed(Throwable e, String attachment) {
      completeExceptionally(e);
    }
  }

  private static int read(AsynchronousSocketChannel channel, ByteBuffer into) throws Exception {
    int sum = 0;
    while (into.hasRemaining()) {
      int n = value(channel.read(into));
      if (n < 0) {
        break;
      }
      sum += n;
    }
    return sum;
  }

  private static void write(AsynchronousSocketChannel channel, ByteBuffer from) throws Exception {
    while (from.hasRemaining()) {
      value(channel.write(from));
    }
  }

  @Case
  static Object addresses() throws Exception {
    try (AsynchronousServerSocketChannel listener = listener(null)) {
      Future<AsynchronousSocketChannel> accept = listener.accept();
      try (AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
        String before = client.toString() + client.getLocalAddress();
        value(client.connect(listener.getLocalAddress()));
        try (AsynchronousSocketChannel server = value(accept)) {
          Names names = new Names();
          names.name(((InetSocketAddress) listener.getLocalAddress()).getPort(), "LISTENER");
          names.name(((InetSocketAddress) client.getLocalAddress()).getPort(), "CLIENT");
          return names
              .in(before + listener + client + server + server.getLocalAddress())
              .replaceAll("sun.nio.ch.", "");
        }
      }
    }
  }

  @Case
  static Object conversation() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair(null)) {
            Handler<Integer> first = new Handler<>();
            ByteBuffer in = ByteBuffer.allocate(10);
            pair.server().read(in, "r", first);
            pause(20);
            boolean pending = !first.isDone();
            int wrote = value(pair.client().write(buffer("hello")));
            String got = end(first);
            value(pair.client().write(buffer("there already")));
            String then = end(pair.server().read(ByteBuffer.allocate(100)));
            pair.client().shutdownOutput();
            String last = end(pair.server().read(ByteBuffer.allocate(100)));
            String back = end(pair.server().write(buffer("back")));
            return pending
                + " "
                + wrote
                + got
                + then
                + last
                + back
                + end(pair.client().read(in.clear()))
                + end(pair.client().write(buffer("no")));
          }
        });
  }

  @Case
  static Object largeTransfers() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair(null)) {
            byte[] bytes = pattern(11_000_000);
            Kind.Meanwhile writer =
                kind.begin(
                    k -> {
                      write(pair.client(), ByteBuffer.wrap(bytes));
                      pair.client().shutdownOutput();
                      return "written";
                    });
            pause(50);
            boolean goesOn = writer.goesOn();
            ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
            read(pair.server(), back);
            byte[] copy = new byte[bytes.length];
            back.flip().get(copy);
            return goesOn + writer.end() + Arrays.equals(bytes, copy);
          }
        });
  }

  @Case
  static Object scatterAndGather() throws Exception {
    try (Pair pair = pair(null)) {
      Handler<Long> wrote = new Handler<>();
      ByteBuffer[] out = {buffer("one"), ByteBuffer.allocateDirect(0), buffer("two")};
      pair.client().write(out, 0, 3, 1, TimeUnit.SECONDS, "w", wrote);
      String first = end(wrote);
      ByteBuffer[] in = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(10)};
      Handler<Long> read = new Handler<>();
      pair.server().read(in, 0, 2, 1, TimeUnit.SECONDS, "r", read);
      return first + end(read) + Arrays.toString(in);
    }
  }

  @Case
  static Object timeouts() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair(null)) {
            Handler<Integer> read = new Handler<>();
            pair.client().read(ByteBuffer.allocate(1), 40, TimeUnit.MILLISECONDS, "r", read);
            String first = end(read);
            String killed = told(() -> pair.client().read(ByteBuffer.allocate(1)));
            for (int i = 0; i < 100; i++) {
              Handler<Integer> write = new Handler<>();
              pair.server()
                  .write(ByteBuffer.allocate(1 << 20), 80, TimeUnit.MILLISECONDS, "w", write);
              String wrote = end(write);
              if (!wrote.equals("1048576") && !wrote.matches("[0-9]+")) {
                return first + killed + wrote;
              }
            }
            return "never full";
          }
        });
  }

  @Case
  static Object connectFailures() throws Exception {
    int port;
    try (AsynchronousServerSocketChannel listener = AsynchronousServerSocketChannel.open()) {
      listener.bind(LoopbackHelp.at("127.0.0.93", 0));
      port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }
    try (AsynchronousSocketChannel refused = AsynchronousSocketChannel.open();
        AsynchronousSocketChannel early = AsynchronousSocketChannel.open()) {
      return end(refused.connect(LoopbackHelp.at("127.0.0.93", port)))
          + refused.isOpen()
          + thrown(() -> early.read(ByteBuffer.allocate(1)))
          + thrown(() -> early.write(ByteBuffer.allocate(1)))
          + thrown(() -> early.connect(null));
    }
  }

  @Case
  static Object pendingTwice() throws Exception {
    try (Pair pair = pair(null);
        AsynchronousServerSocketChannel listener = listener(null)) {
      Future<Integer> read = pair.client().read(ByteBuffer.allocate(10));
      Future<AsynchronousSocketChannel> accept = listener.accept();
      String result =
          thrown(() -> pair.client().read(ByteBuffer.allocate(1)))
              + thrown(listener::accept)
              + thrown(() -> pair.client().connect(listener.getLocalAddress()))
              + read.cancel(true)
              + end(read)
              + accept.cancel(false)
              + end(accept);
      return result + thrown(() -> pair.client().read(ByteBuffer.allocate(1)));
    }
  }

  @Case
  static Object closedWhilePending() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair(null)) {
            AsynchronousServerSocketChannel listener = listener(null);
            Future<AsynchronousSocketChannel> accept = listener.accept();
            Future<Integer> read = pair.client().read(ByteBuffer.allocate(1));
            Future<Integer> peer = pair.server().read(ByteBuffer.allocate(1));
            pause(20);
            listener.close();
            pair.client().close();
            return end(accept)
                + end(read)
                + end(peer)
                + end(pair.client().read(ByteBuffer.allocate(1)))
                + end(listener.accept());
          }
        });
  }

  @Case
  static Object resets() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Pair pair = pair(null)) {
            Future<Integer> read = pair.client().read(ByteBuffer.allocate(1));
            pair.server().setOption(StandardSocketOptions.SO_REUSEADDR, true);
            value(pair.client().write(buffer("unread")));
            pause(10);
            pair.server().close();
            seen.append(end(read)).append(end(pair.client().read(ByteBuffer.allocate(1))));
            pause(10);
            String failed = "nothing";
            for (int i = 0; i < 20 && failed.equals("nothing"); i++) {
              String wrote = end(pair.client().write(buffer("w")));
              failed = wrote.equals("1") ? "nothing" : wrote;
              pause(5);
            }
            seen.append(failed).append(end(pair.client().read(ByteBuffer.allocate(1))));
          }
          return seen;
        });
  }

  @Case
  static Object shutdownInput() throws Exception {
    try (Pair pair = pair(null)) {
      pair.client().shutdownInput();
      String own = end(pair.client().read(ByteBuffer.allocate(1)));
      value(pair.server().write(buffer("x")));
      return own + end(pair.client().read(ByteBuffer.allocate(1)));
    }
  }

  @Case
  static Object shutdownInputWhilePending() throws Exception {
    try (Pair pair = pair(null)) {
      Future<Integer> read = pair.client().read(ByteBuffer.allocate(1));
      pause(20);
      pair.client().shutdownInput();
      return end(read);
    }
  }

  @Case
  static Object options() throws Exception {
    try (Pair pair = pair(null)) {
      return LoopbackHelp.option(pair.client(), StandardSocketOptions.TCP_NODELAY, true)
          + LoopbackHelp.option(pair.server(), StandardSocketOptions.TCP_NODELAY, true)
          + LoopbackHelp.option(pair.server(), StandardSocketOptions.SO_KEEPALIVE, true)
          + LoopbackHelp.option(pair.server(), StandardSocketOptions.SO_RCVBUF, 22_222)
              .replaceAll("SO_RCVBUF \\d+", "SO_RCVBUF")
          + LoopbackHelp.sorted(pair.server().supportedOptions());
    }
  }

  private static ThreadFactory factory(Kind kind) {
    return switch (kind) {
      case ORDINARY ->
          body -> {
            Thread thread = new Thread(body, "ordinary");
            thread.setDaemon(true);
            return thread;
          };
      case VIRTUAL -> Thread.ofVirtual().factory();
      case PLATFORM ->
          body -> {
            Thread thread = new Thread(body, "platform-group");
            thread.setDaemon(true);
            return thread;
          };
    };
  }

  /** Groups whose threads are of all kinds, of a fixed number and from a pool. */
  @Case
  static Object groups() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          for (boolean fixed : new boolean[] {true, false}) {
            AsynchronousChannelGroup group =
                fixed
                    ? AsynchronousChannelGroup.withFixedThreadPool(2, factory(kind))
                    : AsynchronousChannelGroup.withCachedThreadPool(
                        Executors.newCachedThreadPool(factory(kind)), 1);
            Pair own = pair(group);
            own.close();
            // The client is of another group, so that its close can't come first.
            AsynchronousServerSocketChannel listener = listener(group);
            Future<AsynchronousSocketChannel> accept = listener.accept();
            AsynchronousSocketChannel client = AsynchronousSocketChannel.open();
            value(client.connect(listener.getLocalAddress()));
            Pair pair = new Pair(client, value(accept));
            Handler<Integer> read = new Handler<>();
            ByteBuffer in = ByteBuffer.allocate(100);
            pair.server().read(in, "r", read);
            pause(20);
            value(pair.client().write(buffer("group")));
            seen.append(end(read));
            Handler<Integer> pending = new Handler<>();
            pair.server().read(in, "r", pending);
            group.shutdownNow();
            seen.append(end(pending)).append(group.awaitTermination(5, TimeUnit.SECONDS));
            seen.append(thrown(() -> AsynchronousSocketChannel.open(group)));
          }
          return seen;
        });
  }

  /** A chain of handlers, one starting the next operation, on many connections. */
  @Case
  static Object echoChains() {
    return Kind.each(
        kind -> {
          AsynchronousChannelGroup group =
              AsynchronousChannelGroup.withFixedThreadPool(2, factory(kind));
          AsynchronousServerSocketChannel listener = listener(group);
          listener.accept(
              "a",
              new CompletionHandler<AsynchronousSocketChannel, String>() {
                @Override
                public void completed(AsynchronousSocketChannel channel, String attachment) {
                  listener.accept("a", this);
                  echo(channel, ByteBuffer.allocate(1000));
                }

                @Override
                public void failed(Throwable e, String attachment) {}
              });
          int right = 0;
          for (int i = 0; i < 20; i++) {
            try (AsynchronousSocketChannel client = AsynchronousSocketChannel.open(group)) {
              value(client.connect(listener.getLocalAddress()));
              for (int n = 1; n < 20; n++) {
                write(client, ByteBuffer.wrap(pattern(n * 50)));
                ByteBuffer back = ByteBuffer.allocate(n * 50);
                read(client, back);
                right += Arrays.equals(back.array(), pattern(n * 50)) ? 1 : 0;
              }
            }
          }
          group.shutdownNow();
          return right + " " + group.awaitTermination(5, TimeUnit.SECONDS);
        });
  }

  private static void echo(AsynchronousSocketChannel channel, ByteBuffer buffer) {
    channel.read(
        buffer.clear(),
        "r",
        new CompletionHandler<Integer, String>() {
          @Override
          public void completed(Integer n, String attachment) {
            if (n < 0) {
              failed(null, attachment);
              return;
            }
            buffer.flip();
            channel.write(
                buffer,
                "w",
                new CompletionHandler<Integer, String>() {
                  @Override
                  public void completed(Integer wrote, String attachment) {
                    if (buffer.hasRemaining()) {
                      channel.write(buffer, "w", this);
                    } else {
                      echo(channel, buffer);
                    }
                  }

                  @Override
                  public void failed(Throwable e, String attachment) {}
                });
          }

          @Override
          public void failed(Throwable e, String attachment) {
            try {
              channel.close();
            } catch (IOException ignored) {
              // It is gone either way.
            }
          }
        });
  }
}
