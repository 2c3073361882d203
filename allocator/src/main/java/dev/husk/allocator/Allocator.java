package dev.husk.allocator;

import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.ReservedStackAccess;
import org.jspecify.annotations.Nullable;

/**
 * Memory by the rules of {@code malloc}: blocks aligned to 16 bytes, freed by any thread. What is
 * not to be had here comes from the C library, and what came from there goes back to it.
 *
 * <p>A stack overflow must not hit where a heap's lists are half changed: the methods that change
 * them may use the zone that the JVM reserves for such.
 */
final class Allocator {
  private static final Unsafe U = Unsafe.getUnsafe();

  /**
   * So many blocks come from the C library first: what a program needs that has no use for more
   * isn't worth the start of all this.
   */
  private static final int EARLY = 128;

  /** Counted racily: it only has to get there. */
  private static int early;

  private Allocator() {}

  /**
   * Allocates a block whose contents are undefined.
   *
   * @param bytes at least 1
   * @throws OutOfMemoryError as {@link Unsafe#allocateMemory} does
   */
  static long allocate(long bytes) {
    return Checks.isOn() ? Checks.allocate(bytes, false) : allocateRaw(bytes);
  }

  /** The same without checks. */
  static long allocateRaw(long bytes) {
    long address = 0;
    if (bytes <= SizeClasses.MAX) {
      if (early < EARLY && !Checks.isOn()) {
        early++;
        return U.allocateMemory(bytes);
      }
      address = take(SizeClasses.of((int) bytes), bytes);
    } else {
      LargeBlock block = large(bytes);
      if (block != null) {
        block.run.dirty = block.run.bytes;
        address = block.base;
      }
    }
    return address != 0 ? address : U.allocateMemory(bytes);
  }

  @ReservedStackAccess
  private static long take(int sizeClass, long bytes) {
    Tenure tenure = Tenure.enter();
    long address;
    boolean watched;
    try {
      address = tenure.heap.take(sizeClass);
      watched = tenure.heap.isWatched(bytes);
    } finally {
      tenure.exit();
    }
    if (watched) {
      watch(address, bytes);
    }
    return address;
  }

  private static void watch(long address, long bytes) {
    if (address != 0 && !Checks.isOn()) {
      Sampling.watch(address, bytes);
    }
  }

  /** Allocates a block of zeros; else as {@link #allocate}. */
  static long allocateZero(long bytes) {
    if (Checks.isOn()) {
      return Checks.allocate(bytes, true);
    }
    if (bytes <= SizeClasses.MAX) {
      if (early >= EARLY) {
        long address = takeZero(SizeClasses.of((int) bytes), bytes);
        if ((address & Heap.ZERO) != 0) {
          return address - Heap.ZERO;
        }
        if (address != 0) {
          Zeroing.zero(address, bytes);
          return address;
        }
      } else {
        early++;
      }
    } else {
      LargeBlock block = large(bytes);
      if (block != null) {
        Zeroing.zero(block.base, Math.min(block.run.dirty, bytes));
        block.run.dirty = block.run.bytes;
        return block.base;
      }
    }
    long address = U.allocateMemory(bytes);
    Zeroing.zero(address, bytes);
    return address;
  }

  @ReservedStackAccess
  private static long takeZero(int sizeClass, long bytes) {
    Tenure tenure = Tenure.enter();
    long address;
    boolean watched;
    try {
      address = tenure.heap.takeZero(sizeClass);
      watched = tenure.heap.isWatched(bytes);
    } finally {
      tenure.exit();
    }
    if (watched) {
      watch(address & -SizeClasses.ALIGNMENT, bytes);
    }
    return address;
  }

  private static @Nullable LargeBlock large(long bytes) {
    PageRun run = PageLayer.get(bytes);
    if (run == null) {
      return null;
    }
    // Whoever takes large blocks only has no heap to begin it.
    Reclaimer.start();
    LargeBlock block = new LargeBlock(run);
    block.watch(run.base, new Watch(bytes, 1));
    PageMap.set(run, block);
    return block;
  }

  /**
   * Frees a block; one that isn't in use stays as it is.
   *
   * @param address from here, or from the C library
   */
  static void free(long address) {
    if (Checks.isOn()) {
      Tenant tenant = PageMap.find(address);
      if (tenant != null) {
        Checks.free(tenant, address);
        return;
      }
    }
    freeRaw(address);
  }

  /** The same without checks. */
  static void freeRaw(long address) {
    Tenant tenant = PageMap.find(address);
    if (tenant instanceof Slab slab) {
      int block = slab.block(address);
      if (block < 0 || !free(slab, block) && !(slab.unwatch(block) && free(slab, block))) {
        Misuse.freed(address);
      }
    } else if (tenant instanceof LargeBlock block) {
      if (address == block.base && block.free()) {
        PageRun run = block.run;
        PageMap.set(run, PageLayer.keeps(run) ? FreePages.INSTANCE : null);
        PageLayer.put(run, System.nanoTime());
        Reclaimer.wake();
      } else {
        Misuse.freed(address);
      }
    } else if (tenant == null) {
      U.freeMemory(address);
    } else {
      Misuse.freed(address);
    }
  }

  @ReservedStackAccess
  private static boolean free(Slab slab, int block) {
    Tenure tenure = Tenure.enter(slab.heap);
    if (tenure == null) {
      return slab.putRemote(block);
    }
    boolean freed = slab.heap.put(slab, block);
    tenure.exit();
    return freed;
  }

  /**
   * Frees a direct buffer's block and takes its reservation back, for the first caller.
   *
   * @param cleaner what the block holds as long as it isn't freed
   */
  static void clean(Object cleaner, long address, long size, int capacity) {
    Tenant tenant = PageMap.find(address);
    if (tenant instanceof Slab slab) {
      int block = slab.block(address);
      if (slab.letGo(block, cleaner)) {
        if (Checks.isOn()) {
          free(address);
          Limit.unreserve(size, capacity);
        } else {
          slab.unwatch(block);
          clean(slab, block, size, capacity);
        }
      }
    } else if (tenant instanceof LargeBlock block && block.letGo(cleaner)) {
      free(address);
      Limit.unreserve(size, capacity);
    }
  }

  @ReservedStackAccess
  private static void clean(Slab slab, int block, long size, int capacity) {
    Tenure tenure = Tenure.enter();
    try {
      if (tenure.heap == slab.heap) {
        slab.heap.put(slab, block);
      } else {
        slab.putRemote(block);
      }
      Limit.unreserve(tenure.heap.account, size, capacity);
    } finally {
      tenure.exit();
    }
  }

  /**
   * Resizes a block, moving it where it must be; what both sizes have is kept.
   *
   * @param bytes at least 1
   * @throws OutOfMemoryError as {@link Unsafe#reallocateMemory} does; the block stays then
   */
  static long reallocate(long address, long bytes) {
    Tenant tenant = PageMap.find(address);
    if (tenant == null) {
      return U.reallocateMemory(address, bytes);
    }
    if (Checks.isOn()) {
      return Checks.reallocate(tenant, address, bytes);
    }
    long room = tenant.sizeOf(address);
    if (room < 0) {
      Misuse.freed(address);
      return allocate(bytes);
    }
    if (bytes <= room && bytes >= room >> 1) {
      return address;
    }
    long moved = allocate(bytes);
    U.copyMemory(address, moved, Math.min(room, bytes));
    free(address);
    return moved;
  }

  /** The room that the block at an address has, bytes; -1 where it isn't from here. */
  static long sizeOf(long address) {
    Tenant tenant = PageMap.find(address);
    return tenant == null ? -1 : tenant.sizeOf(address);
  }
}
