package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** A mapping, from which page runs are cut from its base on. Any thread. */
final class Region {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long CUT = U.objectFieldOffset(Region.class, "cut");
  private static final long HOLES = U.objectFieldOffset(Region.class, "holes");

  /** What it is made of. */
  enum Kind {
    /** Normal pages. */
    SMALL,
    /** Aligned for transparent huge pages, and big enough for them to pay. */
    ALIGNED,
    /** Huge pages of the pool: they can't be given back, see {@link HugePages}. */
    POOLED
  }

  final long base;
  final long bytes;
  final Kind kind;

  /** The next one in the page layer's list. */
  @Nullable Region next;

  /** What is cut. */
  private volatile long cut;

  /** Bytes that were in use and that the kernel has got back. */
  private volatile long holes;

  Region(long base, long bytes, Kind kind) {
    this.base = base;
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The address of a new run, or 0 where the region has no room for it. */
  long cut(long wanted) {
    for (; ; ) {
      long from = cut;
      if (bytes - from < wanted) {
        return 0;
      }
      if (U.compareAndSetLong(this, CUT, from, from + wanted)) {
        return base + from;
      }
    }
  }

  /** Tells the kernel which pages it is to use; nothing where it does so by itself. */
  void advise() {
    int advice = HugePages.advice();
    if (advice == 0 || kind == Kind.POOLED || !MemoryCalls.isReady()) {
      return;
    }
    boolean wanted =
        advice == MemoryCalls.HUGE ? kind == Kind.ALIGNED && holes == 0 : bytes >= HugePages.BYTES;
    if (wanted) {
      MemoryCalls.advise(base, bytes, advice);
    }
  }

  /**
   * Some of it was given back, or is about to be. As long as there are holes the region gets no new
   * huge pages: the kernel's khugepaged makes one wherever a single small page is in use ({@code
   * max_ptes_none}), so that what was given back would come again by itself, minutes later. The
   * advice is for the whole region, since the kernel has a limit for the pieces that a mapping may
   * be split into.
   */
  void addHole(long bytes) {
    if (U.getAndAddLong(this, HOLES, bytes) == 0 && isAdvisedHuge()) {
      MemoryCalls.advise(base, this.bytes, MemoryCalls.NO_HUGE);
    }
  }

  /** What was given back comes into use again. */
  void fillHole(long bytes) {
    // A hole that comes in between may be met with the wrong advice, until the next one goes.
    if (U.getAndAddLong(this, HOLES, -bytes) == bytes && isAdvisedHuge()) {
      MemoryCalls.advise(base, this.bytes, MemoryCalls.HUGE);
    }
  }

  private boolean isAdvisedHuge() {
    return kind == Kind.ALIGNED && HugePages.advice() == MemoryCalls.HUGE && MemoryCalls.isReady();
  }
}
