package dev.husk.allocator;

import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.access.JavaLangRefAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.VM;

/**
 * The limit of direct memory, {@code -XX:MaxDirectMemorySize}, as {@code java.nio.Bits} keeps it:
 * exact, and with the same waits and the same error where it is reached.
 *
 * <p>Far from the limit, each heap takes some of it ahead, as credit, and books buffers against
 * that without an atomic operation. The first reservation that finds too little left makes the
 * limit exact: heaps get no more credit, each reservation counts by itself, and what credit there
 * is goes back as soon as one doesn't fit, until a quarter is free again.
 */
final class Limit {
  /** What a heap takes ahead at a time, bytes; it keeps twice that at most. */
  private static final long CREDIT = 1 << 20;

  /** As in {@code java.nio.Bits}: 1, 2, 4, … 256 ms. */
  private static final int MAX_SLEEPS = 9;

  /** What is left of the limit by the buffers that were there before, bytes of capacity. */
  private static final long MAX =
      VM.maxDirectMemory()
          - SharedSecrets.getJavaNioAccess().getDirectBufferPool().getTotalCapacity();

  /** Capacity reserved, and credit that heaps hold, bytes. */
  private static final AtomicLong TAKEN = new AtomicLong();

  /** Whether heaps may hold credit. */
  private static volatile boolean exact;

  private Limit() {}

  /**
   * Reserves memory for a buffer.
   *
   * @param size what is allocated, bytes
   * @param capacity what counts against the limit, bytes
   * @throws OutOfMemoryError at the limit, after waiting for the collector
   */
  static void reserve(long size, long capacity) {
    Tenure tenure = Tenure.enter();
    Account account = tenure.heap.account;
    boolean reserved = capacity <= account.credit;
    if (reserved) {
      account.credit -= capacity;
      account.book(1, size, capacity);
    }
    tenure.exit();
    if (!reserved && !take(size, capacity)) {
      reachedLimit(size, capacity);
    }
  }

  private static void reachedLimit(long size, long capacity) {
    long start = System.nanoTime();
    boolean granted = false;
    try {
      waitForRoom(size, capacity);
      granted = true;
    } finally {
      MemoryObserver observer = HuskMemory.observer();
      if (observer != null) {
        observer.limitReached(size, System.nanoTime() - start, granted);
      }
    }
  }

  /** Takes a reservation back. */
  static void unreserve(long size, long capacity) {
    Tenure tenure = Tenure.enter();
    unreserve(tenure.heap.account, size, capacity);
    tenure.exit();
  }

  /** The same, by who has entered the heap of the account. */
  static void unreserve(Account account, long size, long capacity) {
    account.book(-1, -size, -capacity);
    long credit = account.credit + capacity;
    if (exact) {
      if (TAKEN.addAndGet(-credit) < MAX - (MAX >> 2)) {
        exact = false;
      }
      credit = 0;
    } else if (credit > 2 * CREDIT) {
      TAKEN.addAndGet(CREDIT - credit);
      credit = CREDIT;
    }
    account.credit = credit;
  }

  /** Gives an account's credit back. Who holds the heap. */
  static void giveBack(Account account) {
    if (account.credit != 0) {
      TAKEN.addAndGet(-account.credit);
      account.credit = 0;
    }
  }

  private static boolean take(long size, long capacity) {
    long ahead = Math.min(CREDIT, MAX >> 6);
    if (capacity > MAX || capacity > Long.MAX_VALUE - ahead) {
      // Before anything is added to it.
      return false;
    }
    if (!exact) {
      if (tryTake(capacity + ahead)) {
        book(size, capacity, ahead);
        return true;
      }
      exact = true;
    }
    if (!tryTake(capacity)) {
      Tenure.collectCredit();
      if (!tryTake(capacity)) {
        return false;
      }
    }
    book(size, capacity, 0);
    return true;
  }

  private static boolean tryTake(long bytes) {
    for (; ; ) {
      long taken = TAKEN.get();
      if (bytes > MAX - taken) {
        return false;
      }
      if (TAKEN.compareAndSet(taken, taken + bytes)) {
        return true;
      }
    }
  }

  private static void book(long size, long capacity, long ahead) {
    Tenure tenure = Tenure.enter();
    tenure.heap.account.book(1, size, capacity);
    tenure.heap.account.credit += ahead;
    tenure.exit();
  }

  /** What {@code Bits.reserveMemory} does once the optimistic try has failed. */
  private static void waitForRoom(long size, long capacity) {
    JavaLangRefAccess references = SharedSecrets.getJavaLangRefAccess();
    boolean interrupted = false;
    try {
      boolean active;
      do {
        try {
          active = references.waitForReferenceProcessing();
        } catch (InterruptedException e) {
          interrupted = true;
          active = true;
        }
        if (take(size, capacity)) {
          return;
        }
      } while (active);
      System.gc();
      long sleep = 1;
      for (int sleeps = 0; ; ) {
        if (take(size, capacity)) {
          return;
        }
        if (sleeps >= MAX_SLEEPS) {
          break;
        }
        try {
          if (!references.waitForReferenceProcessing()) {
            Thread.sleep(sleep);
            sleep <<= 1;
            sleeps++;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      throw new OutOfMemoryError(
          "Cannot reserve "
              + size
              + " bytes of direct buffer memory (allocated: "
              + SharedSecrets.getJavaNioAccess().getDirectBufferPool().getMemoryUsed()
              + ", limit: "
              + VM.maxDirectMemory()
              + ")");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
