package dev.husk.ab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Figure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class CommandLoadTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4321);

  private static final DriverOptions SMALL = new DriverOptions(7, Duration.ofMillis(500), "");

  @Test
  void runsACommandAndPicksItsFigures() throws Exception {
    CommandOptions options =
        new CommandOptions(
            "echo \"{host} {port} {seconds} {connections} $AB_HOST $AB_PORT $AB_URL $AB_SECONDS"
                + " $AB_CONNECTIONS\"; echo progress=1; echo progress=2k >&2; echo t=3ms",
            List.of("progress=progress=(\\S+)", "t:us=t=(\\S+)", "port:higher=^\\S+ (\\d+)"),
            0,
            null,
            SMALL);
    try (CommandLoad load = Loads.command(options)) {
      assertEquals(
          Map.of("progress", 2000.0, "t", 3000.0, "port", 4321.0),
          load.run(ADDRESS, Duration.ofSeconds(2)));
      assertEquals(
          List.of(Figure.Better.HIGHER, Figure.Better.LOWER, Figure.Better.HIGHER),
          load.figures().stream().map(Figure::better).toList());
    }
    CommandOptions all =
        options.withFigures(
            List.of("n=127.0.0.1 4321 2 7 127.0.0.1 4321 http://127.0.0.1:4321/ 2 (\\d+)"));
    try (CommandLoad load = Loads.command(all)) {
      assertEquals(Map.of("n", 7.0), load.run(ADDRESS, Duration.ofSeconds(2)));
    }
  }

  @Test
  void failsWithTheEndOfTheOutput() {
    IOException status = failure("echo on the way; exit 3");
    assertTrue(status.getMessage().contains("status 3"), status.getMessage());
    assertTrue(status.getMessage().endsWith("on the way"), status.getMessage());
    IOException pattern = failure("echo m=5");
    assertTrue(pattern.getMessage().contains("figure 'n'"), pattern.getMessage());
    assertTrue(pattern.getMessage().endsWith("m=5"), pattern.getMessage());
    IOException number = failure("echo n=many");
    assertTrue(number.getMessage().contains("'many' isn't a number"), number.getMessage());
    IOException silent = failure("true");
    assertTrue(silent.getMessage().endsWith("it printed nothing"), silent.getMessage());
  }

  private static IOException failure(String command) {
    CommandOptions options = new CommandOptions(command, List.of("n=n=(.*)"), 0, null, SMALL);
    try (CommandLoad load = Loads.command(options)) {
      return assertThrows(IOException.class, () -> load.run(ADDRESS, Duration.ofSeconds(1)));
    }
  }

  @Test
  void endsTheCommandWithItsChildren() throws Exception {
    CommandOptions options =
        new CommandOptions("sleep 71 & sleep 72; echo n=1", List.of("n=n=(.*)"), 0, null, SMALL);
    long before = sleeping();
    try (CommandLoad load = Loads.command(options)) {
      Thread tester = Thread.currentThread();
      Thread.ofVirtual()
          .start(
              () -> {
                while (sleeping() < before + 2) {
                  Thread.onSpinWait();
                }
                tester.interrupt();
              });
      assertThrows(InterruptedException.class, () -> load.run(ADDRESS, Duration.ofSeconds(1)));
    }
    while (sleeping() > before) {
      Thread.sleep(10);
    }
  }

  private static long sleeping() {
    return ProcessHandle.current()
        .descendants()
        .filter(each -> each.info().command().orElse("").endsWith("sleep"))
        .count();
  }

  @Test
  void isReadyWhenThePortAcceptsOrTheUrlAnswers() throws Exception {
    CommandOptions options = CommandOptions.of("wrk {host}").withDriver(SMALL);
    InetSocketAddress gone;
    try (RawServer server =
        RawServer.http(
            number ->
                number == 1
                    ? "HTTP/1.1 503 Starting\r\nContent-Length: 0\r\n\r\n"
                    : RawServer.ok("x"))) {
      gone = server.address();
      try (CommandLoad port = Loads.command(options);
          CommandLoad url = Loads.command(options.withReadyUrl("http://localhost:8080/health"))) {
        assertEquals(0, port.port());
        assertEquals(8080, url.port());
        assertTrue(port.isReady(gone));
        assertThrows(WrongReplyException.class, () -> url.isReady(gone));
        assertTrue(url.isReady(gone));
      }
    }
    try (CommandLoad load = Loads.command(options)) {
      assertFalse(load.isReady(gone));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "12, ms, 12",
    "1.5s, ms, 1500",
    "250.00us, ms, 0.25",
    "3 µs, us, 3",
    "1.05m, s, 63",
    "2 secs, ms, 2000",
    "'1,234.5', req/s, 1234.5",
    "1.2k, req/s, 1200",
    "3.4M, '', 3400000",
    "1e3, '', 1000",
    "99.5%, '', 99.5",
    "-4, '', -4"
  })
  void readsNumbersWithSuffixes(String text, String unit, double value) throws IOException {
    FigurePattern pattern = FigurePattern.parse("n:" + unit + "=is (.*)");
    assertEquals(value, pattern.find("it is " + text + "\n"), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({"3ms, ''", "3ms, req/s", "3 apples, ''", "3 apples, ms", "'', ms", "ms, ms"})
  void refusesOtherNumbers(String text, String unit) {
    FigurePattern pattern = FigurePattern.parse("n:" + unit + "=is (.*)");
    assertThrows(IOException.class, () -> pattern.find("it is " + text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "n=", "=x", "n=no group", "n=(a)(b)", "n=(", "n:ms:better=(x)"})
  void refusesOtherPatterns(String text) {
    assertThrows(IllegalArgumentException.class, () -> FigurePattern.parse(text));
  }

  @Test
  void refusesUnknownToolsWithoutPatterns() {
    IllegalArgumentException unknown =
        assertThrows(IllegalArgumentException.class, () -> CommandOptions.of("siege -b"));
    assertTrue(unknown.getMessage().contains("redis-benchmark"), unknown.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> CommandOptions.of("siege").withFigures(List.of("a=(.)", "a=(.)")));
  }

  @Test
  void knowsTheOutputOfTools() throws IOException {
    check(
        "/usr/bin/wrk -t1 --latency http://{host}:{port}/",
        """
        Running 3s test @ http://127.0.0.1:18080/
          1 threads and 64 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency    12.01ms   27.15ms 220.21ms   91.50%
            Req/Sec    15.71k     2.24k   19.40k    73.33%
          Latency Distribution
             50%    2.38ms
             75%    7.21ms
             90%   38.28ms
             99%  157.24ms
          46813 requests in 3.01s, 4.02MB read
        Requests/sec:  15558.75
        Transfer/sec:      1.34MB
        """,
        15558.75,
        2.38,
        38.28,
        157.24,
        46813);
    check(
        "wrk -R 2000 --latency http://{host}:{port}/",
        """
          Latency Distribution (HdrHistogram - Recorded Latency)
         50.000%    1.03ms
         75.000%    1.43ms
         90.000%    1.81ms
         99.000%    2.57s\s
         99.900%    2.83s\s
          Detailed Percentile spectrum:
               Value   Percentile   TotalCount 1/(1-Percentile)
               0.025     0.000000            1         1.00
        120034 requests in 1.00m, 4.02MB read
        Requests/sec:   2000.28
        """,
        2000.28,
        1.03,
        1.81,
        2570,
        120034);
    check(
        "hey -z 3s http://x/",
        """
        Summary:
          Total:        3.0024 secs
          Requests/sec: 21055.5563
        Latency distribution:
          10% in 0.0006 secs
          50% in 0.0020 secs
          90% in 0.0044 secs
          99% in 0.0101 secs
        Status code distribution:
          [200] 63218 responses
        """,
        21055.5563,
        2,
        4.4,
        10.1);
    check(
        "ab -t 3 -c 8 http://x/",
        """
        Complete requests:      27373
        Failed requests:        0
        Requests per second:    9124.32 [#/sec] (mean)
        Time per request:       0.877 [ms] (mean)
        Percentage of the requests served within a certain time (ms)
          50%      1
          90%      2
          99%      5
         100%     19 (longest request)
        """,
        9124.32,
        1,
        2,
        5,
        27373);
    check(
        "oha -z 3s http://x/",
        """
        Summary:
          Success rate:\t100.00%
          Requests/sec:\t30018.1234

        Response time distribution:
          50.00% in 1.5000 ms
          90.00% in 0.0030 sec
          99.00% in 10.1000 ms
        Status code distribution:
          [200] 90000 responses
        """,
        30018.1234,
        1.5,
        3,
        10.1);
    List<FigurePattern> redis = FigurePattern.all("redis-benchmark -t get", List.of());
    assertEquals(1, redis.size());
    assertEquals(
        71994.23,
        redis.getFirst().find("  throughput summary: 71994.23 requests per second\n  latency"));
    assertEquals(
        List.of("closed_throughput", "requests"),
        FigurePattern.all("TZ=UTC wrk http://x/", List.of()).stream()
            .map(each -> each.figure().id())
            .toList());
  }

  private static void check(String command, String output, double... values) throws IOException {
    List<FigurePattern> patterns = FigurePattern.all(command, List.of());
    assertEquals(values.length, patterns.size(), command);
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], patterns.get(i).find(output), 1e-9, command + " " + i);
    }
    assertFalse(LoadTool.of(command).wrong().matcher(output).find(), command);
  }

  @Test
  void knowsWhereToolsTellOfWrongReplies() {
    Map.of(
            "wrk", "  Non-2xx or 3xx responses: 12",
            "wrk -R1", "  Socket errors: connect 0, read 0, write 0, timeout 5",
            "hey", "  [503]\t12 responses",
            "oha", "  [500] 1 responses",
            "ab", "Non-2xx responses:      12")
        .forEach(
            (command, line) ->
                assertTrue(LoadTool.of(command).wrong().matcher(line).find(), command));
  }
}
