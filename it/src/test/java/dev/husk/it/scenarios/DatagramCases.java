package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.at;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Datagrams, which are always the kernel's. */
final class DatagramCases {
  private DatagramCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(DatagramCases.class, args);
  }

  private static DatagramPacket packet(int length) {
    return new DatagramPacket(new byte[length], length);
  }

  private static String received(DatagramSocket socket) {
    return told(
        () -> {
          DatagramPacket packet = packet(100);
          socket.receive(packet);
          return new String(packet.getData(), 0, packet.getLength());
        });
  }

  private static void send(DatagramSocket from, DatagramSocket to, String text) throws Exception {
    byte[] bytes = text.getBytes();
    from.send(new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress()));
  }

  private static DatagramSocket socket() throws Exception {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(loopback(), 0));
    socket.setSoTimeout(3_000);
    return socket;
  }

  @Case
  static Object conversation() {
    return Kind.each(
        kind -> {
          try (DatagramSocket one = socket();
              DatagramSocket two = socket()) {
            Meanwhile receive = kind.begin(k -> received(two));
            pause(30);
            send(one, two, "first");
            String first = receive.end();
            send(one, two, "second");
            send(one, two, "");
            send(one, two, "x".repeat(200));
            String rest = received(two) + received(two) + received(two).length();
            two.setSoTimeout(30);
            return first + rest + received(two);
          }
        });
  }

  @Case
  static Object connectedToNobody() {
    return Kind.each(
        kind -> {
          int port;
          try (DatagramSocket gone = socket()) {
            port = gone.getLocalPort();
          }
          try (DatagramSocket socket = socket()) {
            socket.connect(new InetSocketAddress(loopback(), port));
            String first = thrown(() -> socket.send(packet(1)));
            pause(10);
            return first + received(socket) + socket.isConnected();
          }
        });
  }

  @Case
  static Object closedAndInterrupted() {
    return Kind.each(
        kind -> {
          DatagramSocket socket = socket();
          Meanwhile receive = kind.begin(k -> received(socket));
          pause(40);
          socket.close();
          DatagramSocket other = socket();
          other.setSoTimeout(200);
          Meanwhile interrupted =
              kind.begin(
                  k -> received(other) + Thread.currentThread().isInterrupted() + other.isClosed());
          pause(40);
          interrupted.thread().interrupt();
          DatagramChannel channel = DatagramChannel.open().bind(at("127.0.0.1", 0));
          Meanwhile channelRead =
              kind.begin(k -> told(() -> channel.receive(ByteBuffer.allocate(1))));
          pause(40);
          channelRead.thread().interrupt();
          return receive.end() + interrupted.end() + channelRead.end() + channel.isOpen();
        });
  }

  @Case
  static Object channels() {
    return Kind.each(
        kind -> {
          try (DatagramChannel one = DatagramChannel.open(StandardProtocolFamily.INET);
              DatagramChannel two = DatagramChannel.open(StandardProtocolFamily.INET);
              Selector selector = Selector.open()) {
            one.bind(at("127.0.0.1", 0));
            two.bind(at("127.0.0.1", 0));
            one.connect(two.getLocalAddress());
            one.write(new ByteBuffer[] {buffer("ab"), buffer("cd")});
            two.configureBlocking(false);
            two.register(selector, SelectionKey.OP_READ);
            int n = selector.select(3_000);
            ByteBuffer in = ByteBuffer.allocate(10);
            boolean from = one.getLocalAddress().equals(two.receive(in));
            return n + " " + from + in.position() + two.receive(in) + one.isConnected();
          }
        });
  }

  @Case
  static Object tooLarge() throws Exception {
    try (DatagramSocket one = socket();
        DatagramSocket two = socket()) {
      DatagramPacket packet = packet(70_000);
      packet.setSocketAddress(two.getLocalSocketAddress());
      return thrown(() -> one.send(packet)) + thrown(() -> one.send(packet(1)));
    }
  }

  @Case
  static Object optionsAndSharing() throws Exception {
    try (DatagramSocket one = new DatagramSocket(null);
        DatagramSocket two = new DatagramSocket(null)) {
      one.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      one.bind(new InetSocketAddress(loopback(), 0));
      String refused = thrown(() -> two.bind(one.getLocalSocketAddress()));
      one.setTrafficClass(8);
      one.setBroadcast(false);
      return refused + one.getTrafficClass() + one.getBroadcast() + one.getReuseAddress();
    }
  }

  /** Multicast within the loopback interface. */
  @Case
  static Object multicast() throws Exception {
    NetworkInterface loopback = NetworkInterface.getByInetAddress(loopback());
    try (MulticastSocket socket = new MulticastSocket(new InetSocketAddress(0));
        DatagramSocket sender = new DatagramSocket(new InetSocketAddress(loopback(), 0))) {
      socket.setSoTimeout(500);
      InetSocketAddress group = at("239.255.7.7", socket.getLocalPort());
      String join = thrown(() -> socket.joinGroup(group, loopback));
      sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
      sender.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      DatagramPacket packet = new DatagramPacket("multi".getBytes(), 5, group);
      String sent = thrown(() -> sender.send(packet));
      String got = received(socket);
      return join + sent + got + thrown(() -> socket.leaveGroup(group, loopback));
    }
  }
}
