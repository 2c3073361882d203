package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JdbcLoadTest {
  private static final String URL = "jdbc:h2:tcp://localhost:9092/mem:load;DB_CLOSE_DELAY=-1";

  private static final DriverOptions SMALL = new DriverOptions(4, Duration.ofSeconds(5), "");

  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  private static InetSocketAddress address() {
    return new InetSocketAddress("localhost", server.getPort());
  }

  @Test
  void readsAndChecksResults() throws Exception {
    try (Load load = Loads.jdbc(JdbcOptions.of(URL).withDriver(SMALL))) {
      assertEquals(9092, load.port());
      assertTrue(load.isReady(address()));
      LoadReport report = load.run(address(), 200, Duration.ofMillis(500));
      assertEquals(100, report.replies(), report.firstWrong());
      assertNull(report.firstWrong());
      assertEquals(100, report.latencies().getTotalCount());
      assertTrue(
          load.describe()
              .endsWith("each reply must have 1 row '1', as learned from the first replies"),
          load.describe());
      report = load.run(address(), 0, Duration.ofMillis(200));
      assertTrue(report.replies() > 4);
      assertEquals(0, report.wrong() + report.missing());
    }
  }

  @Test
  void findsAChangedResult() throws Exception {
    String url = URL.replace("load", "changed");
    try (Connection connection =
        DriverManager.getConnection(url.replace("9092", "" + server.getPort()))) {
      connection.createStatement().execute("create table t(a int, b varchar)");
      connection.createStatement().execute("insert into t values (1, 'x'), (2, null)");
      JdbcOptions options =
          JdbcOptions.of(url).withQuery("select * from t order by a").withDriver(SMALL);
      try (JdbcLoad load = new JdbcLoad(options)) {
        LoadReport report = load.run(address(), 50, Duration.ofMillis(200));
        assertEquals(10, report.replies(), report.firstWrong());
        connection.createStatement().execute("update t set b = 'null' where a = 2");
        report = load.run(address(), 50, Duration.ofMillis(200));
        assertEquals(10, report.wrong());
        assertTrue(
            report.firstWrong().contains("expected was 2 rows '1, x; 2, null'"),
            report.firstWrong());
        assertThrows(WrongReplyException.class, () -> load.isReady(address()));
      }
    }
  }

  @Test
  void countsWhatTheDatabaseDoesNotAnswer() throws Exception {
    DriverOptions impatient = SMALL.withTimeout(Duration.ofMillis(500));
    Server stopped = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    InetSocketAddress gone = new InetSocketAddress("localhost", stopped.getPort());
    stopped.stop();
    try (Load load = Loads.jdbc(JdbcOptions.of(URL).withDriver(impatient))) {
      assertFalse(load.isReady(gone));
      LoadReport report = load.run(gone, 50, Duration.ofMillis(200));
      assertEquals(10, report.missing());
      assertEquals(0, report.replies());
    }
    try (RawServer silent =
            new RawServer(
                (in, out) -> {
                  while (in.read() >= 0) {}
                });
        Load load = Loads.jdbc(JdbcOptions.of(URL).withDriver(impatient))) {
      assertFalse(load.isReady(silent.address()));
      LoadReport report = load.run(silent.address(), 50, Duration.ofMillis(200));
      assertEquals(10, report.missing());
      report = load.run(silent.address(), 0, Duration.ofMillis(200));
      assertEquals(4, report.missing());
    }
  }

  @Test
  void refusesAWrongStatement() throws Exception {
    try (Load load =
        Loads.jdbc(JdbcOptions.of(URL).withQuery("select nonsense").withDriver(SMALL))) {
      WrongReplyException wrong =
          assertThrows(WrongReplyException.class, () -> load.isReady(address()));
      assertTrue(wrong.getMessage().contains("NONSENSE"), wrong.getMessage());
    }
  }

  @Test
  void putsTheAddressIntoTheUrl() {
    assertEquals(
        "jdbc:h2:tcp://10.0.0.1:77/mem:load;DB_CLOSE_DELAY=-1",
        JdbcOptions.of(URL).url("10.0.0.1", 77));
    JdbcOptions placed = JdbcOptions.of("jdbc:oracle:thin:@{host}:{port}:x");
    assertEquals(0, placed.port());
    assertEquals("jdbc:oracle:thin:@[::1]:77:x", placed.url("::1", 77));
    assertThrows(
        IllegalArgumentException.class,
        () -> JdbcOptions.of(URL).withJars(List.of(Path.of("/nowhere.jar"))));
  }
}
