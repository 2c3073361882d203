package dev.husk.it.scenarios;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.management.ObjectName;

/**
 * Threads that hand work to each other in short runs, while somebody takes the processors away from
 * all of them now and then. Says how many cores were taken from their carriers meanwhile.
 */
public final class StoppedProgram {
  private static final int RINGS = 4;
  private static final int THREADS = 3;
  private static final long WORK = 30_000;
  private static final long WARM_UP = 2_000;
  private static final long STEADY = 3_000;

  private StoppedProgram() {}

  /** Prints {@code steady}, and {@code handed off <n>} in the end. */
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < RINGS; i++) {
      ring();
    }
    Thread.sleep(WARM_UP);
    long before = handOffs();
    System.out.println("steady");
    Thread.sleep(STEADY);
    System.out.println("handed off " + (handOffs() - before));
    System.exit(0);
  }

  private static long handOffs() throws Exception {
    ObjectName name = new ObjectName("dev.husk:type=Threads");
    return ((Number) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "HandOffs"))
        .longValue();
  }

  private static void ring() {
    BlockingQueue<Integer> first = new ArrayBlockingQueue<>(4);
    BlockingQueue<Integer> from = first;
    for (int i = 0; i < THREADS; i++) {
      BlockingQueue<Integer> in = from;
      BlockingQueue<Integer> out = i == THREADS - 1 ? first : new ArrayBlockingQueue<>(4);
      Thread thread = new Thread(() -> pass(in, out));
      thread.setDaemon(true);
      thread.start();
      from = out;
    }
    first.add(0);
  }

  private static void pass(BlockingQueue<Integer> from, BlockingQueue<Integer> to) {
    try {
      while (true) {
        int token = from.take();
        long start = System.nanoTime();
        while (System.nanoTime() - start < WORK) {
          Thread.onSpinWait();
        }
        to.put(token + 1);
      }
    } catch (InterruptedException e) {
      // The end.
    }
  }
}
