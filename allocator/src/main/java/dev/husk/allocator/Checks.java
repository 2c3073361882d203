package dev.husk.allocator;

import jdk.internal.misc.Unsafe;

/**
 * The safety mode, {@code memory=checked}: every block is watched, a guard behind it tells of a
 * write past its end, and what is freed is filled with a pattern and stays unused for a while, at
 * the end of which the pattern tells of a write after the free. A mistake is reported with where
 * the block was allocated and freed, and the program goes on.
 *
 * <p>A write before a block's beginning hits the guard of the block below it.
 */
final class Checks {
  private static final Unsafe U = Unsafe.getUnsafe();

  /** The guard has at least so many bytes, and is what the block's room leaves, up to the most. */
  private static final int LEAST_GUARD = 16;

  private static final int MOST_GUARD = 256;

  private static final byte GUARD = (byte) 0xA7;

  /** What a block holds whose contents are undefined. */
  private static final byte NEW = (byte) 0xB5;

  /** What a block holds after it was freed. */
  private static final byte FREED = (byte) 0xDF;

  /** A safepoint may come in between, as in {@code java.nio.Bits}. */
  private static final long FILL_AT_ONCE = 1 << 20;

  private static final long GUARDS = 0xA7A7_A7A7_A7A7_A7A7L;
  private static final long FREEDS = 0xDFDF_DFDF_DFDF_DFDFL;

  private Checks() {}

  /** Whether the mode is on; set once, before the first block. */
  private static final class Mode {
    static final boolean ON = HuskMemory.isChecked();

    private Mode() {}
  }

  static boolean isOn() {
    return Mode.ON;
  }

  /**
   * Allocates a block with a guard.
   *
   * @param bytes at least 1
   * @param zero whether its contents are zero, rather than a pattern
   */
  static long allocate(long bytes, boolean zero) {
    long room = bytes + LEAST_GUARD;
    if (room < 0) {
      return U.allocateMemory(bytes);
    }
    long address = Allocator.allocateRaw(room);
    fill(address, bytes, zero ? (byte) 0 : NEW);
    Tenant tenant = PageMap.find(address);
    if (tenant != null) {
      U.setMemory(address + bytes, guardBytes(tenant, address, bytes), GUARD);
      tenant.keep(address, new Watch(bytes, 1));
    }
    return address;
  }

  private static void fill(long address, long bytes, byte value) {
    for (long done = 0; done < bytes; done += FILL_AT_ONCE) {
      U.setMemory(address + done, Math.min(FILL_AT_ONCE, bytes - done), value);
    }
  }

  private static long guardBytes(Tenant tenant, long address, long bytes) {
    return Math.min(tenant.sizeOf(address) - bytes, MOST_GUARD);
  }

  /** Checks a block that is freed, and keeps it from use for a while. */
  static void free(Tenant tenant, long address) {
    Watch watch = tenant.watched(address);
    if (watch == null) {
      Misuse.notABlock(tenant, address);
      return;
    }
    Watch freed = new Watch(watch.bytes, 1);
    if (!watch.free(freed)) {
      Misuse.freedTwice(address, watch, freed);
      return;
    }
    checkGuard(tenant, address, watch);
    fill(address, watch.bytes, FREED);
    Quarantine.add(address, watch);
  }

  private static void checkGuard(Tenant tenant, long address, Watch watch) {
    long bytes = guardBytes(tenant, address, watch.bytes);
    long at = firstOther(address + watch.bytes, bytes, GUARD, GUARDS);
    if (at >= 0) {
      Misuse.writtenPastEnd(address, at, watch);
    }
  }

  /** A block's time in quarantine is over. */
  static void leave(long address, Watch watch) {
    long at = firstOther(address, watch.bytes, FREED, FREEDS);
    if (at >= 0) {
      Misuse.writtenAfterFree(address, at, watch);
    }
    Allocator.freeRaw(address);
  }

  /** Where the first byte is that isn't what it should be, from an address on; -1 for none. */
  private static long firstOther(long address, long bytes, byte pattern, long eight) {
    long at = 0;
    while (at < bytes && (address + at & 7) != 0) {
      if (U.getByte(address + at) != pattern) {
        return at;
      }
      at++;
    }
    while (bytes - at >= 8 && U.getLong(address + at) == eight) {
      at += 8;
    }
    for (; at < bytes; at++) {
      if (U.getByte(address + at) != pattern) {
        return at;
      }
    }
    return -1;
  }

  /** As {@link Allocator#reallocate}: always moves the block. */
  static long reallocate(Tenant tenant, long address, long bytes) {
    long moved = allocate(bytes, false);
    Watch watch = tenant.watched(address);
    if (watch != null && watch.freed == null) {
      U.copyMemory(address, moved, Math.min(watch.bytes, bytes));
    }
    // Tells of it where that isn't a block in use.
    free(tenant, address);
    return moved;
  }
}
