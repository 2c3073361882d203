package dev.husk.it.scenarios;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Talks to itself over TCP and UDP, by IPv4 and IPv6, and says on which ports. */
public final class CapturedProgram {
  private static final int LARGE = 200_000;

  private CapturedProgram() {}

  /** Ends with an exception when something doesn't arrive. */
  public static void main(String[] args) throws Exception {
    for (String host : new String[] {"127.0.0.1", "::1"}) {
      InetAddress address = InetAddress.getByName(host);
      try (ServerSocket listener = new ServerSocket(0, 50, address)) {
        System.out.println("tcp " + listener.getLocalPort());
        for (int i = 0; i < 2; i++) {
          talk(listener);
        }
      }
      try (DatagramSocket one = new DatagramSocket(0, address);
          DatagramSocket other = new DatagramSocket(0, address)) {
        System.out.println("udp " + other.getLocalPort());
        byte[] text = "a datagram".getBytes(StandardCharsets.US_ASCII);
        one.send(new DatagramPacket(text, text.length, other.getLocalSocketAddress()));
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        other.receive(packet);
        check(packet.getLength() == text.length);
      }
    }
    System.out.println("done");
  }

  private static void talk(ServerSocket listener) throws IOException {
    try (Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket server = listener.accept()) {
      client.getOutputStream().write("How do you do?".getBytes(StandardCharsets.US_ASCII));
      check(server.getInputStream().readNBytes(14).length == 14);
      server.getOutputStream().write("Fine, thanks.".getBytes(StandardCharsets.US_ASCII));
      byte[] large = new byte[LARGE];
      Arrays.fill(large, (byte) 'x');
      server.getOutputStream().write(large);
      server.shutdownOutput();
      InputStream in = client.getInputStream();
      check(in.readAllBytes().length == 13 + LARGE);
    }
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("what arrived isn't what was sent");
    }
  }
}
