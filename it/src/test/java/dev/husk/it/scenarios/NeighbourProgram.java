package dev.husk.it.scenarios;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;

/** Another process that listens and connects as it's told, a line for each command. */
final class NeighbourProgram {
  private NeighbourProgram() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("inherited")) {
      inherited();
      return;
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    ServerSocket listener = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      try {
        switch (words[0]) {
          case "listen" -> {
            listener = new ServerSocket();
            if (words.length > 3) {
              listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            listener.bind(
                new InetSocketAddress(InetAddress.getByName(words[1]), Integer.parseInt(words[2])));
            ServerSocket own = listener;
            Help.go(() -> serve(own));
          }
          case "close" -> listener.close();
          case "say" -> {
            try (Socket socket = new Socket(words[1], Integer.parseInt(words[2]))) {
              LoopbackHelp.send(socket, words[3]);
            }
          }
          case "halt" -> {
            Socket socket = new Socket(words[1], Integer.parseInt(words[2]));
            LoopbackHelp.send(socket, "last");
            Runtime.getRuntime().halt(3);
          }
          default -> throw new IOException("what? " + line);
        }
        System.out.println("ok");
      } catch (IOException e) {
        System.out.println(e);
      }
    }
  }

  private static void serve(ServerSocket listener) {
    try {
      while (true) {
        try (Socket socket = listener.accept()) {
          LoopbackHelp.send(socket, "neighbour");
        }
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  /** The connection that is this process's standard input. */
  private static void inherited() throws IOException {
    Channel channel = System.inheritedChannel();
    if (channel instanceof SocketChannel connection) {
      String got = LoopbackHelp.readOf(connection);
      connection.write(LoopbackHelp.buffer("inherited " + got));
      connection.close();
    }
    System.out.println(channel instanceof SocketChannel);
  }
}
