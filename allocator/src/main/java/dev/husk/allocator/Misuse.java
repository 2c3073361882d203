package dev.husk.allocator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Mistakes of the program's in how it uses off-heap memory. The C library would end the process, or
 * worse; here blocks stay as they are, and the mistake is told on standard error: the first one,
 * and in the safety mode the first twenty, with traces.
 */
final class Misuse {
  private static final int TOLD = 20;
  private static final int FRAMES = 24;
  private static final AtomicLong COUNT = new AtomicLong();

  private Misuse() {}

  /** An address was freed that isn't in use, or isn't where a block begins. Any thread. */
  static void freed(long address) {
    if (COUNT.getAndIncrement() == 0) {
      System.err.println(
          "husk: off-heap memory at "
              + hex(address)
              + " was freed that isn't in use (freed twice?); it stays as it is;"
              + " memory=checked tells where");
    }
  }

  /** The same in the safety mode, of what was never given out or isn't a block's beginning. */
  static void notABlock(Tenant tenant, long address) {
    if (!counts()) {
      return;
    }
    Watch here = new Watch(0, 1);
    String what = "no block begins at " + hex(address) + ", which was freed";
    if (tenant instanceof Slab slab && slab.watchedAround(address) != null) {
      Watch around = slab.watchedAround(address);
      tell(
          what + ": it is within one of " + around.bytes + " bytes",
          "freed by",
          here,
          "the block was allocated by",
          around,
          null,
          null);
    } else {
      tell(what, "freed by", here, null, null, null, null);
    }
  }

  /** A block was freed once more. */
  static void freedTwice(long address, Watch watch, Watch again) {
    if (counts()) {
      tell(
          block(address, watch) + " was freed twice",
          "the second time by",
          again,
          "the first time by",
          watch.freed,
          "allocated by",
          watch);
    }
  }

  /** The guard behind a block isn't what it was. */
  static void writtenPastEnd(long address, long offset, Watch watch) {
    if (counts()) {
      tell(
          block(address, watch)
              + " was written past its end, first at byte "
              + (watch.bytes + offset)
              + " (or the one behind it before its beginning)",
          "found when it was freed by",
          watch.freed,
          "allocated by",
          watch,
          null,
          null);
    }
  }

  /** A block was written to after it was freed. */
  static void writtenAfterFree(long address, long offset, Watch watch) {
    if (counts()) {
      tell(
          block(address, watch) + " was written after it was freed, first at byte " + offset,
          "freed by",
          watch.freed,
          "allocated by",
          watch,
          null,
          null);
    }
  }

  private static boolean counts() {
    return COUNT.getAndIncrement() < TOLD;
  }

  private static void tell(
      String what, String one, Watch first, String two, Watch second, String three, Watch third) {
    StringBuilder out = new StringBuilder();
    out.append("husk: off-heap memory: ").append(what).append('\n');
    append(out, one, first);
    append(out, two, second);
    append(out, three, third);
    System.err.print(out);
  }

  private static void append(StringBuilder out, String what, Watch watch) {
    if (watch != null) {
      out.append(" ").append(what).append(" thread ").append(watch.thread).append('\n');
      out.append(watch.trace(FRAMES));
    }
  }

  private static String block(long address, Watch watch) {
    return "the block of " + watch.bytes + " bytes at " + hex(address);
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  /** How many there were. */
  static long count() {
    return COUNT.get();
  }
}
