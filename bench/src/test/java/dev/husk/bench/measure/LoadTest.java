package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.bench.peer.NettyServer;
import dev.husk.examples.http.BlockingServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

  @ParameterizedTest
  @ValueSource(strings = {"blocking", "nio", "epoll"})
  void serversAnswerAlikeUnderTheBuiltInDriver(String kind) throws Exception {
    Variant server =
        kind.equals("blocking")
            ? Variant.stock(kind, BlockingServer.class)
            : Variant.stock(kind, NettyServer.class, "--transport=" + kind);
    try (Child child = Child.start(kind, server.command(SETUP, List.of()))) {
      int port = child.awaitReady();
      int answerBytes = HttpCheck.verify(port, "Hello, World!");
      assertEquals(BlockingServer.response().length, answerBytes);
      LoadResult result = Load.builtIn(SETUP).run(port, 3, 1);
      assertTrue(result.requests() > 10, result.toLine());
      assertEquals(0, result.errors(), result.toLine());
      long partial = result.bytes() - result.requests() * answerBytes;
      assertTrue(Math.abs(partial) <= 3L * answerBytes, result.toLine());
      assertTrue(result.p50Micros() <= result.p999Micros(), result.toLine());
      child.checkAlive();
    }
  }

  @Test
  void aServerThatDoesNotStartSaysWhy() throws Exception {
    Variant server = Variant.stock("broken", BlockingServer.class, "--threads=green");
    try (Child child = Child.start("broken", server.command(SETUP, List.of()))) {
      IOException e = assertThrows(IOException.class, child::awaitReady);
      assertTrue(e.getMessage().contains("unknown argument --threads=green"), e.getMessage());
    }
  }
}
