package dev.husk.image.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What counts as an answer of a guest. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ProbeTest {
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Socket> kept = new ArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket socket : kept) {
      socket.close();
    }
  }

  /** Closes so many connections, then keeps so many, then writes a byte to the next. */
  private void serve(int closed, int silent) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  Socket socket = server.accept();
                  int number = connections.incrementAndGet();
                  if (number <= closed) {
                    socket.close();
                    continue;
                  }
                  kept.add(socket);
                  if (number > closed + silent) {
                    socket.getOutputStream().write('H');
                  }
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
  }

  private Probe probe(int longestMillis) {
    return new Probe(new Forward("127.0.0.1", server.getLocalPort(), 80), longestMillis);
  }

  @Test
  void aClosedConnectionIsNone() throws Exception {
    serve(3, 0);
    Probe.Answer answer = probe(5_000).ask(() -> true);
    assertNotNull(answer);
    assertNotNull(answer.reply());
    assertEquals(4, connections.get());
  }

  @Test
  void aSilentOneFromBeforeTheNetworkIsGivenUp() throws Exception {
    serve(0, 1);
    Probe.Answer answer = probe(5_000).ask(() -> true);
    assertNotNull(answer);
    assertNotNull(answer.reply());
    assertEquals(2, connections.get());
  }

  @Test
  void oneThatStaysOpenIsUpWithoutAReply() throws Exception {
    serve(1, 10);
    Probe.Answer answer = probe(300).ask(() -> true);
    assertNotNull(answer);
    assertNull(answer.reply());
    assertEquals(2, connections.get());
  }

  @Test
  void itEndsWithTheGuest() throws Exception {
    serve(1000, 0);
    assertNull(probe(300).ask(() -> connections.get() < 2));
  }
}
