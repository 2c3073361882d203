package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.option;
import static dev.husk.it.scenarios.LoopbackHelp.pattern;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.LoopbackHelp.writesUntilError;
import static dev.husk.it.scenarios.SocketHelp.channelListener;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.LoopbackHelp.Names;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/** {@code SocketChannel} and {@code ServerSocketChannel}, both ends in this JVM. */
final class LoopbackChannelCases {
  private LoopbackChannelCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LoopbackChannelCases.class, args);
  }

  @Case
  static Object addresses() throws Exception {
    List<Object> all = new ArrayList<>();
    for (String at : List.of("127.0.0.1", "0.0.0.0", "::1", "::")) {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.bind(LoopbackHelp.at(at, 0));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        try (SocketChannel client = SocketChannel.open()) {
          String before = client + " " + client.getLocalAddress() + client.getRemoteAddress();
          client.connect(LoopbackHelp.at(at.equals("0.0.0.0") ? "127.0.0.1" : at, port));
          try (SocketChannel server = listener.accept()) {
            Names names = new Names().name(port, "LISTENER");
            names.name(client.socket().getLocalPort(), "CLIENT");
            client.shutdownInput();
            server.shutdownOutput();
            all.add(
                names.in(
                    before
                        + listener
                        + " / "
                        + client
                        + " / "
                        + server
                        + client.getLocalAddress()
                        + client.getRemoteAddress()
                        + server.getLocalAddress()
                        + server.getRemoteAddress()
                        + client.socket()
                        + server.socket()
                        + listener.socket()));
          }
        }
      }
    }
    return all;
  }

  @Case
  static Object families() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET);
        SocketChannel six = SocketChannel.open(StandardProtocolFamily.INET6)) {
      listener.bind(new InetSocketAddress(0));
      int port = listener.socket().getLocalPort();
      client.connect(LoopbackHelp.at("127.0.0.1", port));
      String mapped = thrown(() -> six.connect(LoopbackHelp.at("127.0.0.1", port)));
      try (SocketChannel server = listener.accept();
          SocketChannel other = SocketChannel.open(StandardProtocolFamily.INET)) {
        return new Names()
            .name(port, "L")
            .name(client.socket().getLocalPort(), "C")
            .in(
                client
                    + " "
                    + server
                    + mapped
                    + thrown(() -> other.connect(LoopbackHelp.at("::1", port)))
                    + listener);
      }
    }
  }

  @Case
  static Object connectRefused() throws Exception {
    int port;
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(LoopbackHelp.at("127.0.0.91", 0));
      port = listener.socket().getLocalPort();
    }
    return Kind.each(
        kind -> {
          SocketChannel plain = SocketChannel.open();
          String first = thrown(() -> plain.connect(LoopbackHelp.at("127.0.0.91", port)));
          SocketChannel late = SocketChannel.open();
          late.configureBlocking(false);
          String second =
              told(
                  () -> {
                    boolean done = late.connect(LoopbackHelp.at("127.0.0.91", port));
                    until(() -> finished(late));
                    return done;
                  });
          return first
              + plain.isOpen()
              + second.contains("refused")
              + late.isOpen()
              + thrown(() -> plain.read(ByteBuffer.allocate(1)));
        });
  }

  private static boolean finished(SocketChannel channel) {
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Case
  static Object nonBlockingConnect() {
    return Kind.each(
        kind -> {
          try (ServerSocketChannel listener = channelListener();
              SocketChannel client = SocketChannel.open()) {
            client.configureBlocking(false);
            String notYet = thrown(client::finishConnect);
            client.connect(listener.getLocalAddress());
            boolean done = until(() -> finished(client));
            String again = thrown(() -> client.connect(listener.getLocalAddress()));
            listener.configureBlocking(false);
            SocketChannel server = null;
            for (int i = 0; i < 1000 && server == null; i++) {
              server = listener.accept();
              pause(1);
            }
            try (SocketChannel accepted = server) {
              String none = String.valueOf(listener.accept());
              return notYet
                  + done
                  + client.isConnected()
                  + client.isConnectionPending()
                  + again
                  + accepted.isBlocking()
                  + none
                  + client.finishConnect();
            }
          }
        });
  }

  @Case
  static Object states() throws Exception {
    try (SocketChannel channel = SocketChannel.open();
        ServerSocketChannel listener = ServerSocketChannel.open()) {
      String early =
          thrown(() -> channel.read(ByteBuffer.allocate(1)))
              + thrown(() -> channel.write(ByteBuffer.allocate(1)))
              + thrown(channel::shutdownInput)
              + thrown(channel::finishConnect)
              + thrown(listener::accept)
              + channel.getLocalAddress()
              + listener.getLocalAddress();
      channel.bind(LoopbackHelp.at("127.0.0.1", 0));
      String twice = thrown(() -> channel.bind(LoopbackHelp.at("127.0.0.1", 0)));
      channel.close();
      listener.close();
      return early
          + twice
          + thrown(() -> channel.read(ByteBuffer.allocate(1)))
          + thrown(channel::getLocalAddress)
          + thrown(channel::shutdownOutput)
          + thrown(listener::accept)
          + thrown(() -> listener.bind(null))
          + channel
          + listener;
    }
  }

  @Case
  static Object scatterAndGather() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            ByteBuffer direct = ByteBuffer.allocateDirect(5);
            direct.put(pattern(5)).flip();
            ByteBuffer[] out = {
              buffer("one"), ByteBuffer.allocate(0), direct, buffer("three").asReadOnlyBuffer()
            };
            long wrote = pair.client().write(out);
            ByteBuffer[] in = {
              ByteBuffer.allocate(0),
              ByteBuffer.allocate(4),
              ByteBuffer.allocateDirect(2),
              ByteBuffer.allocate(50)
            };
            long read = pair.server().read(in);
            String positions = Arrays.toString(in);
            ByteBuffer[] many = new ByteBuffer[1500];
            Arrays.setAll(many, i -> ByteBuffer.wrap(pattern(i % 40)));
            long sum = 0;
            for (long n = pair.client().write(many); n > 0; n = pair.client().write(many)) {
              sum += n;
            }
            pair.client().shutdownOutput();
            long back = 0;
            ByteBuffer[] into = {ByteBuffer.allocate(10_000), ByteBuffer.allocate(100_000)};
            for (long n = pair.server().read(into); n > 0; n = pair.server().read(into)) {
              back += n;
            }
            return wrote + " " + read + positions + sum + " " + back + pair.server().read(in);
          }
        });
  }

  @Case
  static Object emptyBuffers() throws Exception {
    try (ChannelPair pair = channelPair()) {
      return pair.client().write(ByteBuffer.allocate(0))
          + " "
          + pair.server().read(ByteBuffer.allocate(0))
          + pair.client().write(new ByteBuffer[0])
          + pair.server().read(new ByteBuffer[0])
          + thrown(() -> pair.server().read(buffer("ro").asReadOnlyBuffer()));
    }
  }

  @Case
  static Object nonBlockingTransfer() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            pair.client().configureBlocking(false);
            pair.server().configureBlocking(false);
            int nothing = pair.server().read(ByteBuffer.allocate(5));
            ByteBuffer bytes = ByteBuffer.wrap(pattern(16 << 20));
            int zero = -1;
            ByteBuffer back = ByteBuffer.allocate(16 << 20);
            boolean wasFull = false;
            for (int i = 0; i < 1_000_000 && back.hasRemaining(); i++) {
              if (bytes.hasRemaining()) {
                zero = pair.client().write(bytes);
                wasFull |= zero == 0;
                if (zero > 0) {
                  continue;
                }
              }
              if (pair.server().read(back) == 0) {
                pause(1);
              }
            }
            return nothing + " " + wasFull + Arrays.equals(bytes.array(), back.array());
          }
        });
  }

  @Case
  static Object blockingLargeWrite() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            ByteBuffer bytes = ByteBuffer.wrap(pattern(12_345_678));
            Meanwhile write =
                kind.blocked(
                    () -> {
                      while (bytes.hasRemaining()) {
                        pair.client().write(bytes);
                      }
                    });
            boolean goesOn = write.goesOn();
            ByteBuffer back = ByteBuffer.allocate(bytes.limit());
            while (back.hasRemaining() && pair.server().read(back) > 0) {}
            return goesOn + write.end() + Arrays.equals(bytes.array(), back.array());
          }
        });
  }

  @Case
  static Object bothEndsInOneThread() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
            bytes.put(pattern(1 << 20)).flip();
            Meanwhile write = kind.begin(k -> pair.client().write(bytes));
            String wrote = write.end();
            ByteBuffer back = ByteBuffer.allocate(1 << 20);
            while (back.hasRemaining() && pair.server().read(back) > 0) {}
            return wrote + Arrays.equals(pattern(1 << 20), back.array());
          }
        });
  }

  /** Writes until nothing goes for a while, so that the next write blocks at its first byte. */
  private static void fill(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    for (int idle = 0; idle < 8; ) {
      if (channel.write(bytes.clear()) == 0) {
        idle++;
        pause(3);
      } else {
        idle = 0;
      }
    }
    channel.configureBlocking(true);
  }

  /** A write that had room for some bytes returns their number, any other fails. */
  private static String ended(Meanwhile write) {
    String end = write.end();
    return end.startsWith("not ended") ? end : "ended";
  }

  private static String shutdowns(boolean in, boolean out, boolean blocking) throws Exception {
    try (ChannelPair pair = channelPair()) {
      SocketChannel one = pair.client();
      SocketChannel other = pair.server();
      if (in) {
        one.shutdownInput();
      }
      if (out) {
        one.shutdownOutput();
      }
      other.configureBlocking(false);
      one.configureBlocking(blocking && in);
      StringBuilder seen = new StringBuilder();
      seen.append("own ").append(readOf(one)).append(thrown(() -> one.write(buffer("o"))));
      pause(5);
      seen.append(" peer ").append(readOf(other)).append(readOf(other));
      seen.append(thrown(() -> other.write(buffer("p"))));
      pause(5);
      seen.append(" own ").append(readOf(one));
      seen.append(thrown(one::shutdownInput))
          .append(thrown(one::shutdownOutput))
          .append(one.isOpen());
      one.close();
      pause(5);
      seen.append(" closed ").append(readOf(other)).append(writesUntilError(other));
      seen.append(readOf(other)).append(writesUntilError(other)).append(readOf(other));
      return seen.toString();
    }
  }

  @Case
  static Object shutdownInput() {
    return Kind.each(kind -> shutdowns(true, false, kind != Kind.PLATFORM));
  }

  @Case
  static Object shutdownOutput() {
    return Kind.each(kind -> shutdowns(false, true, kind != Kind.PLATFORM));
  }

  @Case
  static Object shutdownBoth() {
    return Kind.each(kind -> shutdowns(true, true, kind != Kind.PLATFORM));
  }

  @Case
  static Object shutdownNothing() {
    return Kind.each(kind -> shutdowns(false, false, kind != Kind.PLATFORM));
  }

  @Case
  static Object shutdownDuringRead() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            Meanwhile read = kind.begin(k -> pair.client().read(ByteBuffer.allocate(1)));
            pause(60);
            pair.client().shutdownInput();
            return read.end();
          }
        });
  }

  private static String resets(boolean blocking) throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String answer : List.of("", "answer")) {
      try (ChannelPair pair = channelPair()) {
        pair.client().write(buffer("unread"));
        if (!answer.isEmpty()) {
          pair.server().write(buffer(answer));
        }
        pause(10);
        pair.client().configureBlocking(blocking);
        pair.server().configureBlocking(blocking);
        pair.server().close();
        pause(10);
        for (int i = 0; i < 3; i++) {
          seen.append(readOf(pair.client())).append(' ');
        }
        seen.append(writesUntilError(pair.client()));
        seen.append(readOf(pair.client())).append(" / ");
      }
      try (ChannelPair pair = channelPair()) {
        pair.client().write(buffer("unread"));
        pause(10);
        pair.client().configureBlocking(blocking);
        pair.server().close();
        pause(10);
        seen.append(writesUntilError(pair.client())).append(writesUntilError(pair.client()));
        seen.append(readOf(pair.client())).append(readOf(pair.client())).append(" / ");
      }
    }
    return seen.toString();
  }

  @Case
  static Object resetWithUnreadData() {
    return Kind.each(kind -> resets(true));
  }

  @Case
  static Object resetWithUnreadDataNonBlocking() {
    return Kind.each(kind -> resets(false));
  }

  @Case
  static Object resetDuringCalls() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (ChannelPair pair = channelPair()) {
            Meanwhile read = kind.blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
            pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.server().close();
            seen.append(read.end()).append(readOf(pair.client()));
          }
          try (ChannelPair pair = channelPair()) {
            fill(pair.client());
            Meanwhile write = kind.blocked(() -> pair.client().write(ByteBuffer.allocate(1 << 20)));
            pair.server().close();
            seen.append(ended(write));
            readOf(pair.client());
            seen.append(writesUntilError(pair.client()));
          }
          return seen;
        });
  }

  @Case
  static Object lingerZeroNonBlocking() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            pair.client().configureBlocking(false);
            pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.client().write(buffer("x"));
            pause(5);
            pair.client().close();
            pause(5);
            return readOf(pair.server())
                + readOf(pair.server())
                + readOf(pair.server())
                + writesUntilError(pair.server());
          }
        });
  }

  @Case
  static Object closeDuringCalls() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          ServerSocketChannel listener = channelListener();
          Meanwhile accept = kind.blocked(listener::accept);
          listener.close();
          seen.append(accept.end());
          try (ChannelPair pair = channelPair()) {
            Meanwhile read = kind.blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
            Meanwhile peer = kind.begin(k -> pair.server().read(ByteBuffer.allocate(1)));
            pair.client().close();
            seen.append(read.end()).append(peer.end());
          }
          try (ChannelPair pair = channelPair()) {
            fill(pair.client());
            Meanwhile write = kind.blocked(() -> pair.client().write(ByteBuffer.allocate(1 << 20)));
            Meanwhile read = kind.blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
            pair.client().close();
            seen.append(ended(write)).append(read.end());
          }
          return seen;
        });
  }

  @Case
  static Object interruptDuringCalls() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          ServerSocketChannel listener = channelListener();
          Meanwhile accept =
              kind.begin(k -> thrown(listener::accept) + Thread.currentThread().isInterrupted());
          pause(60);
          accept.thread().interrupt();
          seen.append(accept.end()).append(listener.isOpen());
          try (ChannelPair pair = channelPair()) {
            Meanwhile read =
                kind.begin(
                    k ->
                        thrown(() -> pair.client().read(ByteBuffer.allocate(1)))
                            + Thread.currentThread().isInterrupted());
            pause(60);
            read.thread().interrupt();
            seen.append(read.end()).append(pair.client().isOpen()).append(readOf(pair.server()));
          }
          try (ChannelPair pair = channelPair()) {
            fill(pair.client());
            Meanwhile write =
                kind.begin(
                    k ->
                        thrown(() -> pair.client().write(ByteBuffer.allocate(1 << 20)))
                            + Thread.currentThread().isInterrupted());
            pause(60);
            write.thread().interrupt();
            String wrote = write.end();
            // A write that had room for some bytes returns their number.
            boolean some = wrote.startsWith("nothing");
            boolean closed = wrote.contains("ClosedByInterrupt") && !pair.client().isOpen();
            seen.append(some || closed ? "ended" : wrote);
          }
          return seen;
        });
  }

  @Case
  static Object interruptedBefore() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (ServerSocketChannel listener = channelListener();
              SocketChannel client = SocketChannel.open();
              ChannelPair pair = channelPair()) {
            pair.server().write(buffer("there"));
            Thread.currentThread().interrupt();
            seen.append(thrown(() -> client.connect(listener.getLocalAddress())));
            seen.append(Thread.interrupted()).append(client.isOpen());
            Thread.currentThread().interrupt();
            seen.append(readOf(pair.client()));
            seen.append(Thread.interrupted()).append(pair.client().isOpen());
            Thread.currentThread().interrupt();
            seen.append(thrown(listener::accept));
            seen.append(Thread.interrupted()).append(listener.isOpen());
          }
          return seen;
        });
  }

  @Case
  static Object fullBacklog() {
    return Kind.each(
        kind -> {
          List<SocketChannel> clients = new ArrayList<>();
          try (ServerSocketChannel listener =
              ServerSocketChannel.open().bind(new InetSocketAddress(loopback(), 0), 1)) {
            for (int i = 0; i < 2; i++) {
              clients.add(SocketChannel.open(listener.getLocalAddress()));
            }
            SocketChannel third = SocketChannel.open();
            third.configureBlocking(false);
            boolean at = third.connect(listener.getLocalAddress());
            pause(50);
            boolean pending = !at && !third.finishConnect() && third.isConnectionPending();
            String early = thrown(() -> third.read(ByteBuffer.allocate(1)));
            SocketChannel fourth = SocketChannel.open();
            Meanwhile connect =
                kind.begin(k -> thrown(() -> fourth.connect(listener.getLocalAddress())));
            pause(50);
            boolean goesOn = connect.goesOn();
            connect.thread().interrupt();
            String interrupted = connect.end();
            SocketChannel fifth = SocketChannel.open();
            Meanwhile closed = kind.blocked(() -> fifth.connect(listener.getLocalAddress()));
            fifth.close();
            third.close();
            return pending + early + goesOn + interrupted + closed.end();
          } finally {
            for (SocketChannel each : clients) {
              each.close();
            }
          }
        });
  }

  @Case
  static Object backlogTakesNonBlockingConnectLater() throws Exception {
    try (ServerSocketChannel listener =
            ServerSocketChannel.open().bind(new InetSocketAddress(loopback(), 0), 1);
        SocketChannel first = SocketChannel.open(listener.getLocalAddress());
        SocketChannel second = SocketChannel.open(listener.getLocalAddress());
        SocketChannel third = SocketChannel.open()) {
      third.configureBlocking(false);
      third.connect(listener.getLocalAddress());
      listener.accept().close();
      listener.accept().close();
      boolean connected = until(() -> finished(third));
      try (SocketChannel server = listener.accept()) {
        third.write(buffer("late"));
        return connected + readOf(server) + first.isConnected() + second.isConnected();
      }
    }
  }

  @Case
  static Object options() throws Exception {
    try (ServerSocketChannel listener = channelListener();
        ChannelPair pair = channelPair()) {
      StringBuilder seen = new StringBuilder();
      for (SocketChannel channel : List.of(pair.client(), pair.server())) {
        seen.append("\n ")
            .append(option(channel, StandardSocketOptions.TCP_NODELAY, true))
            .append(' ')
            .append(option(channel, StandardSocketOptions.SO_KEEPALIVE, true))
            .append(' ')
            .append(option(channel, StandardSocketOptions.SO_LINGER, 3))
            .append(' ')
            .append(option(channel, StandardSocketOptions.SO_LINGER, -1))
            .append(' ')
            .append(option(channel, StandardSocketOptions.IP_TOS, 8))
            .append(' ')
            .append(option(channel, StandardSocketOptions.SO_REUSEADDR, true))
            .append(' ')
            .append(option(channel, StandardSocketOptions.SO_REUSEPORT, true))
            .append(' ')
            .append(option(channel, ExtendedSocketOptions.TCP_KEEPIDLE, 33))
            .append(' ')
            .append(option(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, 5))
            .append(' ')
            .append(option(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, 6))
            .append(LoopbackHelp.sorted(channel.supportedOptions()));
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 30_000);
        seen.append(channel.getOption(StandardSocketOptions.SO_SNDBUF)).append(' ');
        seen.append(channel.getOption(StandardSocketOptions.SO_RCVBUF)).append(' ');
        seen.append(thrown(() -> channel.setOption(StandardSocketOptions.SO_SNDBUF, -1)));
      }
      seen.append(option(listener, StandardSocketOptions.SO_REUSEADDR, false));
      seen.append(option(listener, StandardSocketOptions.SO_RCVBUF, 12_345));
      seen.append(LoopbackHelp.sorted(listener.supportedOptions()));
      return seen;
    }
  }

  @Case
  static Object adaptors() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            Socket client = pair.client().socket();
            Socket server = pair.server().socket();
            client.setSoTimeout(50);
            String timeout = thrown(() -> client.getInputStream().read());
            server.getOutputStream().write('s');
            int read = client.getInputStream().read();
            client.sendUrgentData('!');
            server.setOOBInline(true);
            client.getOutputStream().write('t');
            pause(10);
            int available = server.getInputStream().available();
            String all = new String(server.getInputStream().readNBytes(1));
            pair.client().configureBlocking(false);
            return timeout
                + read
                + available
                + all
                + thrown(() -> client.getInputStream().read())
                + thrown(() -> client.getOutputStream().write(1))
                + client.getTrafficClass()
                + client.getKeepAlive()
                + client.getSoLinger();
          }
        });
  }

  @Case
  static Object adaptorConnectAndAcceptTimeouts() {
    return Kind.each(
        kind -> {
          try (ServerSocketChannel listener = channelListener();
              SocketChannel client = SocketChannel.open()) {
            listener.socket().setSoTimeout(50);
            String none = thrown(() -> listener.socket().accept());
            client.socket().connect(listener.getLocalAddress(), 5_000);
            try (Socket server = listener.socket().accept()) {
              return none + client.isConnected() + client.isBlocking() + server.isConnected();
            }
          }
        });
  }

  @Case
  static Object channelStreams() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            Meanwhile read =
                kind.begin(k -> new String(Channels.newInputStream(pair.server()).readNBytes(5)));
            pause(30);
            Channels.newOutputStream(pair.client()).write("hello".getBytes());
            pair.client().configureBlocking(false);
            return read.end() + thrown(() -> Channels.newInputStream(pair.client()).read());
          }
        });
  }

  /** The mode changes while another thread is in a call of the other direction. */
  @Case
  static Object modeSwitches() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            for (int i = 0; i < 20; i++) {
              pair.client().configureBlocking(i % 2 == 0);
              pair.server().configureBlocking(i % 2 == 1);
              pair.client().write(buffer("m"));
              pause(1);
              String read = readOf(pair.server());
              if (!read.equals("m")) {
                return i + " " + read;
              }
            }
            pair.client().configureBlocking(true);
            Meanwhile blocked = kind.begin(k -> readOf(pair.client()));
            pause(30);
            boolean goesOn = blocked.goesOn();
            pair.server().write(buffer("end"));
            return goesOn + blocked.end();
          }
        });
  }
}
