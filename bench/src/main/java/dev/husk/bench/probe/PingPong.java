package dev.husk.bench.probe;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that wake each other in turn: {@code ping} hands the turn over and blocks until it
 * comes back. By {@link LockSupport} or by {@code wait} and {@code notify}.
 *
 * <p>As a program, with {@code by=park|notify}, {@code place=free|apart} (each of the two platform
 * threads bound to a core of its own): prints {@code ns}, the mean round trip without any clock
 * reading in between, and its percentiles from a second pass that reads the clock.
 */
public final class PingPong {
  private static final int PING = 0;
  private static final int PONG = 1;
  private static final int OVER = 2;
  private static final int BLOCK = 64;

  private final boolean byNotify;
  private final ThreadFactory threads;
  private final Object lock = new Object();
  private volatile int turn;
  private volatile @Nullable Thread ping;
  private volatile @Nullable Thread pong;
  private long rounds;
  private long elapsed;

  /** A pair that is not running yet. */
  public PingPong(ThreadFactory threads, boolean byNotify) {
    this.threads = threads;
    this.byNotify = byNotify;
  }

  /** See the class comment. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    boolean byNotify = probe.text("by", "park").equals("notify");
    boolean apart = probe.text("place", "free").equals("apart");
    PingPong pair = new PingPong(probe.threads(), byNotify);
    pair.run(probe.warmUpNanos(), Long.MAX_VALUE, null, apart);
    pair.run(probe.measureNanos(), Long.MAX_VALUE, null, apart);
    Metrics.print("ns", (double) pair.elapsed / pair.rounds);
    Histogram histogram = Metrics.histogram();
    pair.run(probe.measureNanos() / 2, Long.MAX_VALUE, histogram, apart);
    Metrics.print(histogram, 1);
  }

  /**
   * Plays until the time or the number of round trips is up, in two new threads.
   *
   * @param histogram gets each round trip's ns, null to measure without it
   */
  public void run(long nanos, long maxRounds, @Nullable Histogram histogram, boolean apart)
      throws Exception {
    turn = PING;
    rounds = 0;
    Thread first = threads.newThread(() -> ping(nanos, maxRounds, histogram));
    Thread second = threads.newThread(byNotify ? this::pongByNotify : this::pongByPark);
    first.setName("ping");
    second.setName("pong");
    ping = first;
    pong = second;
    second.start();
    first.start();
    if (apart) {
      Threads.pin("ping", 0);
      Threads.pin("pong", 1);
    }
    first.join();
    second.join();
  }

  private void ping(long nanos, long maxRounds, @Nullable Histogram histogram) {
    Thread other = pong;
    long start = System.nanoTime();
    long now = start;
    while (now - start < nanos && rounds < maxRounds) {
      for (int i = 0; i < BLOCK; i++) {
        long before = histogram == null ? 0 : System.nanoTime();
        if (byNotify) {
          pingByNotify();
        } else {
          turn = PONG;
          LockSupport.unpark(other);
          while (turn != PING) {
            LockSupport.park(this);
          }
        }
        if (histogram != null) {
          histogram.recordValue(System.nanoTime() - before);
        }
      }
      rounds += BLOCK;
      now = System.nanoTime();
    }
    elapsed = now - start;
    synchronized (lock) {
      turn = OVER;
      lock.notify();
    }
    LockSupport.unpark(other);
  }

  private void pongByPark() {
    Thread other = ping;
    while (true) {
      int now = turn;
      if (now == PONG) {
        turn = PING;
        LockSupport.unpark(other);
      } else if (now == OVER) {
        return;
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void pingByNotify() {
    try {
      synchronized (lock) {
        turn = PONG;
        lock.notify();
        while (turn != PING) {
          lock.wait();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pongByNotify() {
    try {
      synchronized (lock) {
        while (true) {
          int now = turn;
          if (now == PONG) {
            turn = PING;
            lock.notify();
          } else if (now == OVER) {
            return;
          } else {
            lock.wait();
          }
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
