package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.at;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Who may bind what, and which listener gets a connection. */
final class BindCases {
  private static final List<String> ADDRESSES =
      List.of("::", "0.0.0.0", "4:0.0.0.0", "127.0.0.1", "127.0.0.2", "::1", "4:127.0.0.1");

  private BindCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(BindCases.class, args);
  }

  /** A listener on an address; one of the family IPv4 behind {@code 4:}. */
  private static ServerSocketChannel listen(
      String address, int port, boolean reuseAddress, boolean reusePort) throws IOException {
    ServerSocketChannel channel =
        address.startsWith("4:")
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
      if (reusePort) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(at(address.replace("4:", ""), port));
      channel.configureBlocking(false);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static int port(ServerSocketChannel channel) {
    return channel.socket().getLocalPort();
  }

  /** Connects to an address: the listener that has it, by its place; or the exception. */
  private static String taker(String to, int port, List<ServerSocketChannel> listeners)
      throws Exception {
    try (SocketChannel client = SocketChannel.open()) {
      String failed = thrown(() -> client.connect(at(to, port)));
      if (!failed.equals("nothing")) {
        return failed.contains("refused") ? "refused" : failed;
      }
      for (int tries = 0; tries < 500; tries++) {
        for (int i = 0; i < listeners.size(); i++) {
          try (SocketChannel server = listeners.get(i).accept()) {
            if (server != null) {
              return Integer.toString(i);
            }
          }
        }
        pause(1);
      }
      return "nobody";
    }
  }

  private static Object matrix(boolean reuseAddress, boolean reusePort) throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String first : ADDRESSES) {
      for (String second : ADDRESSES) {
        seen.append("\n ").append(first).append(" and ").append(second).append(": ");
        List<ServerSocketChannel> listeners = new ArrayList<>();
        try {
          listeners.add(listen(first, 0, reuseAddress, reusePort));
          String bound = "";
          // Another process may have the port; a conflict of ours stays.
          for (int i = 0; i < 3 && !bound.equals("nothing"); i++) {
            listeners.getFirst().close();
            listeners.set(0, listen(first, 0, reuseAddress, reusePort));
            int port = port(listeners.getFirst());
            bound = thrown(() -> listeners.add(listen(second, port, reuseAddress, reusePort)));
          }
          seen.append(bound);
          int port = port(listeners.getFirst());
          boolean shared = reusePort && first.equals(second);
          for (String to : List.of("127.0.0.1", "127.0.0.2", "::1")) {
            String taker = taker(to, port, listeners);
            boolean either = taker.length() == 1 && (shared || reusePort);
            seen.append(' ').append(to).append("->").append(either ? "taken" : taker);
          }
        } finally {
          for (ServerSocketChannel each : listeners) {
            each.close();
          }
        }
      }
    }
    return seen;
  }

  @Case
  static Object pairsWithReuseAddress() throws Exception {
    return matrix(true, false);
  }

  @Case
  static Object pairsWithoutReuseAddress() throws Exception {
    return matrix(false, false);
  }

  @Case
  static Object pairsWithReusePort() throws Exception {
    return matrix(true, true);
  }

  /** Specific addresses on one port, listeners that come and go. */
  @Case
  static Object listenersComeAndGo() throws Exception {
    for (int i = 0; ; i++) {
      try {
        return comeAndGo();
      } catch (BindException e) {
        // Another process may have the port at one of the addresses.
        if (i == 5) {
          throw e;
        }
      }
    }
  }

  private static Object comeAndGo() throws Exception {
    StringBuilder seen = new StringBuilder();
    ServerSocketChannel one = listen("127.0.0.1", 0, true, false);
    int port = port(one);
    ServerSocketChannel two = listen("127.0.0.2", port, true, false);
    ServerSocketChannel six = listen("::1", port, true, false);
    List<ServerSocketChannel> all = List.of(one, two, six);
    for (String to : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "::1")) {
      seen.append(taker(to, port, all)).append(' ');
    }
    two.close();
    List<ServerSocketChannel> rest = List.of(one, six);
    for (String to : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "::1")) {
      seen.append(taker(to, port, rest)).append(' ');
    }
    one.close();
    six.close();
    seen.append(taker("127.0.0.1", port, List.of()));
    try (ServerSocketChannel any = listen("::", port, true, false)) {
      for (String to : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "::1")) {
        seen.append(taker(to, port, List.of(any))).append(' ');
      }
    }
    return seen;
  }

  @Case
  static Object sharedListenersAllGetSome() throws Exception {
    try (ServerSocketChannel one = listen("127.0.0.1", 0, false, true);
        ServerSocketChannel two = listen("127.0.0.1", port(one), false, true);
        ServerSocketChannel three = listen("127.0.0.1", port(one), false, true)) {
      TreeSet<String> takers = new TreeSet<>();
      for (int i = 0; i < 100; i++) {
        takers.add(taker("127.0.0.1", port(one), List.of(one, two, three)));
      }
      return takers;
    }
  }

  /** A listener that doesn't share its port after ones that did. */
  @Case
  static Object sharedThenAlone() throws Exception {
    ServerSocketChannel one = listen("127.0.0.1", 0, true, true);
    int port = port(one);
    one.close();
    try (ServerSocketChannel two = listen("127.0.0.1", port, true, false)) {
      return taker("127.0.0.1", port, List.of(two))
          + thrown(() -> listen("127.0.0.1", port, true, true));
    }
  }

  @Case
  static Object rebindAfterClose() throws Exception {
    StringBuilder seen = new StringBuilder();
    for (String end : List.of("client", "server", "reset", "open")) {
      ServerSocket listener = new ServerSocket(0, 5, loopback());
      int port = listener.getLocalPort();
      Socket client = new Socket(loopback(), port);
      Socket server = listener.accept();
      switch (end) {
        case "client" -> {
          client.close();
          readOf(server);
          server.close();
        }
        case "server" -> {
          server.close();
          readOf(client);
          client.close();
        }
        case "reset" -> {
          server.setSoLinger(true, 0);
          server.close();
          client.close();
        }
        default -> {}
      }
      listener.close();
      pause(5);
      for (boolean reuse : new boolean[] {true, false}) {
        String again =
            told(
                () -> {
                  try (ServerSocket next = new ServerSocket()) {
                    next.setReuseAddress(reuse);
                    next.bind(new InetSocketAddress(loopback(), port));
                    try (Socket to = new Socket(loopback(), port);
                        Socket from = next.accept()) {
                      to.setSoLinger(true, 0);
                      return from.getPort() == to.getLocalPort();
                    }
                  }
                });
        seen.append("\n ").append(end).append(" reuse=").append(reuse).append(' ').append(again);
      }
      client.close();
      server.close();
    }
    return seen;
  }

  /** The client's own port: a second connect from it, to the same and to another listener. */
  @Case
  static Object fixedClientPorts() throws Exception {
    StringBuilder seen = new StringBuilder();
    try (ServerSocket one = new ServerSocket(0, 5, loopback());
        ServerSocket two = new ServerSocket(0, 5, loopback())) {
      for (boolean reuse : new boolean[] {false, true}) {
        Socket first = new Socket();
        first.setReuseAddress(reuse);
        first.bind(new InetSocketAddress(loopback(), 0));
        int port = first.getLocalPort();
        first.connect(one.getLocalSocketAddress());
        Socket server = one.accept();
        for (ServerSocket to : List.of(one, two)) {
          Socket second = new Socket();
          second.setReuseAddress(reuse);
          String bind = thrown(() -> second.bind(new InetSocketAddress(loopback(), port)));
          String connect =
              bind.equals("nothing")
                  ? thrown(() -> second.connect(to.getLocalSocketAddress(), 1_000))
                  : "";
          if (connect.equals("nothing")) {
            to.accept().close();
          }
          second.close();
          seen.append(reuse).append(bind).append(connect).append(' ');
        }
        String listen = thrown(() -> new ServerSocket(port, 5, loopback()).close());
        first.close();
        server.close();
        seen.append(listen).append('\n');
      }
    }
    return seen;
  }

  /** A client's port is in use for everybody else while it is connected, and free after. */
  @Case
  static Object clientPortIsTaken() throws Exception {
    Object seen = takePort();
    for (int i = 0; i < 5 && !seen.toString().endsWith("nothing"); i++) {
      // Another process may have got the port in between.
      seen = takePort();
    }
    return seen;
  }

  private static Object takePort() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, loopback())) {
      Socket client = new Socket(loopback(), listener.getLocalPort());
      Socket server = listener.accept();
      int port = client.getLocalPort();
      String during = thrown(() -> new ServerSocket(port, 5, loopback()).close());
      client.setSoLinger(true, 0);
      client.close();
      server.close();
      pause(5);
      return during + thrown(() -> new ServerSocket(port, 5, loopback()).close());
    }
  }

  @Case
  static Object unprivileged() throws Exception {
    return thrown(() -> new ServerSocket(0).bind(new InetSocketAddress(0)))
        + thrown(
            () -> {
              try (ServerSocket listener = new ServerSocket()) {
                listener.bind(null);
                listener.bind(null);
              }
            })
        + thrown(
            () -> {
              try (ServerSocket listener = new ServerSocket()) {
                listener.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0));
              }
            });
  }

  @Case
  static Object ephemeralPortsDiffer() throws Exception {
    TreeSet<Integer> ports = new TreeSet<>();
    List<ServerSocket> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ServerSocket each = new ServerSocket(0, 5, loopback());
      all.add(each);
      ports.add(each.getLocalPort());
    }
    for (ServerSocket each : all) {
      each.close();
    }
    return ports.size() + " " + (ports.first() > 1024);
  }

  /** A socket connects to its own port: TCP's simultaneous open. */
  @Case
  static Object connectToItself() throws Exception {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(loopback(), 0));
      String connect =
          thrown(() -> socket.connect(new InetSocketAddress(loopback(), socket.getLocalPort())));
      if (!connect.equals("nothing")) {
        return connect;
      }
      LoopbackHelp.send(socket, "s");
      return connect + readOf(socket) + (socket.getPort() == socket.getLocalPort());
    }
  }

  @Case
  static Object boundButNotListening() throws Exception {
    try (Socket bound = new Socket();
        Socket client = new Socket()) {
      bound.bind(new InetSocketAddress(loopback(), 0));
      return thrown(
          () -> client.connect(new InetSocketAddress(loopback(), bound.getLocalPort()), 1_000));
    }
  }
}
