package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A page run cut into blocks of one size.
 *
 * <p>Implementation notes. The lists of free blocks are not in the blocks but in {@link #next}, an
 * array of block numbers: a program that writes to memory that it has freed doesn't reach them, a
 * free block's memory can be given back to the kernel, and a block that isn't in use tells so when
 * it is freed again. There are two lists: the local one, of the thread that holds the heap, without
 * any atomic operation; and {@link #remote}, onto which every other thread pushes by a
 * compare-and-set and which the holder takes whole, so that a block that is popped and pushed again
 * meanwhile (ABA) does no harm. After mimalloc (Leijen, Zorn, de Moura: Mimalloc: Free List
 * Sharding in Action, 2019).
 *
 * <p>A slab without a free block is in no list of its heap. {@link #FULL} in the remote word says
 * so: whoever frees the first of its blocks clears it by the same compare-and-set, and thereby is
 * the one that has to bring the slab back to the heap.
 */
final class Slab extends Tenant {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long REMOTE = U.objectFieldOffset(Slab.class, "remote");

  /** In {@link #next}: the list ends here. */
  private static final char END = 0xFFFF;

  /** In {@link #next}: the block is in use. */
  private static final char USED = 0xFFFE;

  /** In {@link #next}: the same, and it is watched, which {@link #unwatch} must end first. */
  private static final char WATCHED = 0xFFFD;

  private static final int HEAD_MASK = 0xFFFF;
  private static final int ONE_BLOCK = 0x10000;
  private static final int COUNT_SHIFT = 16;

  /** The slab is in no list of its heap. */
  private static final int FULL = 0x8000_0000;

  private static final int RECIPROCAL_BITS = 40;

  /** The slab of a heap that has none of a class. */
  static final Slab NONE = new Slab();

  final @Nullable Heap heap;
  final int sizeClass;
  final int size;
  private final int count;

  /** 2^40 / size, rounded up: exact for offsets below 2^20 and sizes up to 2^18. */
  private final long reciprocal;

  private final char[] next;

  /** From this block on, what was never handed out is zero. */
  private final int zeroFrom;

  /** The local list. The heap's holder only, as is what follows. */
  private int head = END;

  /** Blocks from here on were never handed out. */
  private int fresh;

  /** Blocks in use, those among them that are on the remote list included. */
  private int used;

  /** What the lists looked like at the last {@link #purge}. */
  private int purgedAt;

  /** Whether it is in the heap's list of slabs with free blocks, and its neighbours there. */
  boolean listed;

  @Nullable Slab previous;
  @Nullable Slab following;

  /** The next one on the heap's stack of slabs that others bring back; see {@link Heap}. */
  @Nullable Slab nextReturned;

  /** First block of the remote list, the number of its blocks, and FULL. */
  private volatile int remote = END;

  /** What keeps buffers' cleaners reachable, by block; made when the first one comes. */
  private volatile Object @Nullable [] holders;

  private static final long HOLDERS = U.objectFieldOffset(Slab.class, "holders");

  /** Those of blocks that are watched, by block; made when the first one comes. */
  private volatile Watch @Nullable [] watches;

  private static final long WATCHES = U.objectFieldOffset(Slab.class, "watches");

  Slab(PageRun run, Heap heap, int sizeClass) {
    super(run);
    this.heap = heap;
    this.sizeClass = sizeClass;
    size = SizeClasses.size(sizeClass);
    count = (int) (run.bytes / size);
    reciprocal = (1L << RECIPROCAL_BITS) / size + 1;
    zeroFrom = (int) ((run.dirty + size - 1) / size);
    next = new char[count];
  }

  private Slab() {
    super(new PageRun(0, 0));
    heap = null;
    sizeClass = 0;
    size = 0;
    count = 0;
    reciprocal = 0;
    zeroFrom = 0;
    next = new char[0];
  }

  /** Takes a free block; -1 when there is none here. The holder only. */
  int take() {
    int block = head;
    if (block != END) {
      head = next[block];
    } else if (fresh < count) {
      block = fresh++;
    } else {
      return -1;
    }
    next[block] = USED;
    used++;
    return block;
  }

  /** The address of a block. */
  long address(int block) {
    return base + (long) block * size;
  }

  /** Whether the block that {@link #take} would give is zero. The holder only. */
  boolean isNextZero() {
    return head == END && fresh >= zeroFrom;
  }

  /** The number of the block at an address within the slab; -1 where none begins. */
  int block(long address) {
    int offset = (int) (address - base);
    int block = (int) ((offset * reciprocal) >>> RECIPROCAL_BITS);
    return block * size == offset && block < count ? block : -1;
  }

  /** Frees a block; false when it isn't in use, or watched. The holder only. */
  boolean put(int block) {
    if (next[block] != USED) {
      return false;
    }
    next[block] = (char) head;
    head = block;
    used--;
    return true;
  }

  /** Frees a block; false when it isn't in use, or watched. Any thread but the holder. */
  boolean putRemote(int block) {
    if (next[block] != USED) {
      return false;
    }
    int old;
    int now;
    do {
      old = remote;
      next[block] = (char) (old & HEAD_MASK);
      now = ((old & ~(HEAD_MASK | FULL)) + ONE_BLOCK) | block;
      // Publishes the link, and orders what the block's user did before what the next one does.
    } while (!U.compareAndSetInt(this, REMOTE, old, now));
    if (old < 0) {
      heap.bringBack(this);
    } else if ((old & HEAD_MASK) == END) {
      heap.noteSpare();
    }
    return true;
  }

  /**
   * Takes over what others have freed. The holder only.
   *
   * @return how many there were
   */
  int collect() {
    // Only others add, and only the holder sets FULL, which it doesn't here.
    if (remote == END) {
      return 0;
    }
    int taken = U.getAndSetInt(this, REMOTE, END);
    int blocks = (taken & ~FULL) >>> COUNT_SHIFT;
    int first = taken & HEAD_MASK;
    if (head != END) {
      int last = first;
      for (int i = 1; i < blocks; i++) {
        last = next[last];
      }
      next[last] = (char) head;
    }
    head = first;
    used -= blocks;
    return blocks;
  }

  /** Declares it full; false when others have freed blocks. The holder only. */
  boolean markFull() {
    return remote == END && U.compareAndSetInt(this, REMOTE, END, FULL | END);
  }

  /**
   * Takes that back, for the caller to put it into the heap's list; false when another thread is
   * bringing it. The holder only.
   */
  boolean unmarkFull() {
    return remote == (FULL | END) && U.compareAndSetInt(this, REMOTE, FULL | END, END);
  }

  /** Whether no block is in use. The holder only. */
  boolean isEmpty() {
    return used == 0;
  }

  /** Blocks in use, as the holder knows it; racy for others. */
  int used() {
    return used - ((remote & ~FULL) >>> COUNT_SHIFT);
  }

  /**
   * Gives the kernel those of the run's pages that no block in use touches; they read as zero then.
   * The holder only, or who has taken the heap.
   *
   * @return the bytes of these pages; 0 where nothing has changed since the last time
   */
  long purge() {
    int page = U.pageSize();
    int state = (head * 31 + used) * 31 + fresh;
    if (state == purgedAt || used == 0) {
      return 0;
    }
    purgedAt = state;
    boolean[] busy = new boolean[(int) (run.bytes / page)];
    for (int block = 0; block < fresh; block++) {
      if (next[block] == USED || next[block] == WATCHED) {
        mark(busy, block, page);
      }
    }
    long bytes = 0;
    int end = (int) Math.min(busy.length, (run.resident(dirty()) + page - 1) / page);
    for (int from = 0; from < end; from++) {
      int to = from;
      while (to < end && !busy[to]) {
        to++;
      }
      if (to > from) {
        long length = (long) (to - from) * page;
        if (PageLayer.discard(run, (long) from * page, length)) {
          bytes += length;
        }
        from = to;
      }
    }
    return bytes;
  }

  private void mark(boolean[] busy, int block, int page) {
    int last = (int) (((long) (block + 1) * size - 1) / page);
    for (int at = (int) ((long) block * size / page); at <= last; at++) {
      busy[at] = true;
    }
  }

  /** Bytes from the base that may have been written to. */
  long dirty() {
    return Math.max(run.dirty, (long) fresh * size);
  }

  @Override
  long sizeOf(long address) {
    return block(address) < 0 ? -1 : size;
  }

  @Override
  void hold(long address, Object holder) {
    Object[] all = holders;
    if (all == null) {
      all = new Object[count];
      if (!U.compareAndSetReference(this, HOLDERS, null, all)) {
        all = holders;
      }
    }
    // Whoever lets go has got the holder in another way.
    all[block(address)] = holder;
  }

  /** Lets go of an object that a block holds; true for one caller only. */
  boolean letGo(int block, Object holder) {
    Object[] all = holders;
    return all != null
        && all[block] == holder
        && U.compareAndSetReference(all, at(block), holder, null);
  }

  @Override
  void watch(long address, Watch watch) {
    keep(address, watch);
    // The block is the caller's: nobody reads this before it is freed.
    next[block(address)] = WATCHED;
  }

  @Override
  void keep(long address, Watch watch) {
    Watch[] all = watches;
    if (all == null) {
      all = new Watch[count];
      if (!U.compareAndSetReference(this, WATCHES, null, all)) {
        all = watches;
      }
    }
    all[block(address)] = watch;
  }

  /**
   * Ends the watch of a block, for it to be freed; true for one caller only, and only where it is
   * watched. Any thread.
   */
  boolean unwatch(int block) {
    if (next[block] != WATCHED) {
      return false;
    }
    Watch[] all = watches;
    Watch watch = all[block];
    if (watch == null || !U.compareAndSetReference(all, at(block), watch, null)) {
      return false;
    }
    next[block] = USED;
    return true;
  }

  @Override
  @Nullable Watch watched(long address) {
    Watch[] all = watches;
    int block = block(address);
    return all == null || block < 0 ? null : all[block];
  }

  /** The watch of the block that an address lies in, if it is in use and watched. */
  @Nullable Watch watchedAround(long address) {
    Watch[] all = watches;
    int block = (int) ((address - base) / size);
    Watch watch = all == null || block >= count ? null : all[block];
    return watch == null || watch.freed != null ? null : watch;
  }

  @Override
  void show(WatchVisitor visitor) {
    Watch[] all = watches;
    for (int i = 0; all != null && i < all.length; i++) {
      Watch watch = all[i];
      if (watch != null && watch.freed == null) {
        visitor.visit(watch);
      }
    }
  }

  private static long at(int index) {
    return Unsafe.ARRAY_OBJECT_BASE_OFFSET + (long) index * Unsafe.ARRAY_OBJECT_INDEX_SCALE;
  }
}
