package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readiness, what is learned, options; the last of these tests have drivers of their own. */
@Timeout(60)
final class LoadsTest {
  private static final DriverOptions SMALL = new DriverOptions(2, Duration.ofMillis(500), "");

  private static final HttpOptions ROOT = HttpOptions.of("/").withDriver(SMALL);

  @Test
  void learnsWhatTheFirstVariantAnswers() throws Exception {
    try (RawServer first = RawServer.http(number -> RawServer.ok("Hello"));
        RawServer other = RawServer.http(number -> RawServer.ok("Hullo"));
        HttpLoad load = new HttpLoad(ROOT, 0)) {
      assertTrue(load.isReady(first.address()));
      LoadReport report = load.run(first.address(), 100, Duration.ofMillis(200));
      assertEquals(20, report.replies(), report.firstWrong());
      assertEquals(
          "HTTP/1.1 GET / on 2 connections; each reply must have status 200 and 5 bytes 'Hello', as"
              + " learned from the first replies",
          load.describe());
      WrongReplyException wrong =
          assertThrows(WrongReplyException.class, () -> load.isReady(other.address()));
      assertTrue(wrong.getMessage().contains("'Hullo'"), wrong.getMessage());
      report = load.run(other.address(), 100, Duration.ofMillis(200));
      assertEquals(20, report.wrong());
      assertEquals(0, report.replies());
      assertTrue(report.firstWrong().contains("'Hullo'; expected"), report.firstWrong());
    }
  }

  @Test
  void checksTheStatusAloneWhereBodiesDiffer() throws Exception {
    try (RawServer server = RawServer.http(number -> RawServer.ok("Hello " + number));
        HttpLoad load = new HttpLoad(ROOT, 0)) {
      LoadReport report = load.run(server.address(), 100, Duration.ofMillis(200));
      assertEquals(20, report.replies(), report.firstWrong());
      assertTrue(
          load.describe()
              .endsWith("status 200; its content differs from reply to reply and isn't checked"),
          load.describe());
      try (RawServer moved =
          RawServer.http(number -> "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")) {
        assertThrows(WrongReplyException.class, () -> load.isReady(moved.address()));
      }
    }
  }

  @Test
  void checksWhatTheUserSays() throws Exception {
    try (RawServer server =
        RawServer.http(
            number ->
                "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnumber " + number % 10 + ".")) {
      try (HttpLoad load = new HttpLoad(ROOT, 0)) {
        WrongReplyException wrong =
            assertThrows(WrongReplyException.class, () -> load.isReady(server.address()));
        assertTrue(wrong.getMessage().contains("a status below 400"), wrong.getMessage());
      }
      try (HttpLoad load =
          new HttpLoad(ROOT.withExpectStatus(404).withExpectBody("/number [0-9]/"), 0)) {
        assertTrue(load.isReady(server.address()));
        LoadReport report = load.run(server.address(), 100, Duration.ofMillis(200));
        assertEquals(20, report.replies(), report.firstWrong());
        assertTrue(
            load.describe().endsWith("status 404 and a body with /number [0-9]/ in it"),
            load.describe());
      }
      try (HttpLoad load =
          new HttpLoad(ROOT.withExpectStatus(404).withExpectBody("number 5."), 0)) {
        assertThrows(
            WrongReplyException.class,
            () -> {
              load.isReady(server.address());
              load.isReady(server.address());
            });
      }
    }
  }

  @Test
  void oneRequestTellsTheBytesOfItsReply() throws Exception {
    String reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello";
    try (RawServer server = RawServer.http(number -> reply)) {
      assertEquals(reply.length(), Loads.ask(ROOT.withExpectBody("Hello"), server.address()));
      WrongReplyException wrong =
          assertThrows(
              WrongReplyException.class,
              () -> Loads.ask(ROOT.withExpectBody("Hullo"), server.address()));
      assertTrue(wrong.getMessage().contains("'Hello'; expected"), wrong.getMessage());
    }
  }

  @Test
  void isNotReadyWithoutAReply() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (RawServer silent =
            new RawServer(
                (in, out) -> {
                  while (in.read() >= 0) {}
                });
        RawServer closing = new RawServer((in, out) -> {});
        RawServer slow =
            new RawServer(
                (in, out) -> {
                  while (true) {
                    out.write('H');
                    Thread.sleep(100);
                  }
                });
        Load http = new HttpLoad(ROOT, 0);
        Load echo = new EchoLoad(EchoOptions.DEFAULT.withDriver(SMALL), 0)) {
      for (Load load : List.of(http, echo)) {
        assertFalse(load.isReady(nobody));
        assertFalse(load.isReady(silent.address()));
        assertFalse(load.isReady(closing.address()));
        assertFalse(load.isReady(slow.address()));
      }
    }
  }

  @Test
  void isNotReadyForAnotherProtocol() throws Exception {
    try (RawServer server = RawServer.http(number -> "SSH-2.0-OpenSSH_9.9\r\n");
        Load load = new HttpLoad(ROOT, 0)) {
      WrongReplyException wrong =
          assertThrows(WrongReplyException.class, () -> load.isReady(server.address()));
      assertTrue(wrong.getMessage().contains("isn't HTTP"), wrong.getMessage());
    }
  }

  @Test
  void echoIsReadyWhenItEchoes() throws Exception {
    try (RawServer server =
            new RawServer(
                (in, out) -> {
                  in.transferTo(
                      new FilterOutputStream(out) {
                        @Override
                        public void write(byte[] bytes, int from, int length) throws IOException {
                          out.write(bytes, from, length);
                          out.flush();
                        }
                      });
                });
        RawServer other =
            new RawServer(
                (in, out) -> {
                  out.write(new byte[64]);
                  out.flush();
                  in.read();
                });
        Load load = new EchoLoad(EchoOptions.DEFAULT.withBytes(100_000).withDriver(SMALL), 0)) {
      assertTrue(load.isReady(server.address()));
      assertThrows(WrongReplyException.class, () -> load.isReady(other.address()));
    }
  }

  @Test
  void sendsTheRequestThatWasAskedFor() throws Exception {
    AtomicReference<String> came = new AtomicReference<>();
    try (RawServer server =
            new RawServer(
                (in, out) -> {
                  byte[] bytes = new byte[4096];
                  int length = in.read(bytes);
                  came.set(new String(bytes, 0, length, StandardCharsets.UTF_8));
                  out.write(RawServer.ok("Hello").getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                });
        Load load =
            new HttpLoad(
                HttpOptions.of("http://example.test:81/a%20b?c=d")
                    .withMethod("post")
                    .withHeader("X-One: 1")
                    .withHeader("accept: text/plain")
                    .withBody("é")
                    .withDriver(SMALL),
                0)) {
      assertEquals(81, load.port());
      assertTrue(load.isReady(server.address()));
      assertEquals(
          "POST /a%20b?c=d HTTP/1.1\r\nHost: example.test:81\r\nContent-Length: 2\r\nX-One: 1\r\n"
              + "accept: text/plain\r\n\r\né",
          came.get());
    }
    assertEquals(0, HttpOptions.of("/x").port());
    assertEquals(80, HttpOptions.of("http://localhost").port());
    assertTrue(HttpOptions.of("/x").request(123).text().contains("\r\nHost: localhost:123\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://localhost/", "localhost:8080/", "ftp://x/", "x", "/a b", "http:///x"})
  void refusesOtherUrls(String url) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> HttpOptions.of(url));
    assertTrue(refused.getMessage().contains("'" + url + "'"), refused.getMessage());
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    List<Runnable> wrong =
        List.of(
            () -> ROOT.withMethod("G E T"),
            () -> ROOT.withHeader("a\r\nb: c"),
            () -> ROOT.withExpectStatus(99),
            () -> ROOT.withExpectBody("/(/"),
            () -> SMALL.withConnections(0),
            () -> SMALL.withTimeout(Duration.ZERO),
            () -> SMALL.withCpus("first"),
            () -> EchoOptions.DEFAULT.withBytes(0),
            () -> EchoOptions.DEFAULT.withPort(70_000),
            () -> JdbcOptions.of("http://x:1/"),
            () -> JdbcOptions.of("jdbc:h2:mem:x"));
    for (Runnable each : wrong) {
      assertThrows(IllegalArgumentException.class, each::run);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,''", "2,''", "3,2", "4,3", "7,6", "8,6-7", "32,30-31"})
  void suggestsProcessorsForTheDriver(int processors, String list) {
    assertEquals(list, Loads.suggestDriverCpus(processors));
  }

  @Test
  void tellsWhenTheDriverIsTheLimit() {
    Plan plan = Plan.of(new InetSocketAddress(1), 100, Duration.ofSeconds(1), SMALL);
    Map<String, long[]> cases =
        Map.of(
            "late", new long[] {2_000_000, 10_000_000, 50, 0, 1},
            "late, which doesn't matter", new long[] {2_000_000, 100_000_000, 50, 0, 0},
            "late for want of a processor", new long[] {2_000_000, 10_000_000, 50, 60, 0},
            "later than for want of a processor", new long[] {2_000_000, 10_000_000, 50, 40, 1},
            "hardly late", new long[] {500_000, 1_000_000, 50, 0, 0},
            "busy", new long[] {0, 1_000_000, 95, 0, 1},
            "busy and crowded out", new long[] {0, 1_000_000, 95, 5, 1});
    cases.forEach(
        (name, values) -> {
          Tally tally = new Tally();
          for (int i = 0; i < 100; i++) {
            tally.sent(values[0]);
            tally.correct(0, values[1]);
          }
          Cpu.Use use = new Cpu.Use(1, values[2] / 100.0, 0, values[3] / 100.0);
          Outcome outcome = Outcome.of(plan, tally, 0, 1_000_000_000, use, false);
          assertEquals(values[4] == 1, outcome.driver().isLimit(), name);
        });
  }
}
