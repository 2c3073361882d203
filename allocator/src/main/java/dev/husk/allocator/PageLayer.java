package dev.husk.allocator;

import dev.husk.runtime.config.Options.Pages;
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
  private static final long REGION = field("region");
  private static final long REGIONS = field("regions");

  /**
   * The first region: too small for a transparent huge page, which a small process has no use for.
   */
  private static final long FIRST_REGION = 1 << 20;

  /** Regions double until here. These, and large blocks like them, get huge pages. */
  static final long LAST_REGION = 32 << 20;

  /** So much must be free for a look at how near the limit of memory is: less wouldn't help. */
  private static final long WORTH_GIVING = 1 << 20;

  /** There's a look after each 16 MB that the kernel has to find pages for. */
  private static final int LOOK_BITS = 24;

  private static final Pool[] POOLS = pools();

  /** Where runs are cut from. */
  private static volatile Region region = new Region(0, 0, Region.Kind.SMALL);

  /** A stack of all regions that runs are or were cut from; they stay. */
  private static volatile @Nullable Region regions;

  /** Bytes that pools hold and the kernel has not got back. */
  private static final AtomicLong RETAINED = new AtomicLong();

  /** Bytes mapped, and bytes given back so far. */
  private static final AtomicLong MAPPED = new AtomicLong();

  private static final AtomicLong DISCARDED = new AtomicLong();

  /** Bytes that came into use without memory behind them, in all. */
  private static final AtomicLong FRESH = new AtomicLong();

  /** How often all was given back because the limit was near. */
  private static final AtomicLong NEAR_LIMIT = new AtomicLong();

  private PageLayer() {}

  private static long field(String name) {
    try {
      return U.staticFieldOffset(PageLayer.class.getDeclaredField(name));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The free runs of one length. */
  private static final class Pool {
    /** Those with memory, the last freed first. */
    final ConcurrentLinkedDeque<PageRun> warm = new ConcurrentLinkedDeque<>();

    /** Those that the kernel has got back or doesn't take, or that were never used. */
    final ConcurrentLinkedQueue<PageRun> cold = new ConcurrentLinkedQueue<>();

    @Nullable PageRun get() {
      PageRun run = warm.pollFirst();
      if (run != null) {
        RETAINED.addAndGet(-run.dirty);
      } else {
        run = cold.poll();
        if (run != null) {
          countFresh(run.bytes - run.dirty);
        }
      }
      if (run != null && run.hole != 0) {
        fillHole(run);
      }
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

  /**
   * Gets a run of at least so many bytes. Any thread.
   *
   * @return null when the kernel has no memory left
   */
  static @Nullable PageRun get(long bytes) {
    long pages = (bytes + PageRun.PAGE - 1) >>> PageRun.PAGE_BITS;
    if (pages > RunClasses.MAX_PAGES) {
      makeRoom(bytes);
      Region mapping = map(pages << PageRun.PAGE_BITS, LAST_REGION);
      if (mapping == null) {
        return null;
      }
      mapping.advise();
      return new PageRun(mapping.base, mapping.bytes, mapping);
    }
    int runClass = RunClasses.of((int) pages);
    PageRun run = POOLS[runClass].get();
    if (run != null) {
      return run;
    }
    long length = (long) RunClasses.pages(runClass) << PageRun.PAGE_BITS;
    countFresh(length);
    return cut(length);
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
    if (pages > RunClasses.MAX_PAGES && run.region != null) {
      unmap(run.region);
      return;
    }
    run.freedAt = now;
    POOLS[RunClasses.of((int) pages)].put(run);
  }

  /** Whether a run stays in the process when it is put back. */
  static boolean keeps(PageRun run) {
    return run.bytes >>> PageRun.PAGE_BITS <= RunClasses.MAX_PAGES;
  }

  /**
   * Maps memory.
   *
   * @param hugeFrom from how many bytes on it may be made of huge pages
   * @return null when the kernel has none; more than was asked for, where its pages are larger
   */
  private static @Nullable Region map(long bytes, long hugeFrom) {
    boolean huge = bytes >= hugeFrom && HuskMemory.pages() != Pages.SMALL;
    Region made = huge ? mapPooled((bytes + HugePages.BYTES - 1) & -HugePages.BYTES) : null;
    if (made == null) {
      long base = Kernel.map(bytes, huge ? HugePages.BYTES : PageRun.PAGE);
      if (base == 0) {
        return null;
      }
      made = new Region(base, bytes, huge ? Region.Kind.ALIGNED : Region.Kind.SMALL);
    }
    long mapped = MAPPED.addAndGet(made.bytes);
    if (!PageMap.reaches(new PageRun(made.base, made.bytes))) {
      unmap(made);
      return null;
    }
    MemoryObserver observer = HuskMemory.observer();
    if (observer != null) {
      observer.mapped(made.bytes, mapped);
    }
    if ((!HugePages.hasLooked() && (huge || mapped >= LAST_REGION))
        || (!Pressure.isAsked() && mapped >= Pressure.FROM)) {
      Reclaimer.noteGrowth();
    }
    return made;
  }

  private static @Nullable Region mapPooled(long bytes) {
    long base = HugePages.map(bytes);
    return base == 0 ? null : new Region(base, bytes, Region.Kind.POOLED);
  }

  private static void unmap(Region region) {
    if (region.kind == Region.Kind.POOLED) {
      HugePages.unmap(region.base, region.bytes);
    } else {
      Kernel.unmap(region.base, region.bytes);
    }
    MAPPED.addAndGet(-region.bytes);
  }

  /**
   * Pages that others leave free may be the process's last ones: pools don't share. So not only a
   * new mapping is a reason to look, but each use of pages that the kernel has yet to find.
   */
  private static void countFresh(long bytes) {
    long before = FRESH.getAndAdd(bytes);
    if (before >>> LOOK_BITS != (before + bytes) >>> LOOK_BITS) {
      makeRoom(1L << LOOK_BITS);
    }
  }

  /** Before more is used: gives back what is free, if the limit of memory is near. */
  private static void makeRoom(long bytes) {
    if (RETAINED.get() >= WORTH_GIVING && Cgroup.own().isNear(bytes)) {
      NEAR_LIMIT.getAndIncrement();
      discardUnused(System.nanoTime());
      // That leaves what idle heaps have.
      Reclaimer.hurry();
    }
  }

  private static @Nullable PageRun cut(long bytes) {
    for (; ; ) {
      Region now = region;
      long base = now.cut(bytes);
      if (base != 0) {
        return new PageRun(base, bytes, now);
      }
      boolean allHuge = HuskMemory.pages() == Pages.HUGE;
      long first = allHuge ? HugePages.BYTES : FIRST_REGION;
      long size = Math.max(Math.clamp(now.bytes * 2, first, LAST_REGION), bytes);
      Region made = map(size, allHuge ? HugePages.BYTES : LAST_REGION);
      if (made == null && size > bytes) {
        made = map(bytes, Long.MAX_VALUE);
      }
      if (made == null) {
        return null;
      }
      if (!U.compareAndSetReference(PageLayer.class, REGION, now, made)) {
        // Another thread was faster.
        unmap(made);
        continue;
      }
      enter(made);
      made.advise();
      keepRest(now);
    }
  }

  private static void enter(Region made) {
    Region first;
    do {
      first = regions;
      made.next = first;
    } while (!U.compareAndSetReference(PageLayer.class, REGIONS, first, made));
  }

  /** Advice can be given from now on: does it for the regions that there are. Any thread. */
  static void adviseAll() {
    for (Region each = regions; each != null; each = each.next) {
      each.advise();
    }
  }

  /**
   * What a region that is given up had left goes to the pools; whoever still cuts gets his part.
   */
  private static void keepRest(Region old) {
    for (int pages = RunClasses.MAX_PAGES; pages > 0; pages >>= 1) {
      long bytes = (long) pages << PageRun.PAGE_BITS;
      for (long base = old.cut(bytes); base != 0; base = old.cut(bytes)) {
        POOLS[RunClasses.of(pages)].put(new PageRun(base, bytes, old));
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
        RETAINED.addAndGet(-run.dirty);
        if (discard(run, 0, run.resident(run.dirty))) {
          run.dirty = 0;
        }
        pool.cold.add(run);
      }
    }
    return next;
  }

  /**
   * Gives the memory of a part of a run back; it reads as zero then. The run's owner.
   *
   * @param offset of the part, bytes; a multiple of the kernel's page size
   * @param bytes of it; to the end of the kernel's page
   * @return false when it can't be, and is as it was
   */
  static boolean discard(PageRun run, long offset, long bytes) {
    Region region = run.region;
    if (region == null || region.kind == Region.Kind.POOLED) {
      return false;
    }
    region.addHole(bytes);
    if (!Kernel.discard(run.base + offset, bytes)) {
      region.fillHole(bytes);
      return false;
    }
    run.hole += bytes;
    DISCARDED.addAndGet(bytes);
    return true;
  }

  private static void fillHole(PageRun run) {
    Region region = run.region;
    if (region != null) {
      region.fillHole(run.hole);
    }
    run.hole = 0;
  }

  /** Bytes that were mapped and not unmapped. */
  static long mapped() {
    return MAPPED.get();
  }

  /** Bytes that the kernel got back, in all. */
  static long discarded() {
    return DISCARDED.get();
  }

  /** Bytes that the pools hold and the kernel has not got back. */
  static long retained() {
    return RETAINED.get();
  }

  /** How often all was given back because the limit of memory was near. */
  static long nearLimit() {
    return NEAR_LIMIT.get();
  }
}
