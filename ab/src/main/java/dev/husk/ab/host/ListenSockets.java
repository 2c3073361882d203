package dev.husk.ab.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the TCP sockets that processes listen on. */
final class ListenSockets {
  private static final String LISTEN = "0A";

  private ListenSockets() {}

  /** Their addresses: by process, then by descriptor, so that what was opened first is first. */
  static List<InetSocketAddress> of(List<Long> pids) throws IOException {
    List<InetSocketAddress> found = new ArrayList<>();
    for (long pid : pids) {
      Path process = Path.of("/proc", Long.toString(pid));
      Map<Integer, InetSocketAddress> byDescriptor = new TreeMap<>();
      try {
        Map<String, InetSocketAddress> listening = tables(process);
        if (listening.isEmpty()) {
          continue;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
          for (Path descriptor : descriptors) {
            InetSocketAddress address = listening.get(target(descriptor));
            if (address != null) {
              byDescriptor.put(Integer.parseInt(descriptor.getFileName().toString()), address);
            }
          }
        }
      } catch (NoSuchFileException e) {
        continue; // The process has ended.
      }
      found.addAll(byDescriptor.values());
    }
    return found;
  }

  /** The addresses of all sockets in the network of a process, by port. */
  static List<InetSocketAddress> inNetworkOf(long pid) throws IOException {
    try {
      return tables(Path.of("/proc", Long.toString(pid))).values().stream()
          .sorted(Comparator.comparingInt(InetSocketAddress::getPort))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of(); // It has ended.
    }
  }

  private static Map<String, InetSocketAddress> tables(Path process) throws IOException {
    Map<String, InetSocketAddress> listening = new HashMap<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      if (Files.exists(process.resolve(table))) { // No tcp6 without IPv6.
        listening.putAll(parse(Files.readAllLines(process.resolve(table))));
      }
    }
    return listening;
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return ""; // Closed since the listing.
    }
  }

  /** The listening sockets of {@code /proc/net/tcp} or {@code tcp6}, by "socket:[inode]". */
  static Map<String, InetSocketAddress> parse(List<String> lines) throws UnknownHostException {
    Map<String, InetSocketAddress> result = new HashMap<>();
    for (String line : lines) {
      // Number, local address, remote address, state, queues, timer, retransmits, uid, timeout,
      // inode; the first line has the titles.
      String[] fields = line.strip().split("\\s+");
      if (fields.length > 9 && fields[3].equals(LISTEN)) {
        int colon = fields[1].indexOf(':');
        result.put(
            "socket:[" + fields[9] + "]",
            new InetSocketAddress(
                reachable(address(fields[1].substring(0, colon))),
                Integer.parseInt(fields[1].substring(colon + 1), 16)));
      }
    }
    return result;
  }

  /** Hexadecimal words of four bytes, each in the byte order of the machine. */
  private static InetAddress address(String hex) throws UnknownHostException {
    byte[] bytes = new byte[hex.length() / 2];
    boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
    for (int i = 0; i < bytes.length; i++) {
      int at = little ? i ^ 3 : i;
      bytes[at] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    }
    return InetAddress.getByAddress(bytes);
  }

  /** Who listens on all addresses is reached on the loopback one, by IPv4. */
  private static InetAddress reachable(InetAddress address) throws UnknownHostException {
    return address.isAnyLocalAddress()
        ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
        : address;
  }
}
