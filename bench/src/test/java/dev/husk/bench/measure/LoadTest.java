package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.husk.ab.host.App;
import dev.husk.ab.host.Programs;
import dev.husk.ab.load.DriverOptions;
import dev.husk.ab.load.HttpOptions;
import dev.husk.ab.load.Loads;
import dev.husk.bench.peer.NettyServer;
import dev.husk.examples.http.BlockingServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers in processes of their own, under a second of load. */
final class LoadTest {
  private static final Setup SETUP =
      new Setup(
          Path.of(System.getProperty("java.home"), "bin", "java"),
          System.getProperty("java.class.path"),
          null,
          "",
          List.of("-XX:TieredStopAtLevel=1"),
          1,
          Duration.ofSeconds(1),
          Duration.ZERO);

  private final Children children;

  LoadTest() throws IOException {
    children = new Children();
  }

  @AfterEach
  void end() {
    children.close();
  }

  private App start(String kind) throws Exception {
    Variant server =
        kind.equals("blocking")
            ? Variant.stock(kind, BlockingServer.class)
            : Variant.stock(kind, NettyServer.class, "--transport=" + kind);
    return children.start(server.command(SETUP, List.of()));
  }

  private static HttpOptions request(String body) {
    return HttpOptions.of("/")
        .withExpectBody(body)
        .withDriver(DriverOptions.DEFAULT.withConnections(3));
  }

  private static void check(Load load, App server) throws Exception {
    LoadResult result = load.run(server.address(0), Duration.ofSeconds(1));
    assertTrue(result.requests() > 10, result::toString);
    assertEquals(1, result.seconds(), 0.5, result::toString);
    assertTrue(result.p50Micros() > 0, result::toString);
    assertTrue(result.p50Micros() <= result.p99Micros(), result::toString);
    assertTrue(result.p99Micros() <= result.p999Micros(), result::toString);
    assertTrue(server.isAlive());
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocking", "nio", "epoll"})
  void serversAnswerAlike(String kind) throws Exception {
    App server = start(kind);
    assertEquals(
        BlockingServer.response().length, Loads.ask(request("Hello, World!"), server.address(0)));
  }

  @Test
  void theDriverChecksEveryReply() throws Exception {
    App server = start("epoll");
    try (Load load = new DriverLoad(request("Hello, World!"))) {
      check(load, server);
    }
    try (Load load = new DriverLoad(request("Hello, Wörld!"))) {
      IOException e =
          assertThrows(
              IOException.class, () -> load.run(server.address(0), Duration.ofMillis(200)));
      assertTrue(e.getMessage().contains("'Hello, World!'; expected was"), e.getMessage());
    }
  }

  @Test
  void wrksFiguresAreRead() throws Exception {
    assumeTrue(Programs.find("wrk") != null);
    App server = start("epoll");
    try (Load load = new WrkLoad(request("Hello, World!"))) {
      check(load, server);
    }
    try (Load load = new WrkLoad(request("Hello, Wörld!"))) {
      IOException e =
          assertThrows(IOException.class, () -> load.run(server.address(0), Duration.ofSeconds(1)));
      assertTrue(e.getMessage().contains("'Hello, World!'; expected was"), e.getMessage());
    }
  }

  @Test
  void repliesAreCountedInBytes() {
    assertDoesNotThrow(() -> WrkLoad.checkBytes(1_000_000, 99_500_000, 100));
    assertThrows(IOException.class, () -> WrkLoad.checkBytes(1_000_000, 95_000_000, 100));
    assertThrows(IOException.class, () -> WrkLoad.checkBytes(1_000_000, 105_000_000, 100));
  }

  @Test
  void aServerThatDoesNotStartSaysWhy() {
    Variant server = Variant.stock("broken", BlockingServer.class, "--threads=green");
    IOException e =
        assertThrows(IOException.class, () -> children.start(server.command(SETUP, List.of())));
    assertTrue(e.getMessage().contains("unknown argument --threads=green"), e.getMessage());
  }
}
