package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.passed;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.Help.until;
import static dev.husk.it.scenarios.SocketHelp.listener;
import static dev.husk.it.scenarios.SocketHelp.loopback;
import static dev.husk.it.scenarios.SocketHelp.pair;

import dev.husk.it.scenarios.SocketHelp.Pair;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Blocking sockets over loopback. */
final class SocketCases {
  private SocketCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(SocketCases.class, args);
  }

  private static void echo(Socket socket) throws IOException {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
  }

  @Case
  static Object echoOfManyConnections() throws Exception {
    AtomicLong sum = new AtomicLong();
    try (ServerSocket listener = listener()) {
      go(
          () -> {
            while (true) {
              Socket socket;
              try {
                socket = listener.accept();
              } catch (IOException e) {
                return;
              }
              go(() -> echo(socket));
            }
          });
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int own = i;
        clients.add(
            go(
                () -> {
                  try (Socket socket = new Socket(loopback(), listener.getLocalPort())) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    for (int n = 0; n < 20; n++) {
                      out.writeInt(own + n);
                      sum.addAndGet(in.readInt());
                    }
                  }
                }));
      }
      return ended(clients.toArray(new Thread[0])) + " " + sum;
    }
  }

  @Case
  static Object readTimesOut() throws Exception {
    try (Pair pair = pair()) {
      pair.client().setSoTimeout(30);
      long start = System.nanoTime();
      String first = thrown(() -> pair.client().getInputStream().read());
      boolean waited = passed(start, 30);
      pair.server().getOutputStream().write(5);
      int then = pair.client().getInputStream().read();
      return first + " " + waited + " " + then;
    }
  }

  @Case
  static Object readTimesOutInThreads() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          go(
              () -> {
                try (Pair pair = pair()) {
                  pair.client().setSoTimeout(20);
                  for (int n = 0; n < 3; n++) {
                    seen.add(thrown(() -> pair.client().getInputStream().read()));
                  }
                }
              }));
    }
    String end = ended(threads.toArray(new Thread[0]));
    return end
        + " "
        + seen.size()
        + " "
        + List.copyOf(new java.util.TreeSet<>(seen.stream().map(Object::toString).toList()));
  }

  @Case
  static Object acceptTimesOut() throws Exception {
    try (ServerSocket listener = listener()) {
      listener.setSoTimeout(30);
      long start = System.nanoTime();
      String first = thrown(listener::accept);
      boolean waited = passed(start, 30);
      try (Socket client = new Socket(loopback(), listener.getLocalPort());
          Socket server = listener.accept()) {
        return first + " " + waited + " " + (server.getPort() == client.getLocalPort());
      }
    }
  }

  @Case
  static Object connectRefused() throws Exception {
    int port;
    try (ServerSocket listener = listener()) {
      port = listener.getLocalPort();
    }
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = go(() -> seen.add(thrown(() -> new Socket(loopback(), port))));
    return thrown(() -> new Socket(loopback(), port)) + " " + ended(thread) + " " + seen;
  }

  @Case
  static Object connectWithTimeout() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (ServerSocket listener = listener()) {
      Thread thread =
          go(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress(loopback(), listener.getLocalPort()), 5_000);
                  seen.add(socket.isConnected());
                }
              });
      return ended(thread) + " " + seen;
    }
  }

  /** Starts a thread in a blocking call, closes what it uses, and tells what it got. */
  private static Object closed(Help.Body blocking, AutoCloseable resource) throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    AtomicBoolean in = new AtomicBoolean();
    Thread thread =
        go(
            () -> {
              in.set(true);
              seen.add(thrown(blocking));
            });
    until(in::get);
    Help.pause(50);
    resource.close();
    return ended(thread) + " " + seen;
  }

  @Case
  static Object closeDuringAccept() throws Exception {
    ServerSocket listener = listener();
    return closed(listener::accept, listener);
  }

  @Case
  static Object closeDuringTimedAccept() throws Exception {
    ServerSocket listener = listener();
    listener.setSoTimeout(60_000);
    return closed(listener::accept, listener);
  }

  @Case
  static Object closeDuringRead() throws Exception {
    try (Pair pair = pair()) {
      return closed(() -> pair.client().getInputStream().read(), pair.client());
    }
  }

  @Case
  static Object closeDuringTimedRead() throws Exception {
    try (Pair pair = pair()) {
      pair.client().setSoTimeout(60_000);
      return closed(() -> pair.client().getInputStream().read(), pair.client());
    }
  }

  @Case
  static Object closeDuringWrite() throws Exception {
    try (Pair pair = pair()) {
      OutputStream out = pair.client().getOutputStream();
      return closed(
          () -> {
            while (true) {
              out.write(new byte[100_000]);
            }
          },
          pair.client());
    }
  }

  @Case
  static Object closeOfDatagramDuringReceive() throws Exception {
    DatagramSocket socket = new DatagramSocket(0, loopback());
    return closed(() -> socket.receive(new DatagramPacket(new byte[10], 10)), socket);
  }

  @Case
  static Object interruptDoesNotEndRead() throws Exception {
    // A platform thread in a socket read isn't interruptible.
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                seen.add(thrown(() -> seen.add(pair.client().getInputStream().read())));
                seen.add(Thread.currentThread().isInterrupted());
              });
      Help.pause(50);
      thread.interrupt();
      Help.pause(50);
      seen.add("alive " + thread.isAlive());
      pair.server().getOutputStream().write(9);
      return ended(thread) + " " + seen + " " + pair.client().isClosed();
    }
  }

  @Case
  static Object interruptedBeforeRead() throws Exception {
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                Thread.currentThread().interrupt();
                seen.add(thrown(() -> seen.add(pair.client().getInputStream().read())));
                seen.add(Thread.currentThread().isInterrupted());
              });
      Help.pause(30);
      pair.server().getOutputStream().write(9);
      return ended(thread) + " " + seen + " " + pair.client().isClosed();
    }
  }

  @Case
  static Object interruptDoesNotEndAccept() throws Exception {
    try (ServerSocket listener = listener()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                try (Socket socket = listener.accept()) {
                  seen.add(socket.isConnected());
                }
                seen.add(Thread.currentThread().isInterrupted());
              });
      Help.pause(50);
      thread.interrupt();
      Help.pause(50);
      seen.add("alive " + thread.isAlive());
      try (Socket client = new Socket(loopback(), listener.getLocalPort())) {
        return ended(thread) + " " + seen + " " + client.isConnected();
      }
    }
  }

  @Case
  static Object interruptedTimedRead() throws Exception {
    try (Pair pair = pair()) {
      pair.client().setSoTimeout(100);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread thread =
          go(
              () -> {
                Thread.currentThread().interrupt();
                seen.add(thrown(() -> pair.client().getInputStream().read()));
                seen.add(Thread.interrupted());
              });
      return ended(thread) + " " + seen + " " + pair.client().isClosed();
    }
  }

  @Case
  static Object halfClose() throws Exception {
    try (Pair pair = pair()) {
      Thread server =
          go(
              () -> {
                InputStream in = pair.server().getInputStream();
                int count = 0;
                while (in.read() >= 0) {
                  count++;
                }
                pair.server().getOutputStream().write(count);
              });
      pair.client().getOutputStream().write(new byte[42]);
      pair.client().shutdownOutput();
      int answer = pair.client().getInputStream().read();
      return answer
          + " "
          + ended(server)
          + " "
          + thrown(() -> pair.client().getOutputStream().write(1));
    }
  }

  @Case
  static Object shutdownInputDuringRead() throws Exception {
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread reader = go(() -> seen.add(pair.client().getInputStream().read()));
      Help.pause(30);
      pair.client().shutdownInput();
      return ended(reader) + " " + seen;
    }
  }

  @Case
  static Object endOfStream() throws Exception {
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread reader =
          go(
              () -> {
                seen.add(pair.client().getInputStream().read());
                seen.add(pair.client().getInputStream().read());
              });
      Help.pause(20);
      pair.server().close();
      return ended(reader) + " " + seen;
    }
  }

  @Case
  static Object resetDuringRead() throws Exception {
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread reader = go(() -> seen.add(thrown(() -> pair.client().getInputStream().read())));
      Help.pause(30);
      pair.server().setSoLinger(true, 0);
      pair.server().close();
      return ended(reader) + " " + seen;
    }
  }

  @Case
  static Object resetWithUnreadData() throws Exception {
    try (Pair pair = pair()) {
      pair.client().getOutputStream().write(new byte[1000]);
      Help.pause(10);
      pair.server().close();
      Help.pause(10);
      List<Object> seen = new ArrayList<>();
      String thrown = thrown(() -> seen.add(pair.client().getInputStream().read()));
      return seen + " " + thrown;
    }
  }

  @Case
  static Object writeToClosedPeer() throws Exception {
    try (Pair pair = pair()) {
      pair.server().close();
      String seen =
          thrown(
              () -> {
                for (int i = 0; i < 100; i++) {
                  pair.client().getOutputStream().write(new byte[10_000]);
                  Help.pause(1);
                }
              });
      // Which of two texts the kernel gives is a matter of timing.
      return seen.replace("Connection reset by peer", "Broken pipe")
          .replace("Connection reset", "Broken pipe");
    }
  }

  @Case
  static Object largeTransferWithBackpressure() throws Exception {
    try (Pair pair = pair()) {
      byte[] sent = new byte[8 << 20];
      for (int i = 0; i < sent.length; i++) {
        sent[i] = (byte) (i * 31 + i / 1000);
      }
      Thread writer =
          go(
              () -> {
                pair.client().getOutputStream().write(sent);
                pair.client().shutdownOutput();
              });
      Help.pause(100);
      boolean held = writer.isAlive();
      byte[] received = pair.server().getInputStream().readAllBytes();
      return held + " " + ended(writer) + " " + java.util.Arrays.equals(sent, received);
    }
  }

  @Case
  static Object bothDirectionsAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    AtomicLong sum = new AtomicLong();
    try (Pair pair = pair()) {
      for (Socket socket : List.of(pair.client(), pair.server())) {
        threads.add(
            go(
                () -> {
                  byte[] chunk = new byte[10_000];
                  for (int i = 0; i < 200; i++) {
                    socket.getOutputStream().write(chunk);
                  }
                  socket.shutdownOutput();
                }));
        threads.add(go(() -> sum.addAndGet(socket.getInputStream().readAllBytes().length)));
      }
      return ended(threads.toArray(new Thread[0])) + " " + sum;
    }
  }

  @Case
  static Object dataInSmallPieces() throws Exception {
    try (Pair pair = pair()) {
      pair.client().setTcpNoDelay(true);
      Thread writer =
          go(
              () -> {
                for (int i = 0; i < 200; i++) {
                  pair.client().getOutputStream().write(i);
                  if (i % 20 == 0) {
                    Thread.sleep(1);
                  }
                }
                pair.client().close();
              });
      int sum = 0;
      InputStream in = pair.server().getInputStream();
      byte[] buffer = new byte[7];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          sum += buffer[i] & 0xff;
        }
      }
      return sum + " " + ended(writer);
    }
  }

  @Case
  static Object exactFillsAndMore() throws Exception {
    // Reads that get exactly what they asked for, with more behind: no edge comes for the rest.
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread reader =
          go(
              () -> {
                InputStream in = pair.server().getInputStream();
                byte[] ten = new byte[10];
                int total = 0;
                for (int n = in.read(ten); n >= 0; n = in.read(ten)) {
                  total += n;
                }
                seen.add(total);
              });
      Help.pause(20);
      pair.client().getOutputStream().write(new byte[1000]);
      Help.pause(20);
      pair.client().getOutputStream().write(new byte[5]);
      Help.pause(20);
      pair.client().getOutputStream().write(new byte[10]);
      pair.client().close();
      return ended(reader) + " " + seen;
    }
  }

  @Case
  static Object peerClosesBetweenReads() throws Exception {
    AtomicInteger good = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int own = i;
      threads.add(
          go(
              () -> {
                try (Pair pair = pair()) {
                  pair.server().getOutputStream().write(1);
                  if (own % 2 == 0) {
                    pair.server().close();
                  }
                  int first = pair.client().getInputStream().read();
                  if (own % 2 == 1) {
                    pair.server().close();
                  }
                  int second = pair.client().getInputStream().read();
                  int third = pair.client().getInputStream().read();
                  if (first == 1 && second == -1 && third == -1) {
                    good.incrementAndGet();
                  }
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + " " + good;
  }

  @Case
  static Object available() throws Exception {
    try (Pair pair = pair()) {
      pair.client().getOutputStream().write(new byte[10]);
      boolean there =
          until(
              () -> {
                try {
                  return pair.server().getInputStream().available() == 10;
                } catch (IOException e) {
                  return false;
                }
              });
      pair.server().getInputStream().readNBytes(4);
      return there + " " + pair.server().getInputStream().available();
    }
  }

  @Case
  static Object urgentData() throws Exception {
    try (Pair pair = pair()) {
      pair.server().setOOBInline(true);
      pair.client().getOutputStream().write(1);
      pair.client().sendUrgentData(2);
      pair.client().getOutputStream().write(3);
      return pair.server().getInputStream().read()
          + " "
          + pair.server().getInputStream().read()
          + " "
          + pair.server().getInputStream().read();
    }
  }

  @Case
  static Object writerAndReaderOfOneSocketBothBlocked() throws Exception {
    // One thread waits to read and another to write on the same descriptor.
    try (Pair pair = pair()) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread reader = go(() -> seen.add(pair.client().getInputStream().read()));
      Thread writer = go(() -> pair.client().getOutputStream().write(new byte[16 << 20]));
      Help.pause(100);
      pair.server().getOutputStream().write(3);
      String read = ended(reader);
      Thread drain = go(() -> pair.server().getInputStream().readNBytes(16 << 20));
      return read + " " + seen + " " + ended(writer, drain);
    }
  }

  @Case
  static Object twoReadersOfOneSocket() throws Exception {
    try (Pair pair = pair()) {
      AtomicInteger sum = new AtomicInteger();
      Thread one = go(() -> sum.addAndGet(pair.client().getInputStream().read()));
      Thread two = go(() -> sum.addAndGet(pair.client().getInputStream().read()));
      Help.pause(20);
      pair.server().getOutputStream().write(1);
      Help.pause(20);
      pair.server().getOutputStream().write(2);
      return ended(one, two) + " " + sum;
    }
  }

  @Case
  static Object twoAccepters() throws Exception {
    try (ServerSocket listener = listener()) {
      AtomicInteger accepted = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        threads.add(
            go(
                () -> {
                  listener.accept().close();
                  accepted.incrementAndGet();
                }));
      }
      Help.pause(20);
      for (int i = 0; i < 5; i++) {
        new Socket(loopback(), listener.getLocalPort()).close();
      }
      return ended(threads.toArray(new Thread[0])) + " " + accepted;
    }
  }

  @Case
  static Object closedSocketOperations() throws Exception {
    Pair pair = pair();
    InputStream in = pair.client().getInputStream();
    OutputStream out = pair.client().getOutputStream();
    pair.close();
    return thrown(in::read)
        + " "
        + thrown(() -> out.write(1))
        + " "
        + thrown(() -> pair.client().getInputStream())
        + " "
        + thrown(() -> new Socket().getInputStream());
  }

  @Case
  static Object datagrams() throws Exception {
    try (DatagramSocket one = new DatagramSocket(0, loopback());
        DatagramSocket two = new DatagramSocket(0, loopback())) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread receiver =
          go(
              () -> {
                for (int i = 0; i < 5; i++) {
                  DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                  two.receive(packet);
                  seen.add(packet.getLength());
                }
              });
      for (int i = 1; i <= 5; i++) {
        one.send(new DatagramPacket(new byte[i], i, two.getLocalSocketAddress()));
        Help.pause(2);
      }
      String end = ended(receiver);
      two.setSoTimeout(20);
      return end + " " + seen + " " + thrown(() -> two.receive(new DatagramPacket(new byte[1], 1)));
    }
  }

  @Case
  static Object datagramsLost() throws Exception {
    try (DatagramSocket one = new DatagramSocket(0, loopback());
        DatagramSocket two = new DatagramSocket(0, loopback())) {
      two.setSoTimeout(10);
      List<Object> seen = new CopyOnWriteArrayList<>();
      Thread receiver =
          go(
              () -> {
                for (int i = 0; i < 3; i++) {
                  seen.add(thrown(() -> two.receive(new DatagramPacket(new byte[10], 10))));
                }
                two.setSoTimeout(10_000);
                DatagramPacket packet = new DatagramPacket(new byte[10], 10);
                two.receive(packet);
                seen.add(packet.getLength());
              });
      until(() -> seen.size() == 3);
      one.send(new DatagramPacket(new byte[4], 4, two.getLocalSocketAddress()));
      return ended(receiver) + " " + seen;
    }
  }

  @Case
  static Object pooledServer() throws Exception {
    // Thread per connection from a pool, clients that stay connected.
    try (ServerSocket listener = listener();
        var pool = java.util.concurrent.Executors.newCachedThreadPool()) {
      go(
          () -> {
            while (true) {
              Socket socket;
              try {
                socket = listener.accept();
              } catch (IOException e) {
                return;
              }
              pool.execute(Help.quietly(() -> echo(socket)));
            }
          });
      AtomicInteger answers = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        clients.add(
            go(
                () -> {
                  try (Socket socket = new Socket(loopback(), listener.getLocalPort())) {
                    for (int n = 0; n < 50; n++) {
                      socket.getOutputStream().write(n);
                      if (socket.getInputStream().read() == n) {
                        answers.incrementAndGet();
                      }
                    }
                  }
                }));
      }
      return ended(clients.toArray(new Thread[0])) + " " + answers;
    }
  }
}
