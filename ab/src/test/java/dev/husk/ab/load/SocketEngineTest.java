package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine in this process, against servers that misbehave. */
@Timeout(60)
final class SocketEngineTest {
  private static final HttpRequest GET = HttpRequest.of("GET", "/", "localhost", List.of(), "");

  private static final Expectation HELLO = Expectation.ofBody(200, "Hello");

  @Test
  void sendsAtTheRate() throws Exception {
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello"))) {
      double rate = 0;
      // A busy machine may answer the last request late; the schedule must not slip each time.
      for (int i = 0; i < 5 && Math.abs(rate - 1000) > 10; i++) {
        LoadReport report = http(server, 1000, 1500, 8, 5000, HELLO).report();
        assertEquals(1500, report.replies(), report.firstWrong());
        assertEquals(0, report.wrong() + report.missing());
        assertEquals(1500, report.latencies().getTotalCount());
        rate = report.rate();
      }
      assertEquals(1000, rate, 10);
      assertEquals(0, server.connections() % 8);
    }
  }

  @Test
  void sharesTheScheduleAmongLoops() {
    Plan plan = plan(new InetSocketAddress(1), 3, 2000, 1, 1);
    assertEquals(6, plan.total());
    assertEquals(0, plan.due(0));
    assertEquals(TimeUnit.SECONDS.toNanos(1), plan.due(3));
    assertEquals(1, plan(new InetSocketAddress(1), 0.3, 2000, 1, 1).total());
  }

  @Test
  void countsWhatWaitedForAStalledServer() throws Exception {
    AtomicLong first = new AtomicLong();
    long stallFrom = TimeUnit.MILLISECONDS.toNanos(1000);
    long stallTo = TimeUnit.MILLISECONDS.toNanos(1500);
    try (RawServer server =
        RawServer.http(
            number -> {
              long now = System.nanoTime();
              first.compareAndSet(0, now);
              long since = now - first.get();
              if (since > stallFrom && since < stallTo) {
                TimeUnit.NANOSECONDS.sleep(stallTo - since);
              }
              return RawServer.ok("Hello");
            })) {
      double late = 0;
      for (int i = 0; i < 3 && (late < 0.075 || late > 0.09); i++) {
        first.set(0);
        LoadReport report = http(server, 1000, 5000, 4, 5000, HELLO).report();
        assertEquals(5000, report.replies(), report.firstWrong());
        // Due in the stall, at even distances: the first waits 500 ms, the last not at all.
        late =
            report
                    .latencies()
                    .getCountBetweenValues(
                        TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(10))
                / 5000.0;
        assertTrue(late > 0.075, "later than 100 ms: " + late);
        assertTrue(report.millis(99) > 400, "p99: " + report.millis(99));
        assertTrue(report.millis(80) < 100, "p80: " + report.millis(80));
      }
      assertEquals(0.08, late, 0.01);
    }
  }

  @Test
  void closedLoopHasOneRequestPerConnection() throws Exception {
    AtomicLong under = new AtomicLong();
    AtomicLong most = new AtomicLong();
    try (RawServer server =
        RawServer.http(
            number -> {
              most.accumulateAndGet(under.incrementAndGet(), Math::max);
              Thread.sleep(10);
              under.decrementAndGet();
              return RawServer.ok("Hello");
            })) {
      LoadReport report = http(server, 0, 500, 3, 5000, HELLO).report();
      assertEquals(3, most.get());
      assertEquals(0, report.wrong() + report.missing());
      assertTrue(report.replies() > 10 && report.replies() <= 150, "replies: " + report.replies());
      assertTrue(report.millis(50) >= 10, "p50: " + report.millis(50));
      assertFalse(report.driver().isLimit());
    }
  }

  @Test
  void findsTheOneWrongReply() throws Exception {
    try (RawServer server =
        RawServer.http(number -> RawServer.ok(number == 1000 ? "Jello" : "Hello"))) {
      LoadReport report = http(server, 2000, 1000, 8, 5000, HELLO).report();
      assertEquals(1999, report.replies());
      assertEquals(1, report.wrong());
      assertEquals(
          "it answered with status 200 and 5 bytes 'Jello'; expected was status 200 and 5 bytes"
              + " 'Hello'",
          report.firstWrong());
    }
  }

  @Test
  void copesWithClosedConnections() throws Exception {
    List<String> replies =
        List.of(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nHello!",
            "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello!",
            "HTTP/1.0 200 OK\r\n\r\nHello!",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n" + RawServer.ok("Hello"));
    try (RawServer server =
        RawServer.http(number -> replies.get((int) (number % replies.size())))) {
      LoadReport report = http(server, 500, 1000, 4, 5000, HELLO).report();
      assertEquals(500, report.replies(), report.firstWrong());
      assertNull(report.firstWrong());
    }
  }

  @Test
  void countsRepliesThatBreakOff() throws Exception {
    try (RawServer server =
        RawServer.http(
            number ->
                number % 10 == 0
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHel!"
                    : RawServer.ok("Hello"))) {
      LoadReport report = http(server, 500, 1000, 4, 5000, HELLO).report();
      assertEquals(450, report.replies());
      assertEquals(50, report.missing());
      assertEquals("the app closed the connection before the reply was whole", report.firstWrong());
    }
  }

  @Test
  void readsRepliesInManySegments() throws Exception {
    byte[] bytes = RawServer.ok("Hello").getBytes(StandardCharsets.US_ASCII);
    try (RawServer server =
        new RawServer(
            (in, out) -> {
              while (RawServer.readRequest(in)) {
                for (int i = 0; i < bytes.length; i += 9) {
                  out.write(bytes, i, Math.min(9, bytes.length - i));
                  out.flush();
                  Thread.sleep(1);
                }
              }
            })) {
      LoadReport report = http(server, 100, 500, 4, 5000, HELLO).report();
      assertEquals(50, report.replies(), report.firstWrong());
    }
  }

  @Test
  void countsWhatIsNeverAnswered() throws Exception {
    try (RawServer server =
        new RawServer(
            (in, out) -> {
              while (in.read() >= 0) {}
            })) {
      long before = System.nanoTime();
      LoadReport report = http(server, 100, 500, 2, 200, HELLO).report();
      assertEquals(0, report.replies());
      assertEquals(50, report.missing());
      assertEquals("no reply within 200 ms", report.firstWrong());
      assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(10));
      report = http(server, 0, 100, 2, 200, HELLO).report();
      assertEquals(2, report.missing());
    }
  }

  @Test
  void countsWhatIsRefused() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    LoadReport report = http(nobody, 100, 300, 2, 5000, HELLO).report();
    assertEquals(30, report.missing());
    assertTrue(report.firstWrong().contains("connections failed: "), report.firstWrong());
    assertTrue(report.seconds() < 3, "nothing is left to be waited for: " + report.seconds());
    report = http(nobody, 0, 300, 2, 5000, HELLO).report();
    assertTrue(report.missing() > 0);
    assertTrue(report.firstWrong().startsWith("no connection: "), report.firstWrong());
  }

  @Test
  void doesntSpinOnAServerThatClosesAtOnce() throws Exception {
    try (RawServer server = new RawServer((in, out) -> {})) {
      LoadReport report = http(server, 0, 500, 2, 1000, HELLO).report();
      assertEquals(0, report.replies());
      assertTrue(server.connections() < 100, "connections: " + server.connections());
    }
  }

  @Test
  void countsGarbageAndHugeHeadersAsWrong() throws Exception {
    try (RawServer server = RawServer.http(number -> "220 smtp.example ESMTP\r\n")) {
      LoadReport report = http(server, 100, 300, 2, 1000, HELLO).report();
      assertEquals(30, report.wrong());
      assertTrue(report.firstWrong().contains("isn't HTTP"), report.firstWrong());
    }
    try (RawServer server =
        new RawServer(
            (in, out) -> {
              RawServer.readRequest(in);
              out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              byte[] header =
                  ("X: " + "y".repeat(10_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
              while (true) {
                out.write(header);
              }
            })) {
      LoadReport report = http(server, 100, 300, 2, 1000, HELLO).report();
      assertEquals(30, report.wrong());
      assertTrue(report.firstWrong().contains("headers"), report.firstWrong());
    }
  }

  @Test
  void countsBytesThatNobodyAskedFor() throws Exception {
    try (RawServer server =
        RawServer.http(number -> RawServer.ok("Hello") + (number == 5 ? "more" : ""))) {
      LoadReport report = http(server, 100, 300, 1, 1000, HELLO).report();
      // With the reply or just after it, which is when it was counted as correct.
      assertEquals(1, report.wrong());
      assertTrue(report.replies() >= 29, "replies: " + report.replies());
    }
  }

  @Test
  void sendsAgainWhatAnIdleConnectionLost() throws Exception {
    try (RawServer server =
        new RawServer(
            (in, out) -> {
              // Closes with the second request unread, as a keep-alive timeout may.
              RawServer.readRequest(in);
              out.write(RawServer.ok("Hello").getBytes(StandardCharsets.US_ASCII));
              out.flush();
              in.read();
            })) {
      LoadReport report = http(server, 0.8, 2000, 1, 5000, HELLO).report();
      assertEquals(2, report.replies(), report.firstWrong());
      assertNull(report.firstWrong());
    }
  }

  @Test
  void neverHangsOnGarbage() throws Exception {
    Random random = new Random(7);
    String reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n";
    try (RawServer server =
        RawServer.http(
            number -> {
              synchronized (random) {
                StringBuilder changed = new StringBuilder(reply);
                if (number % 3 == 0) {
                  changed.setCharAt(random.nextInt(reply.length()), (char) random.nextInt(256));
                }
                if (number % 7 == 0) {
                  changed.setLength(random.nextInt(reply.length()));
                  changed.append('!');
                }
                return changed.toString();
              }
            })) {
      LoadReport report = http(server, 500, 1500, 16, 300, HELLO).report();
      assertTrue(report.replies() > 0);
      assertTrue(report.wrong() > 0);
      assertTrue(report.missing() > 0);
      long all = report.replies() + report.wrong() + report.missing();
      assertTrue(all >= 750, "all: " + all);
    }
  }

  @Test
  void echoesEveryByte() throws Exception {
    try (RawServer server = new RawServer(SocketEngineTest::echo)) {
      for (int length : new int[] {1, 64, 300_000}) {
        LoadReport report = echo(server, length, 100, 500);
        assertEquals(50, report.replies(), report.firstWrong());
        assertNull(report.firstWrong());
      }
      assertTrue(echo(server, 64, 0, 200).replies() > 10);
    }
  }

  @Test
  void findsTheOneWrongByte() throws Exception {
    AtomicLong bytes = new AtomicLong();
    try (RawServer server =
        new RawServer(
            (in, out) -> {
              int next;
              while ((next = in.read()) >= 0) {
                out.write(bytes.incrementAndGet() == 1000 ? next ^ 1 : next);
                if (in.available() == 0) {
                  out.flush();
                }
              }
            })) {
      LoadReport report = echo(server, 64, 100, 500);
      assertEquals(1, report.wrong());
      assertEquals(49, report.replies());
      assertTrue(report.firstWrong().startsWith("byte "), report.firstWrong());
    }
  }

  private static void echo(InputStream in, OutputStream out) throws IOException {
    byte[] bytes = new byte[8192];
    int length;
    while ((length = in.read(bytes)) >= 0) {
      out.write(bytes, 0, length);
      out.flush();
    }
  }

  private static LoadReport echo(RawServer server, int bytes, double rate, long millis)
      throws Exception {
    Plan plan = plan(server.address(), rate, millis, 4, 5000);
    return DriverMain.run(new Job.Echo(plan, bytes)).report();
  }

  private static Outcome http(
      RawServer server,
      double rate,
      long millis,
      int connections,
      long timeout,
      Expectation expectation)
      throws Exception {
    return http(server.address(), rate, millis, connections, timeout, expectation);
  }

  private static Outcome http(
      InetSocketAddress address,
      double rate,
      long millis,
      int connections,
      long timeout,
      Expectation expectation)
      throws Exception {
    return DriverMain.run(
        new Job.Http(plan(address, rate, millis, connections, timeout), GET, expectation));
  }

  private static Plan plan(
      InetSocketAddress address, double rate, long millis, int connections, long timeout) {
    return Plan.of(
        address,
        rate,
        Duration.ofMillis(millis),
        new DriverOptions(connections, Duration.ofMillis(timeout), ""));
  }
}
