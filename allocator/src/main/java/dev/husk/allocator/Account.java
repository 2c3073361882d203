package dev.husk.allocator;

import jdk.internal.misc.Unsafe;

/**
 * What buffers made or freed by a heap's holder add to the process's direct memory, and the bytes
 * that it may reserve without asking; see {@link Limit}. Written by the holder, read racily for
 * sums; the numbers may be negative, where others' buffers are freed.
 */
final class Account {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long COUNT = U.objectFieldOffset(Account.class, "count");
  private static final long CAPACITY = U.objectFieldOffset(Account.class, "capacity");
  private static final long SIZE = U.objectFieldOffset(Account.class, "size");

  private long count;
  private long capacity;
  private long size;

  /** Capacity that is taken from the limit and not used, bytes. */
  long credit;

  /** Books buffers that come or go. The holder only. */
  void book(int buffers, long size, long capacity) {
    U.putLongOpaque(this, COUNT, count + buffers);
    U.putLongOpaque(this, CAPACITY, this.capacity + capacity);
    U.putLongOpaque(this, SIZE, this.size + size);
  }

  long count() {
    return U.getLongOpaque(this, COUNT);
  }

  long capacity() {
    return U.getLongOpaque(this, CAPACITY);
  }

  long size() {
    return U.getLongOpaque(this, SIZE);
  }
}
