package dev.husk.it.scenarios;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Connected pairs over loopback. */
final class SocketHelp {
  private SocketHelp() {}

  /** Two ends of one connection. */
  record Pair(Socket client, Socket server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  /** The same with channels. */
  record ChannelPair(SocketChannel client, SocketChannel server) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 512, loopback());
  }

  static ServerSocketChannel channelListener() throws IOException {
    return ServerSocketChannel.open().bind(new InetSocketAddress(loopback(), 0), 512);
  }

  static Pair pair() throws IOException {
    try (ServerSocket listener = listener()) {
      Socket client = new Socket(loopback(), listener.getLocalPort());
      return new Pair(client, listener.accept());
    }
  }

  static ChannelPair channelPair() throws IOException {
    try (ServerSocketChannel listener = channelListener()) {
      SocketChannel client = SocketChannel.open(listener.getLocalAddress());
      return new ChannelPair(client, listener.accept());
    }
  }

  static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }
}
