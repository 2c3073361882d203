package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.thrown;
import static dev.husk.it.scenarios.MemoryHelp.collects;
import static dev.husk.it.scenarios.MemoryHelp.crowd;
import static dev.husk.it.scenarios.MemoryHelp.direct;
import static dev.husk.it.scenarios.MemoryHelp.fill;
import static dev.husk.it.scenarios.MemoryHelp.free;
import static dev.husk.it.scenarios.MemoryHelp.holds;
import static dev.husk.it.scenarios.MemoryHelp.inTurn;
import static dev.husk.it.scenarios.MemoryHelp.settled;
import static dev.husk.it.scenarios.MemoryHelp.size;
import static dev.husk.it.scenarios.MemoryHelp.sizes;
import static dev.husk.it.scenarios.MemoryHelp.zeroed;

import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.MemoryHelp.Blocks;
import dev.husk.it.scenarios.MemoryHelp.Pool;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Direct buffers that go from thread to thread, and such of threads and moments that are special.
 *
 * <p>Run with {@code -XX:MaxDirectMemorySize=256m}.
 */
final class DirectThreadCases {
  private DirectThreadCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(DirectThreadCases.class, args);
  }

  /** Allocates, writes, reads, frees: what any thread may do at any time. */
  private static Object used() {
    List<ByteBuffer> all = new ArrayList<>();
    Blocks blocks = new Blocks();
    boolean good = true;
    for (int size : sizes(70_000, 1)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(size);
      good &= zeroed(buffer);
      blocks.add(MemoryHelp.address(buffer), size);
      all.add(fill(buffer, size));
    }
    good &= blocks.apart() && all.stream().allMatch(buffer -> holds(buffer, buffer.capacity()));
    free(all);
    return good;
  }

  // From thread to thread

  /** What the sender filled is what the receiver finds, and frees. */
  private static Object passed(Kind from, Kind to, BlockingQueue<ByteBuffer> queue) {
    Meanwhile sender =
        from.begin(
            kind -> {
              Random random = new Random(7);
              for (int i = 0; i < 400; i++) {
                queue.put(direct(size(random, i % 100 == 0 ? 300_000 : 10_000), i));
              }
              return "sent";
            });
    Meanwhile receiver =
        to.begin(
            kind -> {
              int good = 0;
              for (int i = 0; i < 400; i++) {
                ByteBuffer buffer = queue.take();
                good += holds(buffer, i) ? 1 : 0;
                free(buffer);
              }
              return good;
            });
    return sender.end() + " " + receiver.end();
  }

  @Case
  static Object freedElsewhere() {
    StringBuilder all = new StringBuilder();
    for (Kind from : Kind.values()) {
      for (Kind to : Kind.values()) {
        Pool before = Pool.now();
        Object one = passed(from, to, new ArrayBlockingQueue<>(50));
        Object two = passed(from, to, new SynchronousQueue<>());
        all.append("\n  ").append(from).append(" to ").append(to).append(": ");
        all.append(one).append(' ').append(two).append(' ').append(before.moved());
      }
    }
    return all;
  }

  /** Each takes what any other left in one of a few places, and leaves something there. */
  @Case
  static Object exchanged() {
    Pool before = Pool.now();
    List<BlockingQueue<ByteBuffer>> places = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      places.add(new ArrayBlockingQueue<>(200));
    }
    Object seen =
        crowd(
            number ->
                kind -> {
                  Random random = new Random(number);
                  int lost = 0;
                  for (int i = 0; i < 3_000; i++) {
                    var place = places.get(random.nextInt(places.size()));
                    ByteBuffer buffer = place.poll();
                    if (buffer != null) {
                      lost += holds(buffer, buffer.limit()) ? 0 : 1;
                      free(buffer);
                    }
                    int size = size(random, i % 300 == 0 ? 500_000 : 20_000);
                    if (random.nextInt(5) > 0) {
                      place.put(direct(size, size));
                    }
                  }
                  return lost;
                });
    long left = 0;
    for (var place : places) {
      for (ByteBuffer buffer; (buffer = place.poll()) != null; free(buffer)) {
        left += holds(buffer, buffer.limit()) ? 0 : 1;
      }
    }
    return seen + " " + left + " " + before.moved();
  }

  @Case
  static Object freedAtOnce() throws InterruptedException {
    Pool before = Pool.now();
    List<ByteBuffer> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      all.add(ByteBuffer.allocateDirect(4096));
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<ByteBuffer> part = all.subList(20 * i, 20 * i + 20);
      threads.add(Kind.values()[i % 3].go(() -> free(part)));
    }
    Object seen = used();
    return seen + ended(threads.toArray(new Thread[0])) + before.moved();
  }

  @Case
  static Object afterTheEndOfTheirThread() {
    Pool before = Pool.now();
    List<ByteBuffer> all = new CopyOnWriteArrayList<>();
    String seen =
        inTurn(
            k -> {
              for (int i = 0; i < 20; i++) {
                Thread thread = k.go(() -> all.add(direct(5_000 + all.size(), all.size())));
                thread.join();
              }
              return all.size();
            });
    System.gc();
    int good = 0;
    for (int i = 0; i < all.size(); i++) {
      good += holds(all.get(i), i) ? 1 : 0;
    }
    free(all);
    return good + " " + before.moved() + used() + seen;
  }

  /** Threads that come, allocate and go, with all left for the collector. */
  @Case
  static Object manyShortThreads() {
    Pool before = Pool.now();
    String seen =
        Kind.each(
            kind -> {
              for (int i = 0; i < 100; i++) {
                Thread thread = kind.go(() -> fill(ByteBuffer.allocateDirect(20_000), 3));
                thread.join();
              }
              return "done";
            });
    return before.comesBack() + seen;
  }

  /** A virtual thread allocates on one carrier and frees on another. */
  @Case
  static Object onManyCarriers() throws InterruptedException {
    Pool before = Pool.now();
    List<Object> wrong = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int seed = i;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int j = 1; j < 10; j++) {
                  ByteBuffer buffer = direct(seed * j, j);
                  Help.pause(1);
                  if (!holds(buffer, j)) {
                    wrong.add(seed);
                  }
                  Thread.yield();
                  free(buffer);
                }
              }));
    }
    return ended(threads.toArray(new Thread[0])) + wrong + before.moved();
  }

  // Special threads and moments

  /** Its initializer is run by whoever is first. */
  private static final class Holder {
    static final ByteBuffer BUFFER = direct(12_345, 6);
    static final Object USED = used();
  }

  @Case
  static Object inClassInitializer() {
    Object seen = crowd(number -> kind -> Holder.USED + " " + holds(Holder.BUFFER, 6));
    return seen + thrown(() -> free(Holder.BUFFER));
  }

  @Case
  static Object inCleanerAction() {
    Pool before = Pool.now();
    List<Object> seen = new CopyOnWriteArrayList<>();
    Cleaner cleaner = Cleaner.create();
    for (int i = 0; i < 3; i++) {
      cleaner.register(new Object(), () -> seen.add(used()));
    }
    return collects(() -> seen.size() == 3) + " " + seen + before.moved();
  }

  /** What it prints belongs to the exit. */
  @Case
  static Object inShutdownHook() {
    ByteBuffer kept = direct(1000, 1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  Pool before = Pool.now();
                  ByteBuffer left = direct(3_000_000, 2);
                  System.out.println(used() + " " + holds(kept, 1) + before.moved());
                  System.out.println(holds(left, 2) + thrown(() -> free(kept)));
                }));
    return "added";
  }

  @Case
  static Object inPools() throws Exception {
    List<Object> seen = new ArrayList<>();
    seen.add(CompletableFuture.supplyAsync(DirectThreadCases::used).get());
    seen.add(ForkJoinPool.commonPool().submit(DirectThreadCases::used).get());
    for (ExecutorService pool :
        List.of(Executors.newFixedThreadPool(3), Executors.newVirtualThreadPerTaskExecutor())) {
      List<CompletableFuture<Object>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(CompletableFuture.supplyAsync(DirectThreadCases::used, pool));
      }
      seen.add(all.stream().map(CompletableFuture::join).distinct().toList());
      pool.shutdown();
      seen.add(pool.awaitTermination(5, TimeUnit.SECONDS));
    }
    return seen;
  }

  @Case
  static Object inHandlers() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException();
            });
    thread.setUncaughtExceptionHandler((t, e) -> seen.add(used()));
    thread.start();
    thread.join();
    sun.misc.Signal.handle(new sun.misc.Signal("USR2"), signal -> seen.add(used()));
    sun.misc.Signal.raise(new sun.misc.Signal("USR2"));
    return Help.until(() -> seen.size() == 2) + " " + seen;
  }

  @Case
  static Object inMonitor() {
    Object lock = new Object();
    return Kind.each(
        kind -> {
          synchronized (lock) {
            return used();
          }
        });
  }

  @Case
  static Object withLittleStack() throws InterruptedException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread thread = new Thread(null, () -> seen.add(used()), "small", 1);
    thread.start();
    return ended(thread) + seen;
  }

  @Case
  static Object interruptedStaysSo() {
    return Kind.each(
        kind -> {
          Thread.currentThread().interrupt();
          Object seen = used();
          return seen + " " + Thread.interrupted();
        });
  }

  private static final class Deep {
    int most;

    /** Keeps something at each level, until there is no more stack. */
    void down(int level) {
      most = level;
      ByteBuffer buffer = ByteBuffer.allocateDirect(level % 100);
      down(level + 1);
      buffer.put(0, (byte) 1);
    }
  }

  /** Wherever a thread runs out of stack, in the allocator too, others and itself go on. */
  @Case
  static Object outOfStack() {
    Object seen =
        Kind.each(
            kind -> {
              int overflows = 0;
              for (int i = 0; i < 5; i++) {
                try {
                  new Deep().down(0);
                } catch (StackOverflowError e) {
                  overflows++;
                }
              }
              return overflows + " " + used();
            });
    return settled() + " " + seen;
  }
}
