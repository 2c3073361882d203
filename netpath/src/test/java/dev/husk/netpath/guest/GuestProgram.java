package dev.husk.netpath.guest;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a guest's JVM does, in a network namespace. Opens the sockets that a guest's init program
 * would, and goes on at a line on standard input; its end ends the program.
 */
final class GuestProgram {
  private static final int AF_NETLINK = 16;
  private static final int NETLINK_ROUTE = 0;

  private GuestProgram() {}

  /** A class that is loaded when the start is over: a mark in the log of loaded classes. */
  private static final class Started {
    static void print(NetworkConfig config) {
      System.out.println("started " + config);
    }
  }

  /**
   * Runs it.
   *
   * @param args the command line, and the directory in place of {@code /etc}
   */
  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    in.readLine();
    Port netlink = new DescriptorPort(PacketSocket.socket(AF_NETLINK, NETLINK_ROUTE));
    Port frames = null;
    for (Link link : new Netlink(netlink).links()) {
      if (link.mac() != null) {
        frames = PacketSocket.open(link);
      }
    }
    Started.print(GuestBoot.start(netlink, frames, args[0], Path.of(args[1])));
    while (in.readLine() != null) {
      // The app runs.
    }
  }
}
