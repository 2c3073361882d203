package dev.husk.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LoadResultTest {
  private static final List<String> WRK =
      """
      Running 3s test @ http://127.0.0.1:40123/
        2 threads and 64 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency   615.94us  723.48us  22.75ms   91.57%
          Req/Sec    54.17k     6.71k   72.12k    70.00%
        323412 requests in 3.01s, 23.75MB read
      Requests/sec: 107447.51
      Transfer/sec:      7.89MB
      load requests=323412 duration_us=3009953 bytes=24902724 errors=3 p50_us=421 p99_us=3519 p999_us=8123 max_us=22752
      """
          .lines()
          .toList();

  @Test
  void findsTheLineInTheOutputOfWrk() {
    LoadResult result = LoadResult.parse(WRK);
    assertEquals(
        new LoadResult(323_412, 3_009_953, 24_902_724, 3, 421, 3519, 8123, 22_752), result);
    assertEquals(107_447.5, result.requestsPerSecond(), 0.1);
  }

  @Test
  void readsWhatItWrites() {
    LoadResult result = new LoadResult(1, 2, 3, 4, 5, 6, 7, 8);
    assertEquals(result, LoadResult.parse(List.of(result.toLine())));
  }

  @Test
  void outputWithoutTheLineIsShown() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LoadResult.parse(List.of("unable to connect to 127.0.0.1:1")));
    assertTrue(e.getMessage().contains("unable to connect"), e.getMessage());
  }

  @Test
  void aMissingFieldIsNamed() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> LoadResult.parse(List.of("load requests=1")));
    assertTrue(e.getMessage().contains("duration_us"), e.getMessage());
  }
}
