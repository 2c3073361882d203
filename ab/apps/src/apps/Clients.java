package apps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Clients that each do one operation after the other for some seconds, and tell in the end how many
 * there were and how long they took.
 */
final class Clients {
  private Clients() {}

  /** One client. Checks what it gets, and throws where that is wrong. */
  interface Client extends AutoCloseable {
    void operation(int number) throws Exception;
  }

  /** Makes the client of a number. */
  interface Maker {
    Client make(int number) throws Exception;
  }

  static void run(int count, int seconds, Maker maker) throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(maker.make(i));
    }
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    List<Future<long[]>> futures = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(count)) {
      for (Client client : clients) {
        futures.add(pool.submit(() -> times(client, end)));
      }
      List<long[]> all = new ArrayList<>();
      for (Future<long[]> each : futures) {
        all.add(each.get());
      }
      double took = (System.nanoTime() - start) / 1e9;
      long[] times = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      System.out.printf("%d operations, %.1f operations/s%n", times.length, times.length / took);
      for (int percent : new int[] {50, 99}) {
        int rank = (int) Math.ceil(times.length * percent / 100.0) - 1;
        System.out.printf("p%d %.3f ms%n", percent, times[rank] / 1e6);
      }
    }
    for (Client client : clients) {
      client.close();
    }
  }

  private static long[] times(Client client, long end) throws Exception {
    long[] times = new long[1024];
    int count = 0;
    for (long now = System.nanoTime(); now < end; ) {
      client.operation(count);
      long then = System.nanoTime();
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
      }
      times[count++] = then - now;
      now = then;
    }
    return Arrays.copyOf(times, count);
  }
}
