package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.SocketHelp.loopback;

import dev.husk.it.scenarios.Kind.Meanwhile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Thousands of connections at once, and a process that is out of descriptors. */
final class LoopbackCrowdCases {
  /** Three sides share the ports that the kernel gives out. */
  private static final int MANY = Integer.getInteger("it.connections", 5_000);

  private LoopbackCrowdCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(LoopbackCrowdCases.class, args);
  }

  @Case
  static Object manySockets() throws Exception {
    List<Socket> all = new ArrayList<>();
    try (ServerSocket listener = new ServerSocket(0, 4_000, loopback())) {
      Meanwhile server =
          Kind.ORDINARY.begin(
              k -> {
                List<Socket> accepted = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                  Socket socket = listener.accept();
                  socket.getOutputStream().write(socket.getInputStream().read() + 1);
                  accepted.add(socket);
                }
                return close(accepted);
              });
      for (int i = 0; i < MANY; i++) {
        Socket socket = new Socket(loopback(), listener.getLocalPort());
        socket.getOutputStream().write(i % 100);
        all.add(socket);
      }
      int right = 0;
      for (int i = 0; i < MANY; i++) {
        right += all.get(i).getInputStream().read() == i % 100 + 1 ? 1 : 0;
      }
      return right + " " + close(all) + server.end();
    }
  }

  /** Closes without leaving ports behind for a minute. */
  private static String close(List<Socket> sockets) throws Exception {
    for (Socket each : sockets) {
      each.setSoLinger(true, 0);
      each.close();
    }
    return "closed";
  }

  @Case
  static Object manyChannels() throws Exception {
    List<SocketChannel> clients = new ArrayList<>();
    try (ServerSocketChannel listener =
            ServerSocketChannel.open().bind(new InetSocketAddress(loopback(), 0), 4_000);
        Selector selector = Selector.open()) {
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      Meanwhile server =
          Kind.PLATFORM.begin(
              k -> {
                int echoed = 0;
                ByteBuffer buffer = ByteBuffer.allocate(100);
                while (echoed < MANY && selector.select(8_000) > 0) {
                  for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                      for (SocketChannel each; (each = listener.accept()) != null; ) {
                        each.configureBlocking(false);
                        each.register(selector, SelectionKey.OP_READ);
                      }
                    } else if (((SocketChannel) key.channel()).read(buffer.clear()) > 0) {
                      ((SocketChannel) key.channel()).write(buffer.flip());
                      echoed++;
                    }
                  }
                  selector.selectedKeys().clear();
                }
                return echoed;
              });
      for (int i = 0; i < MANY; i++) {
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        client.write(LoopbackHelp.buffer("c"));
        clients.add(client);
      }
      String served = server.end();
      int right = 0;
      for (SocketChannel client : clients) {
        right += LoopbackHelp.readOf(client).equals("c") ? 1 : 0;
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      return served + " " + right;
    }
  }

  @Case
  static Object outOfDescriptors() throws Exception {
    // The class path alone takes 140.
    String command =
        "ulimit -n 400; exec '"
            + String.join("' '", LoopbackHelp.jvm())
            + "' "
            + ExhaustedProgram.class.getName()
            + " 2>/dev/null";
    return LoopbackHelp.shell(command).replace(" | ", "\n  ");
  }
}
