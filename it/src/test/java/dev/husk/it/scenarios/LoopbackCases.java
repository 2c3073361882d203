package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.addresses;
import static dev.husk.it.scenarios.LoopbackHelp.arrived;
import static dev.husk.it.scenarios.LoopbackHelp.at;
import static dev.husk.it.scenarios.LoopbackHelp.pairAt;
import static dev.husk.it.scenarios.LoopbackHelp.pattern;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.send;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.LoopbackHelp.writesUntilError;
import static dev.husk.it.scenarios.SocketHelp.listener;
import static dev.husk.it.scenarios.SocketHelp.loopback;
import static dev.husk.it.scenarios.SocketHelp.pair;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.LoopbackHelp.Names;
import dev.husk.it.scenarios.SocketHelp.Pair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import jdk.net.ExtendedSocketOptions;

/** {@code Socket} and {@code ServerSocket}, both ends in this JVM. */
final class LoopbackCases {
  private LoopbackCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LoopbackCases.class, args);
  }

  private static Names names(ServerSocket listener, Socket client) {
    return new Names()
        .name(listener.getLocalPort(), "LISTENER")
        .name(client.getLocalPort(), "CLIENT");
  }

  private static String addressesOf(ServerSocket listener, SocketAddress to) throws IOException {
    try (listener;
        Socket client = new Socket()) {
      client.connect(to);
      try (Socket server = listener.accept()) {
        return names(listener, client)
            .in(listener + " / " + addresses(client) + " / " + addresses(server));
      }
    }
  }

  @Case
  static Object addressesByLiteral() throws Exception {
    ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("127.0.0.1"));
    return addressesOf(listener, at("127.0.0.1", listener.getLocalPort()));
  }

  @Case
  static Object addressesByName() throws Exception {
    ServerSocket listener = new ServerSocket(0, 5, loopback());
    return addressesOf(listener, new InetSocketAddress("localhost", listener.getLocalPort()));
  }

  @Case
  static Object addressesOfOtherLoopback() throws Exception {
    ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("127.3.2.1"));
    return addressesOf(listener, at("127.3.2.1", listener.getLocalPort()));
  }

  @Case
  static Object addressesOfIpv6() throws Exception {
    ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("::1"));
    return addressesOf(listener, at("::1", listener.getLocalPort()));
  }

  @Case
  static Object addressesOfWildcard() throws Exception {
    List<Object> all = new ArrayList<>();
    for (String to : List.of("127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::")) {
      ServerSocket listener = new ServerSocket(0);
      all.add(addressesOf(listener, at(to, listener.getLocalPort())));
    }
    return all;
  }

  @Case
  static Object addressesOfMappedIpv4() throws Exception {
    ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("::ffff:127.0.0.1"));
    return addressesOf(listener, at("::ffff:127.0.0.1", listener.getLocalPort()));
  }

  /** The machine's own address outside of loopback. */
  @Case
  static Object addressesOfInterface() throws Exception {
    List<Object> all = new ArrayList<>();
    for (String wanted : List.of("4", "6")) {
      var own =
          java.net.NetworkInterface.networkInterfaces()
              .flatMap(java.net.NetworkInterface::inetAddresses)
              .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
              .filter(a -> a.getClass().getSimpleName().contains(wanted))
              .findFirst();
      if (own.isPresent()) {
        ServerSocket listener = new ServerSocket(0, 5, own.get());
        all.add(addressesOf(listener, new InetSocketAddress(own.get(), listener.getLocalPort())));
        ServerSocket any = new ServerSocket(0);
        all.add(addressesOf(any, new InetSocketAddress(own.get(), any.getLocalPort())));
      }
    }
    return all;
  }

  @Case
  static Object addressesOfBoundClient() throws Exception {
    List<Object> all = new ArrayList<>();
    for (String from : List.of("127.0.0.5", "0.0.0.0", "127.0.0.1", "::")) {
      try (ServerSocket listener = listener();
          Socket client = new Socket()) {
        client.bind(at(from, 0));
        String before = addresses(client);
        client.connect(listener.getLocalSocketAddress());
        try (Socket server = listener.accept()) {
          all.add(
              names(listener, client)
                  .in(before + " / " + addresses(client) + " / " + addresses(server)));
        }
      }
    }
    return all;
  }

  @Case
  static Object addressesAfterClose() throws Exception {
    Pair pair = pair();
    Names names = new Names().name(pair.client().getLocalPort(), "CLIENT");
    names.name(pair.client().getPort(), "LISTENER");
    pair.close();
    return names.in(addresses(pair.client()) + " / " + addresses(pair.server()));
  }

  @Case
  static Object bindToForeignAddress() throws Exception {
    return told(() -> new ServerSocket(0, 5, LoopbackHelp.address("198.51.100.7")))
        + told(
            () -> {
              try (Socket socket = new Socket()) {
                socket.bind(at("198.51.100.7", 0));
                return "bound";
              }
            });
  }

  @Case
  static Object connectRefused() throws Exception {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("127.0.0.77"))) {
      port = listener.getLocalPort();
    }
    return Kind.each(
        kind -> {
          Socket socket = new Socket();
          String plain = thrown(() -> socket.connect(at("127.0.0.77", port)));
          Socket timed = new Socket();
          String withTime = thrown(() -> timed.connect(at("127.0.0.77", port), 3_000));
          return plain
              + " closed="
              + socket.isClosed()
              + " "
              + withTime
              + " closed="
              + timed.isClosed()
              + " "
              + thrown(() -> new Socket("127.0.0.77", port));
        });
  }

  @Case
  static Object connectToAnotherAddressOfThePort() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("127.0.0.78"))) {
      int port = listener.getLocalPort();
      return thrown(() -> new Socket("127.0.0.79", port)) + thrown(() -> new Socket("::1", port));
    }
  }

  @Case
  static Object connectFromIpv4OnlyListener() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, LoopbackHelp.address("0.0.0.0"))) {
      int port = listener.getLocalPort();
      try (Socket ipv4 = new Socket("127.0.0.1", port)) {
        return new Names()
            .name(port, "P")
            .in(
                listener
                    + " "
                    + ipv4.isConnected()
                    + told(() -> new Socket("::1", port).isConnected()));
      }
    }
  }

  @Case
  static Object listenerClosedWithPendingConnection() throws Exception {
    return Kind.each(
        kind -> {
          ServerSocket listener = listener();
          try (Socket client = new Socket(loopback(), listener.getLocalPort());
              Socket other = new Socket(loopback(), listener.getLocalPort())) {
            other.getOutputStream().write(1);
            Meanwhile reader = kind.blocked(() -> client.getInputStream().read());
            listener.close();
            return reader.end()
                + " "
                + readOf(client)
                + " "
                + writesUntilError(client)
                + " "
                + readOf(other)
                + " "
                + readOf(other);
          }
        });
  }

  @Case
  static Object acceptOfClosedClient() throws Exception {
    try (ServerSocket listener = listener()) {
      try (Socket client = new Socket(loopback(), listener.getLocalPort())) {
        send(client, "ab");
      }
      try (Socket client = new Socket(loopback(), listener.getLocalPort())) {
        send(client, "c");
        client.setSoLinger(true, 0);
      }
      pause(20);
      try (Socket first = listener.accept();
          Socket second = listener.accept()) {
        return readOf(first)
            + readOf(first)
            + readOf(first)
            + " "
            + readOf(second)
            + " "
            + readOf(second)
            + (second.getInetAddress() != null);
      }
    }
  }

  @Case
  static Object readAfterPeerCloses() throws Exception {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile blocked = kind.begin(k -> pair.client().getInputStream().read());
            send(pair.server(), "xyz");
            String first = blocked.end();
            pair.server().close();
            return first
                + " "
                + readOf(pair.client())
                + readOf(pair.client())
                + readOf(pair.client())
                + readOf(pair.client())
                + " "
                + told(() -> pair.client().getInputStream().available())
                + " "
                + writesUntilError(pair.client())
                + " "
                + writesUntilError(pair.client())
                + " "
                + readOf(pair.client());
          }
        });
  }

  @Case
  static Object operationsAfterOwnClose() throws Exception {
    try (Pair pair = pair()) {
      Socket client = pair.client();
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      client.close();
      return thrown(in::read)
          + thrown(() -> out.write(1))
          + thrown(in::available)
          + thrown(client::getInputStream)
          + thrown(client::shutdownInput)
          + thrown(client::shutdownOutput)
          + thrown(client::getSoTimeout)
          + thrown(client::getTcpNoDelay)
          + thrown(() -> client.setKeepAlive(true))
          + thrown(() -> client.sendUrgentData(1))
          + thrown(() -> client.connect(at("127.0.0.1", 1)))
          + thrown(() -> client.getOption(StandardSocketOptions.SO_RCVBUF))
          + client.isClosed()
          + client.isConnected()
          + client.isBound()
          + client.isInputShutdown()
          + client.isOutputShutdown();
    }
  }

  @Case
  static Object connectTwice() throws Exception {
    try (ServerSocket listener = listener();
        Socket client = new Socket(loopback(), listener.getLocalPort())) {
      return thrown(() -> client.connect(listener.getLocalSocketAddress()))
          + thrown(() -> client.bind(at("127.0.0.1", 0)))
          + client.isConnected();
    }
  }

  @Case
  static Object unconnected() throws Exception {
    try (Socket socket = new Socket()) {
      return thrown(socket::getInputStream)
          + thrown(socket::getOutputStream)
          + thrown(socket::shutdownInput)
          + thrown(socket::shutdownOutput)
          + thrown(() -> socket.sendUrgentData(1))
          + socket.getLocalSocketAddress()
          + socket.getLocalAddress()
          + socket;
    }
  }

  @Case
  static Object listenersAccept() throws Exception {
    try (ServerSocket listener = new ServerSocket()) {
      return thrown(listener::accept) + listener + listener.isBound() + listener.getLocalPort();
    }
  }

  /** What both ends see after each combination of shutdowns of one end, and after its close. */
  private static String shutdowns(boolean in, boolean out, boolean unread) throws Exception {
    try (Pair pair = pair()) {
      Socket one = pair.client();
      Socket other = pair.server();
      StringBuilder seen = new StringBuilder();
      if (unread) {
        send(other, "u");
        arrived(one, 1);
      }
      if (in) {
        one.shutdownInput();
      }
      if (out) {
        one.shutdownOutput();
      }
      seen.append("own ").append(readOf(one));
      seen.append(" ").append(thrown(() -> one.getOutputStream().write('o')));
      seen.append(" ").append(told(() -> one.getInputStream().available()));
      seen.append(" peer ").append(readOf(other)).append(readOf(other));
      seen.append(" ").append(thrown(() -> other.getOutputStream().write('p')));
      pause(5);
      seen.append(" own again ").append(readOf(one));
      seen.append(thrown(one::shutdownInput)).append(thrown(one::shutdownOutput));
      seen.append(one.isInputShutdown()).append(one.isOutputShutdown());
      one.close();
      seen.append(" closed ").append(readOf(other)).append(" ").append(writesUntilError(other));
      seen.append(" ").append(readOf(other)).append(" ").append(writesUntilError(other));
      return seen.toString();
    }
  }

  private static String shutdownsOf(boolean in, boolean out) {
    return Kind.each(kind -> shutdowns(in, out, kind == Kind.VIRTUAL));
  }

  @Case
  static Object shutdownNothing() {
    return shutdownsOf(false, false);
  }

  @Case
  static Object shutdownInputOnly() {
    return shutdownsOf(true, false);
  }

  @Case
  static Object shutdownOutputOnly() {
    return shutdownsOf(false, true);
  }

  @Case
  static Object shutdownBoth() {
    return shutdownsOf(true, true);
  }

  @Case
  static Object shutdownOfBothEnds() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            send(pair.client(), "a");
            pair.client().shutdownOutput();
            pair.server().shutdownOutput();
            return readOf(pair.server())
                + readOf(pair.server())
                + readOf(pair.client())
                + thrown(() -> pair.client().getOutputStream().write(1))
                + thrown(() -> pair.server().sendUrgentData(1));
          }
        });
  }

  @Case
  static Object shutdownDuringCalls() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile read = kind.blocked(() -> pair.client().getInputStream().read());
            Meanwhile write =
                kind.blocked(() -> pair.client().getOutputStream().write(new byte[30 << 20]));
            pair.client().shutdownInput();
            String first = read.end();
            pair.client().shutdownOutput();
            // Which of two messages it is depends on where in the call the writer is.
            return first + " " + write.end().startsWith("java.net.SocketException");
          }
        });
  }

  @Case
  static Object resetOnCloseWithUnreadData() {
    return Kind.each(
        kind -> {
          StringBuilder seen = new StringBuilder();
          try (Pair pair = pair()) {
            send(pair.client(), "unread");
            arrived(pair.server(), 6);
            Meanwhile read = kind.blocked(() -> pair.client().getInputStream().read());
            pair.server().close();
            seen.append(read.end()).append(" ").append(readOf(pair.client()));
            seen.append(" ").append(writesUntilError(pair.client()));
            seen.append(" ").append(readOf(pair.client()));
            seen.append(told(() -> pair.client().getInputStream().available()));
          }
          try (Pair pair = pair()) {
            send(pair.client(), "unread");
            send(pair.server(), "answer");
            arrived(pair.server(), 6);
            arrived(pair.client(), 6);
            pair.server().close();
            pause(10);
            seen.append(" / ").append(told(() -> pair.client().getInputStream().available()));
            seen.append(readOf(pair.client())).append(readOf(pair.client()));
            seen.append(" ").append(writesUntilError(pair.client()));
          }
          try (Pair pair = pair()) {
            send(pair.client(), "unread");
            arrived(pair.server(), 6);
            pair.server().close();
            pause(10);
            seen.append(" / ").append(writesUntilError(pair.client()));
            seen.append(" ").append(writesUntilError(pair.client()));
            seen.append(" ").append(readOf(pair.client()));
          }
          return seen;
        });
  }

  /** Data comes in after the FIN: TCP answers it with a reset. */
  @Case
  static Object resetByLateData() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            send(pair.server(), "left");
            pair.server().close();
            pause(10);
            String first = thrown(() -> pair.client().getOutputStream().write(1));
            pause(20);
            return first
                + " "
                + told(() -> pair.client().getInputStream().available())
                + readOf(pair.client())
                + " "
                + readOf(pair.client())
                + " "
                + thrown(() -> pair.client().getOutputStream().write(1))
                + " "
                + readOf(pair.client());
          }
        });
  }

  @Case
  static Object lingerZero() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            send(pair.client(), "ab");
            arrived(pair.server(), 2);
            pair.client().setSoLinger(true, 0);
            Meanwhile write =
                kind.blocked(() -> pair.server().getOutputStream().write(new byte[30 << 20]));
            pair.client().close();
            return write.end()
                + " "
                + readOf(pair.server())
                + " "
                + readOf(pair.server())
                + " "
                + writesUntilError(pair.server());
          }
        });
  }

  @Case
  static Object lingerLong() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            pair.client().setSoLinger(true, 5);
            byte[] bytes = pattern(100_000);
            pair.client().getOutputStream().write(bytes);
            long start = System.nanoTime();
            Meanwhile close = kind.begin(k -> thrown(pair.client()::close));
            byte[] read = pair.server().getInputStream().readAllBytes();
            return close.end()
                + Arrays.equals(bytes, read)
                + !passed(start, 4_000)
                + pair.client().isClosed();
          }
        });
  }

  @Case
  static Object lingerExpires() throws Exception {
    try (Pair pair = pair()) {
      pair.client().setSoLinger(true, 1);
      Meanwhile write =
          Kind.ORDINARY.blocked(() -> pair.client().getOutputStream().write(new byte[30 << 20]));
      long start = System.nanoTime();
      pair.client().close();
      return write.end() + !passed(start, 5_000);
    }
  }

  @Case
  static Object interruptDuringRead() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile read =
                kind.begin(
                    k ->
                        told(() -> pair.client().getInputStream().read())
                            + Thread.currentThread().isInterrupted()
                            + pair.client().isClosed());
            pause(60);
            read.thread().interrupt();
            String state = read.settled(kind == Kind.VIRTUAL);
            return state
                + thrown(() -> pair.server().getOutputStream().write(7))
                + " "
                + read.end();
          }
        });
  }

  @Case
  static Object interruptDuringTimedRead() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            pair.client().setSoTimeout(250);
            Meanwhile read =
                kind.begin(
                    k ->
                        told(() -> pair.client().getInputStream().read())
                            + Thread.currentThread().isInterrupted()
                            + pair.client().isClosed());
            pause(60);
            read.thread().interrupt();
            return read.end();
          }
        });
  }

  @Case
  static Object interruptDuringWrite() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile write =
                kind.begin(
                    k ->
                        thrown(() -> pair.client().getOutputStream().write(new byte[30 << 20]))
                            + Thread.currentThread().isInterrupted()
                            + pair.client().isClosed());
            pause(100);
            write.thread().interrupt();
            String state = write.settled(kind == Kind.VIRTUAL);
            if (write.goesOn()) {
              thrown(() -> pair.server().getInputStream().skipNBytes(30 << 20));
            }
            return state + " " + write.end();
          }
        });
  }

  @Case
  static Object interruptDuringAccept() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = listener()) {
            Meanwhile accept =
                kind.begin(
                    k ->
                        thrown(listener::accept)
                            + Thread.currentThread().isInterrupted()
                            + listener.isClosed());
            pause(60);
            accept.thread().interrupt();
            String state = accept.settled(kind == Kind.VIRTUAL);
            String connect = thrown(() -> new Socket(loopback(), listener.getLocalPort()).close());
            return state + " " + connect + " " + accept.end();
          }
        });
  }

  @Case
  static Object interruptedBefore() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = listener();
              Socket client = new Socket()) {
            Meanwhile all =
                kind.begin(
                    k -> {
                      Thread me = Thread.currentThread();
                      me.interrupt();
                      String connect =
                          thrown(() -> client.connect(listener.getLocalSocketAddress()));
                      me.interrupt();
                      String accept =
                          told(
                              () -> {
                                try (Socket server = listener.accept()) {
                                  server.getOutputStream().write('r');
                                  pause(1);
                                  return "accepted";
                                }
                              });
                      me.interrupt();
                      String read = told(() -> client.getInputStream().read());
                      return connect + accept + read + me.isInterrupted() + client.isClosed();
                    });
            return all.end();
          }
        });
  }

  @Case
  static Object readTimeouts() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Socket client = pair.client();
            client.setSoTimeout(50);
            long start = System.nanoTime();
            String first = thrown(() -> client.getInputStream().read());
            boolean waited = passed(start, 50) && !passed(start, 5_000);
            send(pair.server(), "1");
            String second = told(() -> client.getInputStream().read());
            String third = thrown(() -> client.getInputStream().read(new byte[10]));
            client.setSoTimeout(0);
            Meanwhile forever = kind.begin(k -> client.getInputStream().read());
            pause(120);
            boolean goesOn = forever.goesOn();
            send(pair.server(), "2");
            return first
                + waited
                + second
                + third
                + goesOn
                + forever.end()
                + thrown(() -> client.setSoTimeout(-1))
                + client.getSoTimeout();
          }
        });
  }

  @Case
  static Object timedReadOfData() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            pair.client().setSoTimeout(5_000);
            Meanwhile read = kind.begin(k -> pair.client().getInputStream().read());
            pause(60);
            send(pair.server(), "t");
            byte[] bytes = new byte[100];
            String first = read.end();
            send(pair.server(), "more");
            return first + told(() -> pair.client().getInputStream().readNBytes(bytes, 0, 4));
          }
        });
  }

  /** A reader that waits for less, or more, than comes. */
  @Case
  static Object waitingReadsOfAllSizes() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            InputStream in = pair.server().getInputStream();
            StringBuilder seen = new StringBuilder();
            byte[] sent = pattern(50_000);
            for (int size : new int[] {1, 64, 5_000, 50_000, 60_000}) {
              byte[] first = new byte[size];
              Meanwhile read = kind.blocked(() -> seen.append(in.read(first)).append(' '));
              pair.client().getOutputStream().write(sent, 0, Math.min(size, 5_000));
              read.end();
              pair.client().getOutputStream().write(sent, 0, 100);
              seen.append(Arrays.equals(Arrays.copyOf(sent, 100), in.readNBytes(100)))
                  .append(Arrays.equals(first, 0, 1, sent, 0, 1))
                  .append(in.available());
            }
            return seen;
          }
        });
  }

  /** Time-outs beside writes that come at about the same moment: each byte is read once. */
  @Case
  static Object readTimeoutsBesideWrites() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            int length = 3_000;
            pair.server().setSoTimeout(1);
            Meanwhile write =
                kind.begin(
                    k -> {
                      byte[] bytes = pattern(length);
                      for (int i = 0; i < length; i += 10) {
                        pair.client().getOutputStream().write(bytes, i, 10);
                        LockSupport.parkNanos(800_000 + i % 50 * 10_000);
                      }
                      return "";
                    });
            byte[] bytes = new byte[length];
            int read = 0;
            while (read < length) {
              try {
                read +=
                    pair.server().getInputStream().read(bytes, read, Math.min(16, length - read));
              } catch (SocketTimeoutException e) {
                // Goes on.
              }
            }
            return write.end() + Arrays.equals(bytes, pattern(length));
          }
        });
  }

  @Case
  static Object acceptTimeouts() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = listener()) {
            listener.setSoTimeout(50);
            long start = System.nanoTime();
            String first = thrown(listener::accept);
            boolean waited = passed(start, 50) && !passed(start, 5_000);
            listener.setSoTimeout(5_000);
            Meanwhile accept = kind.begin(k -> listener.accept().getInetAddress());
            pause(60);
            try (Socket client = new Socket(loopback(), listener.getLocalPort())) {
              String then = accept.end();
              listener.setSoTimeout(50);
              return first + waited + then + thrown(listener::accept) + client.isConnected();
            }
          }
        });
  }

  /** As many connects as a backlog takes, then one that waits in vain, then room again. */
  @Case
  static Object backlogOfAnySize() throws Exception {
    StringBuilder seen = new StringBuilder();
    for (int backlog : new int[] {Integer.MIN_VALUE, -1, 0, 1, 65_536, Integer.MAX_VALUE}) {
      try (ServerSocket listener = new ServerSocket(0, backlog, loopback());
          Socket client = new Socket()) {
        client.connect(listener.getLocalSocketAddress(), 5_000);
        try (Socket server = listener.accept()) {
          seen.append(server.getPort() == client.getLocalPort()).append(' ');
        }
      }
    }
    return seen;
  }

  @Case
  static Object backlogFull() {
    return Kind.each(
        kind -> {
          List<Socket> clients = new ArrayList<>();
          try (ServerSocket listener = new ServerSocket(0, 2, loopback())) {
            String failed = "";
            for (int i = 0; i < 10 && failed.isEmpty(); i++) {
              Socket client = new Socket();
              try {
                client.connect(listener.getLocalSocketAddress(), 400);
                clients.add(client);
              } catch (IOException e) {
                failed = e + " closed=" + client.isClosed();
              }
            }
            Socket accepted = listener.accept();
            boolean first = accepted.getPort() == clients.getFirst().getLocalPort();
            clients.add(accepted);
            Socket late = new Socket();
            clients.add(late);
            return (clients.size() - 2)
                + failed
                + first
                + thrown(() -> late.connect(listener.getLocalSocketAddress(), 5_000));
          } finally {
            for (Socket each : clients) {
              each.close();
            }
          }
        });
  }

  @Case
  static Object closeDuringPendingConnect() {
    return Kind.each(
        kind -> {
          List<Socket> clients = new ArrayList<>();
          try (ServerSocket listener = new ServerSocket(0, 1, loopback())) {
            for (int i = 0; i < 2; i++) {
              clients.add(new Socket(loopback(), listener.getLocalPort()));
            }
            Socket third = new Socket();
            Meanwhile connect = kind.blocked(() -> third.connect(listener.getLocalSocketAddress()));
            boolean goesOn = connect.goesOn();
            third.close();
            String first = connect.end();
            Socket fourth = new Socket();
            Meanwhile interrupted =
                kind.begin(
                    k ->
                        thrown(() -> fourth.connect(listener.getLocalSocketAddress(), 300))
                            + Thread.currentThread().isInterrupted()
                            + fourth.isClosed());
            pause(60);
            interrupted.thread().interrupt();
            return goesOn + first + " " + interrupted.end();
          } finally {
            for (Socket each : clients) {
              each.close();
            }
          }
        });
  }

  @Case
  static Object bothEndsInOneThread() {
    return Kind.each(
        kind -> {
          Meanwhile all =
              kind.begin(
                  k -> {
                    try (Pair pair = pair()) {
                      byte[] bytes = pattern(1 << 20);
                      pair.client().getOutputStream().write(bytes);
                      byte[] read = pair.server().getInputStream().readNBytes(1 << 20);
                      return Arrays.equals(bytes, read);
                    }
                  });
          return all.end();
        });
  }

  @Case
  static Object writesLargerThanAllBuffers() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            byte[] bytes = pattern(9_999_999);
            Meanwhile write = kind.blocked(() -> pair.client().getOutputStream().write(bytes));
            boolean goesOn = write.goesOn();
            byte[] read = pair.server().getInputStream().readNBytes(bytes.length);
            return goesOn + write.end() + Arrays.equals(bytes, read);
          }
        });
  }

  /** Every kind of thread at both ends. */
  @Case
  static Object conversationsOfAllKinds() {
    StringBuilder all = new StringBuilder();
    for (Kind server : Kind.values()) {
      all.append(
          Kind.each(
              kind -> {
                try (Pair pair = pair()) {
                  Meanwhile echo =
                      server.begin(
                          k -> {
                            InputStream from = pair.server().getInputStream();
                            long n = from.transferTo(pair.server().getOutputStream());
                            pair.server().shutdownOutput();
                            return n;
                          });
                  DataInputStream in = new DataInputStream(pair.client().getInputStream());
                  int sum = 0;
                  pair.client().setTcpNoDelay(true);
                  pair.server().setTcpNoDelay(true);
                  for (int i = 1; i < 100; i++) {
                    byte[] bytes = pattern(i * i);
                    pair.client().getOutputStream().write(bytes);
                    byte[] back = new byte[bytes.length];
                    in.readFully(back);
                    sum += Arrays.equals(bytes, back) ? 1 : 0;
                  }
                  pair.client().shutdownOutput();
                  return sum + " " + in.read() + " " + echo.end();
                }
              }));
    }
    return all;
  }

  @Case
  static Object zeroLengths() throws Exception {
    try (Pair pair = pair()) {
      pair.client().getOutputStream().write(new byte[0]);
      int none = pair.server().getInputStream().read(new byte[0]);
      pair.client().close();
      return none
          + " "
          + pair.server().getInputStream().read(new byte[0])
          + pair.server().getInputStream().read(new byte[1])
          + pair.server().getInputStream().read(new byte[0])
          + thrown(() -> pair.server().getInputStream().read(new byte[4], 3, 3))
          + thrown(() -> pair.server().getOutputStream().write(new byte[4], 3, 3));
    }
  }

  @Case
  static Object available() throws Exception {
    try (Pair pair = pair()) {
      InputStream in = pair.server().getInputStream();
      int none = in.available();
      pair.client().getOutputStream().write(new byte[5000]);
      arrived(pair.server(), 5000);
      int all = in.available();
      long skipped = in.skip(4000);
      int rest = in.available();
      pair.client().close();
      pause(10);
      int closed = in.available();
      in.readNBytes(1000);
      return none + " " + all + " " + skipped + " " + rest + " " + closed + " " + in.available();
    }
  }

  private static String urgent(boolean inline) throws Exception {
    try (Pair pair = pair()) {
      Socket server = pair.server();
      server.setOOBInline(inline);
      send(pair.client(), "ab");
      pair.client().sendUrgentData('!');
      send(pair.client(), "cd");
      arrived(server, inline ? 5 : 2);
      pause(10);
      int available = server.getInputStream().available();
      StringBuilder seen = new StringBuilder(available + " ");
      seen.append(new String(server.getInputStream().readNBytes(inline ? 5 : 4)));
      seen.append(readOf(server));
      pair.client().sendUrgentData(0x1ff);
      pause(10);
      seen.append(told(() -> server.getInputStream().available()));
      seen.append(inline ? told(() -> server.getInputStream().read()) : readOf(server));
      send(pair.client(), "e");
      seen.append(readOf(server));
      // Two in a row: the first becomes ordinary, the second is urgent.
      pair.client().sendUrgentData('1');
      pair.client().sendUrgentData('2');
      send(pair.client(), "f");
      pause(10);
      byte[] bytes = new byte[10];
      for (int n = 0; n < bytes.length && bytes[Math.max(0, n - 1)] != 'f'; ) {
        n += server.getInputStream().read(bytes, n, 1);
      }
      seen.append(new String(bytes).trim());
      return seen + " " + server.getOOBInline();
    }
  }

  @Case
  static Object urgentLeftOut() {
    return Kind.each(kind -> urgent(false));
  }

  @Case
  static Object urgentInline() {
    return Kind.each(kind -> urgent(true));
  }

  /** Urgent data nobody takes in line: a close doesn't find it unread. */
  @Case
  static Object urgentUnreadAtClose() throws Exception {
    try (Pair pair = pair()) {
      pair.client().sendUrgentData('!');
      pause(20);
      pair.server().close();
      return readOf(pair.client());
    }
  }

  private static String options(Socket socket) {
    return "nodelay "
        + told(socket::getTcpNoDelay)
        + " keepalive "
        + told(socket::getKeepAlive)
        + " linger "
        + told(socket::getSoLinger)
        + " reuse "
        + told(socket::getReuseAddress)
        + " oob "
        + told(socket::getOOBInline)
        + " tos "
        + told(socket::getTrafficClass)
        + " timeout "
        + told(socket::getSoTimeout)
        + " reuseport "
        + told(() -> socket.getOption(StandardSocketOptions.SO_REUSEPORT))
        + " idle "
        + told(() -> socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE))
        + " interval "
        + told(() -> socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
        + " count "
        + told(() -> socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
        + " quickack "
        + told(() -> socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true) == socket)
        + " napi "
        + told(() -> socket.getOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID) >= 0);
  }

  private static void set(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setSoLinger(true, 7);
    socket.setReuseAddress(true);
    socket.setOOBInline(true);
    socket.setTrafficClass(0x10);
    socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 100);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 20);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
  }

  @Case
  static Object optionsBySetting() throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String address : List.of("127.0.0.1", "::1")) {
      try (Pair pair = pairAt(address)) {
        seen.append("\n ").append(options(pair.client()));
        seen.append("\n ").append(options(pair.server()));
        set(pair.client());
        seen.append("\n ").append(options(pair.client()));
        seen.append("\n ").append(options(pair.server()));
        set(pair.server());
        seen.append("\n ").append(options(pair.server()));
        pair.client().setSoLinger(false, 0);
        pair.client().setTcpNoDelay(false);
        pair.client().setKeepAlive(false);
        seen.append("\n ").append(options(pair.client()));
      }
    }
    return seen;
  }

  @Case
  static Object optionsFromBeforeConnect() throws Exception {
    try (ServerSocket listener = listener();
        Socket client = new Socket()) {
      client.setTcpNoDelay(true);
      client.setKeepAlive(true);
      client.setSoLinger(true, 7);
      client.setOOBInline(true);
      client.setTrafficClass(0x10);
      client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 100);
      client.connect(listener.getLocalSocketAddress());
      try (Socket server = listener.accept()) {
        return options(client) + "\n " + options(server);
      }
    }
  }

  /** A listener's options go over to what it accepts, as far as the kernel says so. */
  @Case
  static Object optionsFromListener() throws Exception {
    try (ServerSocket listener = new ServerSocket()) {
      listener.setOption(StandardSocketOptions.SO_RCVBUF, 50_000);
      listener.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 100);
      listener.bind(new InetSocketAddress(loopback(), 0));
      listener.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
      try (Socket client = new Socket(loopback(), listener.getLocalPort());
          Socket server = listener.accept()) {
        return options(client) + "\n " + options(server) + " " + server.getReceiveBufferSize();
      }
    }
  }

  @Case
  static Object optionBufferSizes() throws Exception {
    try (ServerSocket listener = listener();
        Socket client = new Socket()) {
      client.setReceiveBufferSize(20_000);
      client.setSendBufferSize(30_000);
      String before = client.getReceiveBufferSize() + " " + client.getSendBufferSize();
      client.connect(listener.getLocalSocketAddress());
      try (Socket server = listener.accept()) {
        String after = client.getReceiveBufferSize() + " " + client.getSendBufferSize();
        server.setReceiveBufferSize(40_000);
        server.setSendBufferSize(50_000);
        return before
            + " "
            + after
            + " "
            + server.getReceiveBufferSize()
            + " "
            + server.getSendBufferSize()
            + thrown(() -> server.setSendBufferSize(0))
            + thrown(() -> server.setReceiveBufferSize(-1));
      }
    }
  }

  @Case
  static Object optionDefaultBufferSizesArePlausible() throws Exception {
    try (Pair pair = pair()) {
      return (pair.client().getReceiveBufferSize() > 10_000)
          + " "
          + (pair.client().getSendBufferSize() > 10_000)
          + (pair.server().getReceiveBufferSize() > 10_000)
          + (pair.server().getSendBufferSize() > 10_000);
    }
  }

  @Case
  static Object optionsSupported() throws Exception {
    try (ServerSocket listener = listener();
        Pair pair = pair()) {
      return LoopbackHelp.sorted(pair.client().supportedOptions())
          + LoopbackHelp.sorted(listener.supportedOptions())
          + thrown(() -> pair.client().getOption(StandardSocketOptions.IP_MULTICAST_TTL));
    }
  }

  /** A small send buffer and a small receive buffer: little is under way. */
  @Case
  static Object smallBuffersBound() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = new ServerSocket()) {
            listener.setReceiveBufferSize(4_000);
            listener.bind(new InetSocketAddress(loopback(), 0));
            try (Socket client = new Socket()) {
              client.setSendBufferSize(4_000);
              client.connect(listener.getLocalSocketAddress());
              try (Socket server = listener.accept()) {
                Meanwhile write =
                    kind.blocked(() -> client.getOutputStream().write(pattern(200_000)));
                boolean goesOn = write.goesOn();
                byte[] read = server.getInputStream().readNBytes(200_000);
                return goesOn + write.end() + Arrays.equals(read, pattern(200_000));
              }
            }
          }
        });
  }

  private static final class CountingListener extends ServerSocket {
    int accepted;

    CountingListener() throws IOException {
      super(0, 10, loopback());
    }

    @Override
    public Socket accept() throws IOException {
      Named socket = new Named("accepted");
      implAccept(socket);
      accepted++;
      return socket;
    }
  }

  private static final class Named extends Socket {
    final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void close() throws IOException {
      super.close();
    }
  }

  @Case
  static Object implAccept() {
    return Kind.each(
        kind -> {
          try (CountingListener listener = new CountingListener();
              Socket client = new Socket(loopback(), listener.getLocalPort());
              Socket server = listener.accept()) {
            send(server, "n");
            return listener.accepted
                + ((Named) server).name
                + server.isConnected()
                + readOf(client)
                + (server.getPort() == client.getLocalPort());
          }
        });
  }

  /** An implementation that isn't the platform's. */
  private static final class MemoryImpl extends SocketImpl {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Override
    public Object getOption(int id) {
      return 0;
    }

    @Override
    public void setOption(int id, Object value) {}

    @Override
    protected void create(boolean stream) {
      fd = new FileDescriptor();
    }

    @Override
    protected void connect(String host, int port) {}

    @Override
    protected void connect(InetAddress address, int port) {}

    @Override
    protected void connect(SocketAddress to, int millis) {
      address = ((InetSocketAddress) to).getAddress();
      port = ((InetSocketAddress) to).getPort();
    }

    @Override
    protected void bind(InetAddress host, int port) {}

    @Override
    protected void listen(int backlog) {}

    @Override
    protected void accept(SocketImpl socket) {}

    @Override
    protected InputStream getInputStream() {
      return new ByteArrayInputStream(out.toByteArray());
    }

    @Override
    protected OutputStream getOutputStream() {
      return out;
    }

    @Override
    protected int available() {
      return 0;
    }

    @Override
    protected void close() {}

    @Override
    protected void sendUrgentData(int data) {}
  }

  private static final class MemorySocket extends Socket {
    MemorySocket() throws IOException {
      super(new MemoryImpl());
    }
  }

  @Case
  static Object customImplementation() throws Exception {
    try (ServerSocket listener = listener();
        Socket socket = new MemorySocket()) {
      socket.connect(listener.getLocalSocketAddress());
      send(socket, "memory");
      listener.setSoTimeout(100);
      return LoopbackHelp.text(socket.getInputStream())
          + thrown(listener::accept)
          + (socket.getPort() == listener.getLocalPort());
    }
  }

  @Case
  static Object withoutProxy() throws Exception {
    try (ServerSocket listener = listener();
        Socket client = new Socket(Proxy.NO_PROXY)) {
      client.connect(listener.getLocalSocketAddress());
      try (Socket server = listener.accept()) {
        send(client, "p");
        return readOf(server);
      }
    }
  }

  @Case
  static Object objectStreams() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile answer =
                kind.begin(
                    k -> {
                      ObjectOutputStream out =
                          new ObjectOutputStream(pair.server().getOutputStream());
                      ObjectInputStream in = new ObjectInputStream(pair.server().getInputStream());
                      Object got = in.readObject();
                      out.writeObject(List.of("got", got));
                      out.flush();
                      return got;
                    });
            ObjectOutputStream out = new ObjectOutputStream(pair.client().getOutputStream());
            ObjectInputStream in = new ObjectInputStream(pair.client().getInputStream());
            out.writeObject(Map.of("key", new int[] {1, 2, 3}.length));
            out.flush();
            return in.readObject() + answer.end();
          }
        });
  }

  private static final String KEYS =
      """
      MIID9gIBAzCCA6AGCSqGSIb3DQEHAaCCA5EEggONMIIDiTCCASAGCSqGSIb3DQEHAaCCAREEggENMIIBCTCCAQUG
      CyqGSIb3DQEMCgECoIG9MIG6MGYGCSqGSIb3DQEFDTBZMDgGCSqGSIb3DQEFDDArBBQxIbOyYRVcb2uOGN6f92zo
      km9+bAICJxACASAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEDTgAeguzHMNCMbyWgFXR4EUOHOT2ZK31My
      WpXSh7nb4rdxudxBZWAnX6O3VMBVQE7hrpus1bBz72z/5c3A5jvag1Hh+s/jKYIN4kZMf37t6E5bBxcEoQpTYSxI
      GvkSiH5TMTYwEQYJKoZIhvcNAQkUMQQeAgBhMCEGCSqGSIb3DQEJFTEUBBJUaW1lIDE3OTU4ODEyMzMyMjcwggJh
      BgkqhkiG9w0BBwagggJSMIICTgIBADCCAkcGCSqGSIb3DQEHATBmBgkqhkiG9w0BBQ0wWTA4BgkqhkiG9w0BBQww
      KwQUjYdOVIHbXkBAZh5mtEgoXE9G+0sCAicQAgEgMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBCFzpbLvUVz
      QBpU1jCx3xMwgIIB0OohihHM2bfj4q2fC9frjIrwc3GDTG8OMH9t2u6MIyiCEbCVQsVTaiTE9/t4WJySkPTtYHh3
      GMlaorUojTCkNynoKOQuo/M2LVVA621/Shujyhu+J5+N1Z3xlUWx+CQH7O32h5rgKOV8B0Rp5D5RxpDJCHTaQXP2
      D9zlStaYo+mk2hzjshQkbKN7Ca9DzY3Xwiv8igYQhlG37jUgCO3xaeHGin2yD8lqewUEfb3zET1Y/MrHqN1Zn1yM
      EktOr0xKpNfZVFTXkdgQZeV6LaixvuuwZfE4h+mOZxtsgKtN+vbQfJ4+NM7v6ImDRIXJkw0aevY8gu4ms+btcWwg
      SEy8uLjna9T0VVNFUxwrbOV7G0CRtvR/yamxNwb0TxNJuyqnK+W7oa4PIgqkvjtPxui0UG44B9ZFEtd1baj7rioI
      UlTSTff9Kyv9d7tbtxVbMZgONntWlD88ogRFmQ7u9mUzhSFCc0OXmSHE3WDS5RrPkTcIbmvDV8EHwRh2Fo64jhdK
      2mAMbKqBTQbxikLIxZd+RmEmJDqJ0RjfbPOFxQtacEk5aRt3m2MkncFg7ap9TtZkzLO91X5DM17r0N7zMrLqibdr
      98CIESptKreNxXV6UfxPME0wMTANBglghkgBZQMEAgEFAAQguIlR6IURniwdMH5/xRfj2UsaxSFETxoQOctp0kHj
      YoEEFLVAoTvvg1Pgnj4fIOpkvoWy83dvAgInEA==
      """;

  private static SSLContext tls() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    char[] password = "secret".toCharArray();
    keys.load(new ByteArrayInputStream(Base64.getMimeDecoder().decode(KEYS)), password);
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, password);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @Case
  static Object tlsConversation() throws Exception {
    SSLContext context = tls();
    return Kind.each(
        kind -> {
          try (SSLServerSocket listener =
              (SSLServerSocket)
                  context.getServerSocketFactory().createServerSocket(0, 10, loopback())) {
            Meanwhile server =
                kind.begin(
                    k -> {
                      try (Socket socket = listener.accept()) {
                        long n = socket.getInputStream().transferTo(socket.getOutputStream());
                        return n;
                      }
                    });
            byte[] bytes = pattern(300_000);
            try (SSLSocket client =
                (SSLSocket)
                    context.getSocketFactory().createSocket(loopback(), listener.getLocalPort())) {
              client.startHandshake();
              Meanwhile writer =
                  kind.begin(
                      k -> {
                        client.getOutputStream().write(bytes);
                        client.shutdownOutput();
                        return "written";
                      });
              byte[] back = client.getInputStream().readAllBytes();
              return client.getSession().getProtocol()
                  + Arrays.equals(bytes, back)
                  + writer.end()
                  + server.end();
            }
          }
        });
  }

  @Case
  static Object tlsAgainstPlainPeer() throws Exception {
    SSLContext context = tls();
    try (ServerSocket listener = listener()) {
      Meanwhile plain =
          Kind.ORDINARY.begin(
              k -> {
                try (Socket socket = listener.accept()) {
                  socket.getInputStream().read(new byte[10_000]);
                  send(socket, "HTTP/1.1 400 no\r\n\r\n");
                }
                return "sent";
              });
      try (SSLSocket client =
          (SSLSocket)
              context.getSocketFactory().createSocket(loopback(), listener.getLocalPort())) {
        return thrown(client::startHandshake) + plain.end();
      }
    }
  }

  @Case
  static Object tlsLayeredAndTimed() throws Exception {
    SSLContext context = tls();
    try (Pair pair = pair()) {
      Socket layered = context.getSocketFactory().createSocket(pair.client(), "localhost", 1, true);
      layered.setSoTimeout(80);
      String handshake = thrown(((SSLSocket) layered)::startHandshake);
      layered.close();
      return handshake + pair.client().isClosed();
    }
  }

  /** Several threads connect and accept at once. */
  @Case
  static Object crowdedListener() {
    return Kind.each(
        kind -> {
          try (ServerSocket listener = listener()) {
            List<Meanwhile> servers = new ArrayList<>();
            List<Meanwhile> clients = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
              servers.add(
                  kind.begin(
                      k -> {
                        try (Socket socket = listener.accept()) {
                          int n = socket.getInputStream().read();
                          socket.getOutputStream().write(n + 1);
                          return "served";
                        }
                      }));
              int number = i;
              clients.add(
                  kind.begin(
                      k -> {
                        try (Socket socket = new Socket(loopback(), listener.getLocalPort())) {
                          socket.getOutputStream().write(number);
                          return socket.getInputStream().read() == number + 1;
                        }
                      }));
            }
            return servers.stream().filter(s -> s.end().equals("served")).count()
                + " "
                + clients.stream().filter(c -> c.end().equals("true")).count();
          }
        });
  }

  @Case
  static Object performancePreferencesAndNull() throws Exception {
    try (Socket socket = new Socket()) {
      socket.setPerformancePreferences(1, 2, 3);
      return thrown(() -> socket.connect(null))
          + thrown(() -> socket.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 9)))
          + thrown(() -> socket.connect(at("127.0.0.1", 9), -1))
          + thrown(() -> new ServerSocket(70_000))
          + thrown(() -> new Socket("127.0.0.1", -1))
          + thrown(() -> new Socket("127.0.0.1", 0));
    }
  }
}
