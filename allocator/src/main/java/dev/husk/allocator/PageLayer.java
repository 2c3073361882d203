package dev.husk.allocator;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Page runs for all heaps: kept in a lock-free pool for each length, and cut from regions that grow
 * with the process.
 *
 * <p>Runs come and go at the front of their pool, so that those that nobody needs gather at its
 * back. From there {@link #discardUnused} gives their memory back; they keep their place in the
 * address space. Nothing is merged: what a pool holds can only ever be needed again in that length,
 * and costs address space and no memory meanwhile.
 */
final class PageLayer {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long REGION;

  static {
    try {
      REGION = U.staticFieldOffset(PageLayer.class.getDeclaredField("region"));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * The first region: too small for a transparent huge page, which a small process has no use for.
   */
  private static final long FIRST_REGION = 1 << 20;

  private static final long LAST_REGION = 32 << 20;

  private static final Pool[] POOLS = pools();

  /** Where runs are cut from. */
  private static volatile Region region = new Region(0, 0);

  /** Bytes that pools hold and the kernel has not got back. */
  private static final AtomicLong RETAINED = new AtomicLong();

  /** Bytes mapped, and bytes given back so far. */
  private static final AtomicLong MAPPED = new AtomicLong();

  private static final AtomicLong DISCARDED = new AtomicLong();

  private PageLayer() {}

  /** The free runs of one length. */
  private static final class Pool {
    /** Those with memory, the last freed first. */
    final ConcurrentLinkedDeque<PageRun> warm = new ConcurrentLinkedDeque<>();

    /** Those that the kernel has got back, or that were never used. */
    final ConcurrentLinkedQueue<PageRun> cold = new ConcurrentLinkedQueue<>();

    @Nullable PageRun get() {
      PageRun run = warm.pollFirst();
      if (run == null) {
        return cold.poll();
      }
      RETAINED.addAndGet(-run.dirty);
      return run;
    }

    void put(PageRun run) {
      if (run.dirty == 0) {
        cold.add(run);
        return;
      }
      // Its memory counts before anyone can get it.
      RETAINED.addAndGet(run.dirty);
      warm.addFirst(run);
    }
  }

  private static Pool[] pools() {
    Pool[] pools = new Pool[RunClasses.COUNT];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool();
    }
    return pools;
  }

  /** A mapping from which runs are cut, from its base on. */
  private static final class Region {
    private static final long CUT = U.objectFieldOffset(Region.class, "cut");

    final long base;
    final long bytes;

    /** What is cut. */
    private volatile long cut;

    Region(long base, long bytes) {
      this.base = base;
      this.bytes = bytes;
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
  }

  /**
   * Gets a run of at least so many bytes. Any thread.
   *
   * @return null when the kernel has no memory left
   */
  static @Nullable PageRun get(long bytes) {
    long pages = (bytes + PageRun.PAGE - 1) >>> PageRun.PAGE_BITS;
    if (pages > RunClasses.MAX_PAGES) {
      return map(pages << PageRun.PAGE_BITS);
    }
    int runClass = RunClasses.of((int) pages);
    PageRun run = POOLS[runClass].get();
    if (run != null) {
      return run;
    }
    return cut((long) RunClasses.pages(runClass) << PageRun.PAGE_BITS);
  }

  /** The same, but only one that is there already. */
  static @Nullable PageRun getFree(long bytes) {
    return POOLS[RunClasses.of((int) (bytes >>> PageRun.PAGE_BITS))].get();
  }

  /**
   * Takes a run back.
   *
   * @param now {@link System#nanoTime()}
   */
  static void put(PageRun run, long now) {
    long pages = run.bytes >>> PageRun.PAGE_BITS;
    if (pages > RunClasses.MAX_PAGES) {
      Kernel.unmap(run.base, run.bytes);
      MAPPED.addAndGet(-run.bytes);
      return;
    }
    run.freedAt = now;
    POOLS[RunClasses.of((int) pages)].put(run);
  }

  /** Whether a run stays in the process when it is put back. */
  static boolean keeps(PageRun run) {
    return run.bytes >>> PageRun.PAGE_BITS <= RunClasses.MAX_PAGES;
  }

  private static @Nullable PageRun map(long bytes) {
    long base = Kernel.map(bytes);
    if (base == 0) {
      return null;
    }
    PageRun run = new PageRun(base, bytes);
    if (!PageMap.reaches(run)) {
      Kernel.unmap(base, bytes);
      return null;
    }
    long total = MAPPED.addAndGet(bytes);
    MemoryObserver observer = HuskMemory.observer();
    if (observer != null) {
      observer.mapped(bytes, total);
    }
    return run;
  }

  private static @Nullable PageRun cut(long bytes) {
    for (; ; ) {
      Region now = region;
      long base = now.cut(bytes);
      if (base != 0) {
        return new PageRun(base, bytes);
      }
      long size = Math.max(Math.clamp(now.bytes * 2, FIRST_REGION, LAST_REGION), bytes);
      PageRun mapping = map(size);
      if (mapping == null) {
        return size > bytes ? map(bytes) : null;
      }
      if (!U.compareAndSetReference(
          PageLayer.class, REGION, now, new Region(mapping.base, mapping.bytes))) {
        // Another thread was faster.
        Kernel.unmap(mapping.base, mapping.bytes);
        MAPPED.addAndGet(-mapping.bytes);
      } else {
        keepRest(now);
      }
    }
  }

  /**
   * What a region that is given up had left goes to the pools; whoever still cuts gets his part.
   */
  private static void keepRest(Region old) {
    for (int pages = RunClasses.MAX_PAGES; pages > 0; pages >>= 1) {
      long bytes = (long) pages << PageRun.PAGE_BITS;
      for (long base = old.cut(bytes); base != 0; base = old.cut(bytes)) {
        POOLS[RunClasses.of(pages)].put(new PageRun(base, bytes));
      }
    }
  }

  /**
   * Gives the memory of those runs back that were freed at a time or before it. Any thread.
   *
   * @param time {@link System#nanoTime()}
   * @return in how many nanoseconds from that time the next of those that stay was freed, or {@link
   *     Long#MAX_VALUE}
   */
  static long discardUnused(long time) {
    long next = Long.MAX_VALUE;
    for (Pool pool : POOLS) {
      for (PageRun run = pool.warm.pollLast(); run != null; run = pool.warm.pollLast()) {
        if (run.freedAt - time > 0) {
          next = Math.min(next, run.freedAt - time);
          pool.warm.addLast(run);
          break;
        }
        Kernel.discard(run.base, run.dirty);
        RETAINED.addAndGet(-run.dirty);
        DISCARDED.addAndGet(run.dirty);
        run.dirty = 0;
        pool.cold.add(run);
      }
    }
    return next;
  }

  /** Bytes that were mapped and not unmapped. */
  static long mapped() {
    return MAPPED.get();
  }

  /** Bytes that the kernel got back, in all. */
  static long discarded() {
    return DISCARDED.get();
  }

  /** Counts what somebody else has given back. */
  static void countDiscarded(long bytes) {
    if (bytes != 0) {
      DISCARDED.addAndGet(bytes);
    }
  }

  /** Bytes that the pools hold and the kernel has not got back. */
  static long retained() {
    return RETAINED.get();
  }
}
