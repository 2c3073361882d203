package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ListenSocketsTest {
  private static final String TITLES =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode";

  @Test
  void listeningSocketsAreReadFromTheTableOfFour() throws Exception {
    List<String> lines =
        List.of(
            TITLES,
            "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0"
                + "        0 4711 1 0000000000000000 100 0 0 10 0",
            "   1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0"
                + "        0 4712 1 0000000000000000 100 0 0 10 0",
            "   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0"
                + "        0 4713 1 0000000000000000 20 4 30 10 -1");
    assertEquals(
        Map.of(
            "socket:[4711]", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080),
            "socket:[4712]", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8081)),
        ListenSockets.parse(lines));
  }

  @Test
  void listeningSocketsAreReadFromTheTableOfSix() throws Exception {
    List<String> lines =
        List.of(
            TITLES,
            "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A"
                + " 00000000:00000000 00:00000000 00000000     0        0 1 1 0000 100 0 0 10 0",
            "   1: 00000000000000000000000001000000:0017 00000000000000000000000000000000:0000 0A"
                + " 00000000:00000000 00:00000000 00000000     0        0 2 1 0000 100 0 0 10 0",
            "   2: 0000000000000000FFFF00000100007F:0018 00000000000000000000000000000000:0000 0A"
                + " 00000000:00000000 00:00000000 00000000     0        0 3 1 0000 100 0 0 10 0");
    assertEquals(
        Map.of(
            "socket:[1]", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 22),
            "socket:[2]", new InetSocketAddress(InetAddress.ofLiteral("::1"), 23),
            "socket:[3]", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 24)),
        ListenSockets.parse(lines));
  }

  @Test
  void aSocketOfThisProcessIsFound() throws Exception {
    try (ServerSocket server = new ServerSocket(0)) {
      InetSocketAddress found =
          ListenSockets.of(List.of(ProcessHandle.current().pid())).stream()
              .filter(address -> address.getPort() == server.getLocalPort())
              .findFirst()
              .orElse(null);
      assertNotNull(found);
      assertEquals("127.0.0.1", found.getAddress().getHostAddress());
    }
  }
}
