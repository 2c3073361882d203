package dev.husk.ab.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs a plan on sockets. */
final class SocketEngine {
  /** Between the moment when all is connected and the first request. */
  private static final long LEAD = TimeUnit.MILLISECONDS.toNanos(2);

  private SocketEngine() {}

  static Outcome run(Plan plan, Supplier<Exchange> exchanges)
      throws IOException, InterruptedException {
    int count = Math.min(threads(plan.pinned()), plan.connections());
    List<Loop> loops = new ArrayList<>();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("loop-", 0).factory());
    try {
      for (int i = 0; i < count; i++) {
        loops.add(new Loop(plan, i, count, exchanges));
      }
      return run(plan, loops, threads);
    } finally {
      threads.shutdownNow();
      threads.close();
      for (Loop each : loops) {
        each.close();
      }
    }
  }

  private static Outcome run(Plan plan, List<Loop> loops, ExecutorService threads)
      throws IOException, InterruptedException {
    CountDownLatch connected = new CountDownLatch(loops.size());
    CompletableFuture<Long> startAt = new CompletableFuture<>();
    List<Future<Void>> runs = new ArrayList<>();
    for (Loop each : loops) {
      runs.add(
          threads.submit(
              () -> {
                try {
                  each.connect();
                } finally {
                  connected.countDown();
                }
                each.run(startAt.join());
                return null;
              }));
    }
    connected.await();
    long process = Cpu.ofProcess();
    long start = System.nanoTime() + LEAD;
    startAt.complete(start);
    Tally tally = new Tally();
    double busiest = 0;
    double waited = 0;
    boolean noPorts = false;
    for (int i = 0; i < loops.size(); i++) {
      try {
        runs.get(i).get();
      } catch (ExecutionException e) {
        throw new IOException("the driver failed: " + e.getCause(), e);
      }
      tally.add(loops.get(i).tally());
      busiest = Math.max(busiest, loops.get(i).cpu());
      waited += loops.get(i).waited() / loops.size();
      noPorts |= loops.get(i).noPorts();
    }
    long end = System.nanoTime();
    Cpu.Use use = Cpu.since(process, end - start, busiest, waited);
    return Outcome.of(plan, tally, start, end, use, noPorts);
  }

  /**
   * One for two processors, which are the app's as well; of its own it leaves one to the kernel.
   */
  private static int threads(boolean pinned) {
    int processors = Runtime.getRuntime().availableProcessors();
    return processors <= 2 ? 1 : pinned ? processors - 1 : Math.max(1, processors / 4);
  }
}
