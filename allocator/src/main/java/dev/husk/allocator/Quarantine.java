package dev.husk.allocator;

import java.util.ArrayDeque;

/**
 * Blocks that were freed in the safety mode and aren't used again yet: the last ones, up to {@link
 * #BYTES}.
 */
final class Quarantine {
  private static final long BYTES = 16 << 20;
  private static final int BLOCKS = 1 << 16;

  private static final Object LOCK = new Object();
  private static final ArrayDeque<Quarantine> QUEUE = new ArrayDeque<>();
  private static long held;

  private final long address;
  private final Watch watch;

  private Quarantine(long address, Watch watch) {
    this.address = address;
    this.watch = watch;
  }

  /** Takes a block in, and lets the first ones go where there are too many. */
  static void add(long address, Watch watch) {
    Quarantine last = new Quarantine(address, watch);
    synchronized (LOCK) {
      QUEUE.addLast(last);
      held += watch.bytes;
    }
    shrinkTo(BYTES, BLOCKS);
  }

  /** Lets all go: what they tell is told now. */
  static void empty() {
    shrinkTo(0, 0);
  }

  private static void shrinkTo(long bytes, int blocks) {
    for (; ; ) {
      Quarantine first;
      synchronized (LOCK) {
        if (held <= bytes && QUEUE.size() <= blocks) {
          return;
        }
        first = QUEUE.removeFirst();
        held -= first.watch.bytes;
      }
      Checks.leave(first.address, first.watch);
    }
  }
}
