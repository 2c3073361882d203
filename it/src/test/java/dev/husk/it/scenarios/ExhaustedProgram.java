package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;
import static dev.husk.it.scenarios.SocketHelp.pair;

import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import dev.husk.it.scenarios.SocketHelp.Pair;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Uses up its descriptors, and tells what then fails, and that it works again after. */
final class ExhaustedProgram {
  private ExhaustedProgram() {}

  public static void main(String[] args) throws Exception {
    // Everything is loaded before.
    use();
    ServerSocket listener = new ServerSocket(0, 500, loopback());
    ServerSocketChannel channels =
        ServerSocketChannel.open().bind(new InetSocketAddress(loopback(), 0), 500);
    channels.configureBlocking(false);
    SocketChannel waiting = SocketChannel.open(channels.getLocalAddress());
    List<Socket> sockets = new ArrayList<>();
    String failed = "nothing";
    while (failed.equals("nothing") && sockets.size() < 1_000) {
      failed = thrown(() -> sockets.add(new Socket(loopback(), listener.getLocalPort())));
    }
    System.out.println("connect " + failed + (sockets.size() > 50));
    System.out.println("socket " + thrown(() -> new Socket(loopback(), listener.getLocalPort())));
    System.out.println("listen " + thrown(() -> new ServerSocket(0)));
    System.out.println("channel " + thrown(SocketChannel::open));
    System.out.println("listening channel " + thrown(ServerSocketChannel::open));
    System.out.println("selector " + thrown(Selector::open));
    System.out.println("datagrams " + thrown(DatagramSocket::new));
    System.out.println("asynchronous " + thrown(AsynchronousSocketChannel::open));
    System.out.println("accept " + told(() -> listener.accept().isConnected()));
    System.out.println("accept channel " + told(() -> channels.accept().isConnected()));
    waiting.close();
    for (Socket each : sockets) {
      each.close();
    }
    use();
    Socket again = new Socket(loopback(), listener.getLocalPort());
    System.out.println("again " + again.isConnected());
    Runtime.getRuntime().halt(0);
  }

  private static void use() throws Exception {
    told(
        () -> {
          throw new IOException("first");
        });
    try (Pair pair = pair();
        ChannelPair channels = channelPair();
        Selector selector = Selector.open();
        DatagramSocket datagrams = new DatagramSocket();
        AsynchronousSocketChannel asynchronous = AsynchronousSocketChannel.open()) {
      LoopbackHelp.send(pair.client(), "x");
      pair.server().getInputStream().read();
      channels.client().configureBlocking(false);
      channels.client().register(selector, SelectionKey.OP_READ);
      channels.server().write(LoopbackHelp.buffer("y"));
      String seen = selector.select(5_000) + " " + datagrams.isBound() + asynchronous.isOpen();
      System.out.println("used " + seen);
    }
    Pipe pipe = Pipe.open();
    pipe.sink().close();
    pipe.source().close();
  }
}
