package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.LoopbackHelp.writesUntilError;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.listener;
import static dev.husk.it.scenarios.SocketHelp.loopback;
import static dev.husk.it.scenarios.SocketHelp.pair;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import dev.husk.it.scenarios.SocketHelp.Pair;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Closes of all sorts, under calls and beside each other. */
final class CloseCases {
  private CloseCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(CloseCases.class, args);
  }

  @Case
  static Object duringRead() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile read = kind.blocked(() -> pair.client().getInputStream().read());
            Meanwhile peer = kind.begin(k -> pair.server().getInputStream().read());
            pair.client().close();
            return read.end() + peer.end();
          }
        });
  }

  @Case
  static Object duringTimedRead() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            pair.client().setSoTimeout(7_000);
            Meanwhile read = kind.blocked(() -> pair.client().getInputStream().read());
            pair.client().close();
            return read.end();
          }
        });
  }

  @Case
  static Object duringWrite() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile write =
                kind.blocked(() -> pair.client().getOutputStream().write(new byte[30 << 20]));
            pair.client().close();
            return write.end();
          }
        });
  }

  @Case
  static Object duringReadAndWrite() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile write =
                kind.blocked(() -> pair.client().getOutputStream().write(new byte[30 << 20]));
            Meanwhile read = kind.blocked(() -> pair.client().getInputStream().read());
            Meanwhile close = kind.begin(k -> thrown(pair.client()::close));
            return close.end() + write.end() + read.end() + thrown(pair.client()::close);
          }
        });
  }

  @Case
  static Object duringAccept() {
    return Kind.each(
        kind -> {
          ServerSocket listener = listener();
          Meanwhile accept = kind.blocked(listener::accept);
          Meanwhile second = kind.blocked(listener::accept);
          listener.close();
          ServerSocket timed = listener();
          timed.setSoTimeout(7_000);
          Meanwhile third = kind.blocked(timed::accept);
          timed.close();
          return accept.end() + second.end() + third.end() + thrown(listener::accept);
        });
  }

  /** Peer's close under a writer that nobody reads from. */
  @Case
  static Object peerDuringWrite() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile write =
                kind.blocked(() -> pair.client().getOutputStream().write(new byte[30 << 20]));
            pair.server().close();
            return write.end() + readOf(pair.client()) + writesUntilError(pair.client());
          }
        });
  }

  @Case
  static Object bothAtOnce() {
    return Kind.each(
        kind -> {
          int clean = 0;
          for (int i = 0; i < 20; i++) {
            Pair pair = pair();
            Meanwhile one = kind.begin(k -> thrown(pair.client()::close));
            Meanwhile two = kind.begin(k -> thrown(pair.server()::close));
            Meanwhile three = kind.begin(k -> thrown(pair.client()::close));
            clean += (one.end() + two.end() + three.end()).equals("nothingnothingnothing") ? 1 : 0;
          }
          return clean;
        });
  }

  /** Closes race reads and writes; all come to an end, with the right exceptions. */
  @Case
  static Object racingCalls() {
    return Kind.each(
        kind -> {
          int right = 0;
          for (int i = 0; i < 15; i++) {
            try (Pair pair = pair()) {
              Meanwhile writer =
                  kind.begin(
                      k -> {
                        while (true) {
                          pair.client().getOutputStream().write(new byte[500]);
                        }
                      });
              Meanwhile reader =
                  kind.begin(
                      k -> {
                        byte[] in = new byte[300];
                        while (pair.server().getInputStream().read(in) >= 0) {}
                        return "end";
                      });
              Help.spin(i % 3);
              (i % 2 == 0 ? pair.client() : pair.server()).close();
              String wrote = writer.end();
              String read = reader.end();
              right +=
                  wrote.startsWith("java.net.SocketException")
                          && (read.equals("end") || read.startsWith("java.net.SocketException"))
                      ? 1
                      : 0;
            }
          }
          return right;
        });
  }

  @Case
  static Object racingConnects() {
    return Kind.each(
        kind -> {
          int right = 0;
          for (int i = 0; i < 15; i++) {
            ServerSocket listener = listener();
            Meanwhile connect =
                kind.begin(
                    k -> {
                      try (Socket socket = new Socket(loopback(), listener.getLocalPort())) {
                        socket.setSoTimeout(5_000);
                        return socket.getInputStream().read();
                      }
                    });
            Help.spin(i % 2);
            listener.close();
            String end = connect.end();
            right +=
                end.equals("-1") || end.contains("refused") || end.contains("onnection reset")
                    ? 1
                    : 0;
          }
          return right;
        });
  }

  /** Sockets that nobody closes nor knows any more: the collector's work closes them. */
  @Case
  static Object forgottenSockets() throws Exception {
    List<Socket> clients = new ArrayList<>();
    try (ServerSocket listener = listener()) {
      for (int i = 0; i < 5; i++) {
        clients.add(new Socket(loopback(), listener.getLocalPort()));
        acceptAndForget(listener);
      }
    }
    int ended = 0;
    for (Socket client : clients) {
      client.setSoTimeout(1);
      boolean end =
          until(
              () -> {
                System.gc();
                return told(() -> client.getInputStream().read()).equals("-1");
              });
      ended += end ? 1 : 0;
      client.close();
    }
    return ended;
  }

  private static void acceptAndForget(ServerSocket listener) throws IOException {
    listener.accept().getOutputStream();
  }

  @Case
  static Object streamsCloseTheSocket() throws Exception {
    try (Pair one = pair();
        Pair two = pair()) {
      one.client().getInputStream().close();
      two.client().getOutputStream().close();
      return one.client().isClosed()
          + readOf(one.server())
          + two.client().isClosed()
          + readOf(two.server())
          + thrown(() -> one.client().getOutputStream());
    }
  }

  /** What was written before the close comes through, however much. */
  @Case
  static Object closeAfterWrite() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      for (int i = 0; i < 200; i++) {
                        pair.client().getOutputStream().write(new byte[i * 10]);
                      }
                      pair.client().close();
                      return "closed";
                    });
            pause(20);
            return pair.server().getInputStream().readAllBytes().length + writer.end();
          }
        });
  }

  @Case
  static Object channelCloseAfterWrite() {
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair()) {
            pair.client().configureBlocking(false);
            pair.server().configureBlocking(false);
            int sum = 0;
            for (int n; (n = pair.client().write(ByteBuffer.allocate(10_000))) > 0; ) {
              sum += n;
              if (sum > 500_000) {
                break;
              }
            }
            pair.client().close();
            ByteBuffer in = ByteBuffer.allocate(1_000_000);
            boolean end =
                until(
                    () -> {
                      try {
                        return pair.server().read(in) < 0;
                      } catch (IOException e) {
                        return false;
                      }
                    });
            return end + " " + (in.position() == sum);
          }
        });
  }

  /** Descriptors come and go: none is mixed up with the next. */
  @Case
  static Object numbersAreReused() {
    return Kind.each(
        kind -> {
          int right = 0;
          try (ServerSocket listener = listener()) {
            for (int i = 0; i < 200; i++) {
              Socket client = new Socket(loopback(), listener.getLocalPort());
              Socket server = listener.accept();
              client.setSoLinger(true, 0);
              client.setSoTimeout(i % 2 == 0 ? 0 : 5_000);
              server.getOutputStream().write(i);
              right += client.getInputStream().read() == (i & 0xff) ? 1 : 0;
              client.close();
              server.close();
            }
          }
          return right;
        });
  }
}
