package dev.husk.allocator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Frees of what isn't in use. The C library would end the process, or worse; here the block stays
 * as it is, and the first one is told.
 */
final class Misuse {
  private static final AtomicLong COUNT = new AtomicLong();

  private Misuse() {}

  /** An address that was freed and can't be. Any thread. */
  static void freed(long address) {
    if (COUNT.getAndIncrement() == 0) {
      System.err.println(
          "husk: off-heap memory at 0x"
              + Long.toHexString(address)
              + " was freed that isn't in use (freed twice?); it stays as it is");
    }
  }

  /** How many there were. */
  static long count() {
    return COUNT.get();
  }
}
