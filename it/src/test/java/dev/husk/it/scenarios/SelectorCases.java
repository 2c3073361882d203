package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.shell;
import static dev.husk.it.scenarios.SelectHelp.add;
import static dev.husk.it.scenarios.SelectHelp.ready;
import static dev.husk.it.scenarios.SelectHelp.selected;
import static dev.husk.it.scenarios.SocketHelp.channelListener;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Selectors that watch connections within this JVM, beside others. */
final class SelectorCases {
  private SelectorCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(SelectorCases.class, args);
  }

  private static String selectedNow(Selector selector) throws IOException {
    selector.selectNow();
    return ready(selector);
  }

  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;

  @Case
  static Object conversation() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener();
              SocketChannel client = SocketChannel.open()) {
            add(selector, listener, SelectionKey.OP_ACCEPT, "listener");
            SelectionKey key = add(selector, client, 0, "client");
            client.connect(listener.getLocalAddress());
            seen.append(selected(selector));
            seen.append(client.isConnected() || client.finishConnect());
            try (SocketChannel server = listener.accept()) {
              seen.append(client.finishConnect());
              key.interestOps(READ);
              SelectionKey own = add(selector, server, READ | WRITE, "server");
              seen.append(selected(selector));
              own.interestOps(READ);
              seen.append(selectedNow(selector));
              client.write(buffer("hi"));
              seen.append(selected(selector)).append(selected(selector));
              seen.append(readOf(server)).append(selectedNow(selector));
              own.interestOps(0);
              client.write(buffer("more"));
              seen.append(selectedNow(selector));
              own.interestOps(READ);
              seen.append(selected(selector)).append(readOf(server));
              server.shutdownOutput();
              seen.append(selected(selector)).append(readOf(client)).append(selected(selector));
              client.close();
              seen.append(selected(selector)).append(readOf(server)).append(selected(selector));
            }
            return seen;
          }
        });
  }

  /** Most programs rely on OP_CONNECT after a connect that doesn't block. */
  @Case
  static Object connectIsReported() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener();
              SocketChannel client = SocketChannel.open()) {
            add(selector, client, SelectionKey.OP_CONNECT, "client");
            boolean at = client.connect(listener.getLocalAddress());
            pause(10);
            return at
                + " "
                + client.isConnectionPending()
                + client.isConnected()
                + selectedNow(selector)
                + client.finishConnect()
                + selectedNow(selector);
          }
        });
  }

  @Case
  static Object connectRefused() throws Exception {
    int port;
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(LoopbackHelp.at("127.0.0.92", 0));
      port = listener.socket().getLocalPort();
    }
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              SocketChannel client = SocketChannel.open()) {
            add(selector, client, SelectionKey.OP_CONNECT, "client");
            client.connect(LoopbackHelp.at("127.0.0.92", port));
            return selected(selector) + thrown(client::finishConnect) + client.isOpen();
          }
        });
  }

  @Case
  static Object writableUntilFullAndAgain() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), WRITE, "client");
            pair.server().configureBlocking(false);
            ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
            String first = selected(selector);
            long wrote = 0;
            for (int n = 1, idle = 0; idle < 5; ) {
              n = pair.client().write(bytes.clear());
              wrote += n;
              idle = n == 0 ? idle + 1 : 0;
              if (n == 0) {
                pause(2);
              }
            }
            String full = selectedNow(selector);
            long read = 0;
            for (int n; (n = pair.server().read(bytes.clear())) > 0 || read < wrote; ) {
              read += n;
            }
            String again = selected(selector);
            key.interestOps(READ);
            pair.server().close();
            return first + full + again + selected(selector) + (read == wrote);
          }
        });
  }

  @Case
  static Object writableWhileReaderWaits() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            add(selector, pair.client(), WRITE, "client");
            ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
            while (pair.client().write(bytes.clear()) > 0) {}
            Meanwhile select = kind.begin(k -> selected(selector));
            pause(50);
            Meanwhile reader =
                kind.begin(
                    k -> {
                      ByteBuffer in = ByteBuffer.allocate(1 << 20);
                      while (pair.server().read(in.clear()) > 0) {}
                      return "end";
                    });
            String then = select.end();
            pair.client().close();
            return then + reader.end();
          }
        });
  }

  private static String selectOnReset(boolean unread, int ops) throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      SelectionKey key = add(selector, pair.client(), ops, "client");
      pair.server().configureBlocking(false);
      if (unread) {
        pair.client().write(buffer("unread"));
        pause(5);
      } else {
        pair.server().setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
      }
      pair.server().close();
      pause(10);
      StringBuilder seen = new StringBuilder(ops == 0 ? selectedNow(selector) : selected(selector));
      seen.append(readOf(pair.client())).append(selectedNow(selector));
      seen.append(readOf(pair.client()));
      key.interestOps(WRITE);
      seen.append(selected(selector));
      seen.append(thrown(() -> pair.client().write(buffer("w"))));
      pause(5);
      seen.append(thrown(() -> pair.client().write(buffer("w")))).append(selectedNow(selector));
      return seen.toString();
    }
  }

  @Case
  static Object resetWithUnread() {
    return Kind.each(kind -> selectOnReset(true, READ));
  }

  @Case
  static Object resetByLinger() {
    return Kind.each(kind -> selectOnReset(false, READ) + selectOnReset(false, READ | WRITE));
  }

  /** Interest in nothing: only the kernel's errors would come. */
  @Case
  static Object resetWithoutInterest() {
    return Kind.each(kind -> selectOnReset(false, 0));
  }

  @Case
  static Object ownShutdowns() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), READ, "client");
            String before = selectedNow(selector);
            pair.client().shutdownInput();
            String in = selected(selector) + readOf(pair.client());
            key.interestOps(WRITE);
            String still = selectedNow(selector);
            pair.client().shutdownOutput();
            String out = selectedNow(selector) + thrown(() -> pair.client().write(buffer("x")));
            key.interestOps(READ | WRITE);
            return before + in + still + out + selectedNow(selector);
          }
        });
  }

  @Case
  static Object wakeups() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            add(selector, pair.client(), READ, "client");
            selector.wakeup();
            selector.wakeup();
            long start = System.nanoTime();
            int first = selector.select(5_000);
            boolean quick = !Help.passed(start, 3_000);
            start = System.nanoTime();
            int second = selector.select(50);
            boolean waited = Help.passed(start, 50);
            Meanwhile select = kind.begin(k -> selector.select());
            pause(50);
            boolean goesOn = select.goesOn();
            selector.wakeup();
            String woken = select.end();
            selector.wakeup();
            int now = selector.selectNow();
            start = System.nanoTime();
            selector.select(30);
            // The wakeup was consumed by selectNow.
            return first
                + " "
                + quick
                + second
                + waited
                + goesOn
                + woken
                + now
                + Help.passed(start, 30);
          }
        });
  }

  @Case
  static Object interrupts() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            add(selector, pair.client(), READ, "client");
            Meanwhile select =
                kind.begin(
                    k ->
                        selector.select(5_000)
                            + " "
                            + Thread.currentThread().isInterrupted()
                            + selector.isOpen()
                            + Thread.interrupted()
                            + selector.select(30));
            pause(50);
            select.thread().interrupt();
            String first = select.end();
            Thread.currentThread().interrupt();
            long start = System.nanoTime();
            int n = selector.select(5_000);
            boolean quick = !Help.passed(start, 3_000);
            boolean set = Thread.interrupted();
            return first + n + quick + set;
          }
        });
  }

  /** A select that a wakeup ends tells of what is ready all the same. */
  @Case
  static Object wakeupBesideData() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            add(selector, pair.client(), READ, "client");
            pair.server().write(buffer("x"));
            pause(10);
            int told = 0;
            for (int i = 0; i < 20; i++) {
              selector.wakeup();
              told += selector.select(1_000);
              selector.selectedKeys().clear();
            }
            return told;
          }
        });
  }

  @Case
  static Object cancelledKeys() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), READ, "client");
            Meanwhile select = kind.begin(k -> selector.select(150));
            pause(30);
            key.cancel();
            pair.server().write(buffer("x"));
            String first = select.end();
            // select(150) may have seen the data, since it began before the cancel.
            selector.selectedKeys().clear();
            selector.selectNow();
            String early = thrown(() -> key.interestOps(WRITE)) + selector.keys().size();
            SelectionKey again = pair.client().register(selector, READ, "again");
            String then = selected(selector);
            again.cancel();
            String same = thrown(() -> pair.client().register(selector, READ, "cancelled"));
            String blocking = thrown(() -> pair.client().configureBlocking(true));
            selector.selectNow();
            pair.client().configureBlocking(true);
            return first.length() + early + then + same + blocking + readOf(pair.client());
          }
        });
  }

  @Case
  static Object interestFromOtherThreads() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), 0, "client");
            pair.server().write(buffer("x"));
            Meanwhile select = kind.begin(k -> selector.select(2_000));
            pause(40);
            boolean goesOn = select.goesOn();
            key.interestOpsOr(READ);
            selector.wakeup();
            // Whether it sees the change already is a matter of who is first.
            String woken = select.end();
            selector.selectedKeys().clear();
            String then = selected(selector);
            key.interestOpsAnd(0);
            return goesOn + woken.replace("1", "0") + then + selectedNow(selector);
          }
        });
  }

  @Case
  static Object twoSelectors() {
    return Kind.each(
        kind -> {
          try (Selector one = Selector.open();
              Selector two = Selector.open();
              ChannelPair pair = channelPair()) {
            add(one, pair.client(), READ, "one");
            add(two, pair.client(), READ | WRITE, "two");
            String before = selectedNow(one) + selected(two);
            Meanwhile select = kind.begin(k -> selected(one));
            pause(30);
            pair.server().write(buffer("x"));
            String both = select.end() + selected(two);
            pair.client().keyFor(two).cancel();
            two.selectNow();
            String rest = selected(one) + two.keys().size();
            pair.client().close();
            return before + both + rest + selectedNow(one) + one.keys().size();
          }
        });
  }

  @Case
  static Object registeredBeforeConnect() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = ServerSocketChannel.open();
              SocketChannel client = SocketChannel.open()) {
            SelectionKey key = add(selector, client, 0, "client");
            add(selector, listener, SelectionKey.OP_ACCEPT, "listener");
            String unbound = selectedNow(selector);
            listener.bind(new InetSocketAddress(loopback(), 0));
            String bound = selectedNow(selector);
            client.connect(listener.getLocalAddress());
            until(() -> LoopbackHelp.told(client::finishConnect).equals("true"));
            String accept = selected(selector);
            try (SocketChannel server = listener.accept()) {
              key.interestOps(READ);
              server.write(buffer("x"));
              return unbound + bound + accept + selected(selector) + readOf(client);
            }
          }
        });
  }

  /** Selecting goes on while an unbound listener gets its address, and the first connection. */
  @Case
  static Object boundDuringSelect() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = ServerSocketChannel.open()) {
            add(selector, listener, SelectionKey.OP_ACCEPT, "listener");
            selector.selectNow();
            Meanwhile select = kind.begin(k -> selected(selector));
            pause(40);
            listener.bind(new InetSocketAddress(loopback(), 0));
            try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
              return client.isConnected() + select.end();
            }
          }
        });
  }

  @Case
  static Object unconnectedChannelIsHungUp() throws Exception {
    try (Selector selector = Selector.open();
        SocketChannel client = SocketChannel.open()) {
      SelectionKey key = add(selector, client, SelectionKey.OP_CONNECT, "client");
      String connect = selectedNow(selector);
      return connect + thrown(() -> key.interestOps(SelectionKey.OP_ACCEPT));
    }
  }

  @Case
  static Object closedDuringSelect() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), READ, "client");
            Meanwhile select = kind.begin(k -> selector.select(150));
            pause(40);
            pair.client().close();
            seen.append(select.end()).append(key.isValid());
            selector.selectNow();
            seen.append(selector.keys().size()).append(readOf(pair.server()));
          }
          Selector selector = Selector.open();
          try (ChannelPair pair = channelPair()) {
            SelectionKey key = add(selector, pair.client(), READ, "client");
            Meanwhile select = kind.begin(k -> selector.select(5_000));
            pause(40);
            selector.close();
            seen.append(select.end()).append(key.isValid()).append(pair.client().isOpen());
            seen.append(thrown(selector::select));
            pair.server().write(buffer("still"));
            pause(5);
            seen.append(readOf(pair.client()));
          }
          return seen;
        });
  }

  /** In-process connections, kernel ones, datagrams and a pipe in one selector. */
  @Case
  static Object mixedSources() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener();
              ChannelPair pair = channelPair();
              DatagramChannel datagrams = DatagramChannel.open()) {
            Pipe pipe = Pipe.open();
            datagrams.bind(new InetSocketAddress(loopback(), 0));
            add(selector, listener, SelectionKey.OP_ACCEPT, "listener");
            add(selector, pair.client(), READ, "connection");
            add(selector, pipe.source(), READ, "pipe");
            add(selector, datagrams, READ, "datagrams");
            StringBuilder seen = new StringBuilder();
            Meanwhile one = kind.begin(k -> selected(selector));
            pause(30);
            pair.server().write(buffer("x"));
            seen.append(one.end()).append(readOf(pair.client()));
            Meanwhile two = kind.begin(k -> selected(selector));
            pause(30);
            pipe.sink().write(buffer("y"));
            seen.append(two.end());
            Meanwhile three = kind.begin(k -> readOf(pipe.source()) + selected(selector));
            pause(30);
            try (DatagramChannel sender = DatagramChannel.open()) {
              sender.send(buffer("z"), datagrams.getLocalAddress());
            }
            seen.append(three.end());
            datagrams.receive(ByteBuffer.allocate(10));
            Meanwhile four = kind.begin(k -> selected(selector));
            pause(30);
            int port = listener.socket().getLocalPort();
            String answer = shell("exec 3<>/dev/tcp/127.0.0.1/" + port + " && echo connected");
            seen.append(four.end()).append(answer);
            try (SocketChannel foreign = listener.accept()) {
              pause(10);
              seen.append(readOf(foreign));
              add(selector, foreign, READ, "foreign");
              pair.server().write(buffer("both"));
              pipe.sink().write(buffer("all"));
              pause(10);
              TreeSet<String> all = new TreeSet<>();
              for (int i = 0; i < 8; i++) {
                selector.select(100);
                selector.selectedKeys().forEach(key -> all.add(key.attachment().toString()));
                selector.selectedKeys().clear();
              }
              seen.append(all);
            }
            pipe.sink().close();
            pipe.source().close();
            return seen;
          }
        });
  }

  /** Always some in-process connections ready: kernel ones get their turn. */
  @Case
  static Object noneStarves() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener()) {
            List<ChannelPair> pairs = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              ChannelPair pair = channelPair();
              pairs.add(pair);
              add(selector, pair.client(), READ, "busy" + i);
              pair.server().write(buffer("b"));
            }
            Pipe pipe = Pipe.open();
            add(selector, pipe.source(), READ, "pipe");
            pipe.sink().write(buffer("p"));
            TreeSet<Object> all = new TreeSet<>();
            for (int i = 0; i < 50; i++) {
              selector.select(1_000);
              selector.selectedKeys().forEach(key -> all.add(key.attachment()));
              selector.selectedKeys().clear();
            }
            for (ChannelPair each : pairs) {
              each.close();
            }
            selector.selectNow();
            pipe.sink().close();
            pipe.source().close();
            return all.size() + " " + all.contains("pipe") + selector.keys().size();
          }
        });
  }

  /** A server in one selector, many clients in another, some thousand messages. */
  @Case
  static Object echoLoops() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ServerSocketChannel listener = channelListener()) {
            add(selector, listener, SelectionKey.OP_ACCEPT, "listener");
            Meanwhile server = kind.begin(k -> serve(selector, listener));
            List<Meanwhile> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              clients.add(
                  kind.begin(
                      k -> {
                        try (SocketChannel channel =
                            SocketChannel.open(listener.getLocalAddress())) {
                          int sum = 0;
                          for (int n = 0; n < 100; n++) {
                            channel.write(buffer("message"));
                            ByteBuffer in = ByteBuffer.allocate(7);
                            while (in.hasRemaining() && channel.read(in) > 0) {}
                            sum += in.position();
                          }
                          return sum;
                        }
                      }));
            }
            int right = 0;
            for (Meanwhile each : clients) {
              right += each.end().equals("700") ? 1 : 0;
            }
            listener.close();
            selector.wakeup();
            return right + " " + server.end();
          }
        });
  }

  private static Object serve(Selector selector, ServerSocketChannel listener) throws IOException {
    int accepted = 0;
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    while (listener.isOpen()) {
      selector.select(5_000);
      for (SelectionKey key : selector.selectedKeys()) {
        if (!key.isValid()) {
          continue;
        }
        if (key.isAcceptable()) {
          for (SocketChannel each; (each = listener.accept()) != null; accepted++) {
            add(selector, each, READ, "connection");
          }
        } else if (key.channel() instanceof SocketChannel channel) {
          if (channel.read(buffer.clear()) < 0) {
            channel.close();
          } else {
            channel.write(buffer.flip());
          }
        }
      }
      selector.selectedKeys().clear();
    }
    return accepted;
  }

  @Case
  static Object selectWithAction() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open();
              ChannelPair pair = channelPair()) {
            add(selector, pair.client(), READ | WRITE, "client");
            pair.server().write(buffer("x"));
            List<Object> seen = new ArrayList<>();
            pause(5);
            int n = selector.select(key -> seen.add(key.readyOps()), 1_000);
            return n + " " + seen + selector.selectedKeys().size();
          }
        });
  }

  @Case
  static Object illegalOperations() throws Exception {
    try (Selector selector = Selector.open();
        ChannelPair pair = channelPair()) {
      return thrown(() -> pair.client().register(selector, READ))
          + thrown(
              () -> {
                pair.client().configureBlocking(false);
                pair.client().register(selector, SelectionKey.OP_ACCEPT);
              })
          + thrown(() -> selector.selectedKeys().add(null))
          + thrown(() -> selector.select(-1))
          + selector.provider().getClass().getSimpleName();
    }
  }

  /** The fd's number may come again at once for another connection. */
  @Case
  static Object manyShortConnections() {
    return Kind.each(
        kind -> {
          try (Selector selector = Selector.open()) {
            int right = 0;
            for (int i = 0; i < 200; i++) {
              try (ChannelPair pair = channelPair()) {
                add(selector, pair.client(), READ, "c" + i);
                pair.server().write(buffer("x"));
                right += selected(selector).equals("1[c" + i + "=1]") ? 1 : 0;
                pair.client().setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
              }
            }
            selector.selectNow();
            return right + " " + selector.keys().size();
          }
        });
  }
}
