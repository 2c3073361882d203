package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one carrier, or of another thread.
 *
 * <p>All but {@link #bringBack} and {@link #noteSpare} is called by the one thread that holds the
 * heap, see {@link Tenure}. Each size class has a slab that blocks are taken from, and a list of
 * others that have free blocks, too; full ones are in no list.
 */
final class Heap {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long RETURNED = U.objectFieldOffset(Heap.class, "returned");

  /** Empty runs of the commonest length that are kept at hand; half of them move at a time. */
  private static final int KEPT = 8;

  /** Added to the address of a block that is zero: those are multiples of 16. */
  static final int ZERO = 1;

  /** What its holder has booked of the process's direct memory. */
  final Account account = new Account();

  private final Slab[] current = new Slab[SizeClasses.COUNT];
  private final Slab[] listed = new Slab[SizeClasses.COUNT];
  private final PageRun[] kept = new PageRun[KEPT];
  private int keptCount;

  /** A stack of full slabs that others have freed a block of: they push, the holder takes all. */
  private volatile @Nullable Slab returned;

  /** There may be something that {@link #trim} can give back. Opaque would do. */
  volatile boolean spare;

  /** Counts what changes the slabs that it has; read racily, as the next two are. */
  int changes;

  /** Blocks that came back from other threads. */
  long remoteFrees;

  /** Runs that moved between this heap and the page layer. */
  long pageMoves;

  /** Bytes that are allocated yet before the next block is watched; see {@link Sampling}. */
  private long untilWatch;

  private long random = System.nanoTime() | 1;

  Heap() {
    for (int i = 0; i < current.length; i++) {
      current[i] = Slab.NONE;
    }
    draw();
  }

  /**
   * Takes a block.
   *
   * @return its address; 0 when there is no memory
   */
  long take(int sizeClass) {
    Slab slab = current[sizeClass];
    int block = slab.take();
    if (block >= 0) {
      return slab.address(block);
    }
    slab = next(sizeClass);
    return slab == null ? 0 : slab.address(slab.take());
  }

  /**
   * The same, for a block that is to be zero.
   *
   * @return its address, and {@link #ZERO} if it is zero already; 0 when there is no memory
   */
  long takeZero(int sizeClass) {
    Slab slab = current[sizeClass];
    boolean zero = slab.isNextZero();
    int block = slab.take();
    if (block < 0) {
      slab = next(sizeClass);
      if (slab == null) {
        return 0;
      }
      zero = slab.isNextZero();
      block = slab.take();
    }
    return slab.address(block) + (zero ? ZERO : 0);
  }

  /** Counts an allocation; whether its block is to be watched. */
  boolean isWatched(long bytes) {
    untilWatch -= bytes;
    return untilWatch < 0 && draw();
  }

  private boolean draw() {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    untilWatch = Sampling.interval(random);
    return true;
  }

  /** Makes a slab with a free block the current one of a class; null when there is no memory. */
  private @Nullable Slab next(int sizeClass) {
    changes++;
    Slab slab = current[sizeClass];
    if (collect(slab)) {
      return slab;
    }
    takeReturned();
    while (slab != Slab.NONE && !slab.markFull()) {
      if (collect(slab)) {
        return slab;
      }
    }
    current[sizeClass] = Slab.NONE;
    slab = listed[sizeClass];
    if (slab != null) {
      unlist(slab);
      collect(slab);
    } else {
      slab = make(sizeClass);
      if (slab == null) {
        return null;
      }
    }
    current[sizeClass] = slab;
    return slab;
  }

  private boolean collect(Slab slab) {
    int blocks = slab.collect();
    remoteFrees += blocks;
    return blocks != 0;
  }

  private @Nullable Slab make(int sizeClass) {
    int bytes = SizeClasses.slabBytes(sizeClass);
    PageRun run = bytes == PageRun.PAGE ? keptRun() : PageLayer.get(bytes);
    if (run == null) {
      return null;
    }
    if (bytes != PageRun.PAGE) {
      pageMoves++;
    }
    Slab slab = new Slab(run, this, sizeClass);
    PageMap.set(run, slab);
    return slab;
  }

  private @Nullable PageRun keptRun() {
    if (keptCount == 0) {
      for (int i = 0; i < KEPT / 2; i++) {
        PageRun run = PageLayer.getFree(PageRun.PAGE);
        if (run == null) {
          break;
        }
        kept[keptCount++] = run;
        pageMoves++;
      }
      if (keptCount == 0) {
        pageMoves++;
        return PageLayer.get(PageRun.PAGE);
      }
    }
    PageRun run = kept[--keptCount];
    kept[keptCount] = null;
    return run;
  }

  /** Frees a block of one of this heap's slabs; false when it isn't in use. */
  boolean put(Slab slab, int block) {
    if (!slab.put(block)) {
      return false;
    }
    if (slab != current[slab.sizeClass]) {
      settle(slab);
    }
    return true;
  }

  /** After a block of a slab that isn't the current one was freed. */
  private void settle(Slab slab) {
    if (!slab.listed) {
      if (!slab.unmarkFull()) {
        // Somebody is bringing it: it isn't ours to list before it is on the stack.
        return;
      }
      list(slab);
      noteSpare();
    }
    if (slab.isEmpty()) {
      unlist(slab);
      release(slab);
    }
  }

  private void release(Slab slab) {
    changes++;
    PageRun run = slab.run;
    run.dirty = slab.dirty();
    PageMap.set(run, FreePages.INSTANCE);
    if (run.bytes != PageRun.PAGE) {
      pageMoves++;
      PageLayer.put(run, System.nanoTime());
      return;
    }
    if (keptCount == KEPT) {
      long now = System.nanoTime();
      while (keptCount > KEPT / 2) {
        pageMoves++;
        PageLayer.put(kept[--keptCount], now);
        kept[keptCount] = null;
      }
    }
    kept[keptCount++] = run;
    noteSpare();
  }

  private void list(Slab slab) {
    Slab first = listed[slab.sizeClass];
    slab.listed = true;
    slab.following = first;
    if (first != null) {
      first.previous = slab;
    }
    listed[slab.sizeClass] = slab;
  }

  private void unlist(Slab slab) {
    Slab previous = slab.previous;
    Slab following = slab.following;
    slab.listed = false;
    slab.previous = null;
    slab.following = null;
    if (previous == null) {
      listed[slab.sizeClass] = following;
    } else {
      previous.following = following;
    }
    if (following != null) {
      following.previous = previous;
    }
  }

  /** Puts a slab that was full onto the stack: the thread that has freed the first block; any. */
  void bringBack(Slab slab) {
    Slab first;
    do {
      first = returned;
      slab.nextReturned = first;
    } while (!U.compareAndSetReference(this, RETURNED, first, slab));
    noteSpare();
  }

  /** There is memory that the heap has no use for if its holder stays idle. Any thread. */
  void noteSpare() {
    if (!spare) {
      spare = true;
      Reclaimer.wake();
    }
  }

  /** Whether slabs wait that others have brought back. */
  boolean hasReturned() {
    return returned != null;
  }

  private void takeReturned() {
    if (returned == null) {
      return;
    }
    Slab slab = (Slab) U.getAndSetReference(this, RETURNED, null);
    while (slab != null) {
      Slab next = slab.nextReturned;
      slab.nextReturned = null;
      collect(slab);
      list(slab);
      if (slab.isEmpty()) {
        unlist(slab);
        release(slab);
      }
      slab = next;
    }
  }

  /**
   * Gives back what can be spared: empty slabs, those that others have emptied included, and pages
   * of others that no block in use touches.
   */
  void trim(long now) {
    spare = false;
    takeReturned();
    for (int i = 0; i < current.length; i++) {
      Slab slab = listed[i];
      while (slab != null) {
        Slab following = slab.following;
        collect(slab);
        if (slab.isEmpty()) {
          unlist(slab);
          release(slab);
        } else {
          slab.purge();
        }
        slab = following;
      }
      slab = current[i];
      collect(slab);
      if (slab != Slab.NONE && slab.isEmpty()) {
        current[i] = Slab.NONE;
        release(slab);
      } else {
        slab.purge();
      }
    }
    while (keptCount > 0) {
      pageMoves++;
      PageLayer.put(kept[--keptCount], now);
      kept[keptCount] = null;
    }
  }
}
