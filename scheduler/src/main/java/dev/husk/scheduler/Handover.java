package dev.husk.scheduler;

import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A reader that waits, and where it wants its bytes: a writer that finds it copies them there, once
 * instead of into a ring and out of it. One object serves all the waits of a reader, one at a time.
 *
 * <p>Implementation notes. It stands in its {@link Descriptor}'s word in place of the thread. Who
 * takes it out of there, by compare-and-set, has the fields to itself until it calls {@link
 * #finish}; the reader that finds itself taken doesn't go on before that, so its memory stays
 * valid. The exchange of the word is the only one of the transfer: it publishes the fields, and
 * {@code pending} publishes the count.
 */
public final class Handover {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long PENDING = U.objectFieldOffset(Handover.class, "pending");

  private @Nullable Thread reader;
  private @Nullable Object base;
  private long offset;
  private int length;
  private int count;

  /** From the offer until nobody else has anything to do with it; release by who ends that. */
  private volatile boolean pending;

  /**
   * Says where bytes are wanted. The reader, before each wait.
   *
   * @param base an array, or null where {@code offset} is an address
   */
  public void offer(@Nullable Object base, long offset, int length) {
    this.reader = Thread.currentThread();
    this.base = base;
    this.offset = offset;
    this.length = length;
    this.count = 0;
    // Published with the word.
    U.putBoolean(this, PENDING, true);
  }

  /** How many bytes came. The reader, after the wait; forgets what was offered. */
  public int end() {
    base = null;
    return count;
  }

  /** Whether it was taken and isn't finished. The reader, having found itself taken. */
  boolean isPending() {
    return pending;
  }

  /** Where bytes are wanted; who has taken it only. */
  public @Nullable Object base() {
    return base;
  }

  /** The place in {@link #base}, or the address; who has taken it only. */
  public long offset() {
    return offset;
  }

  /** How many are wanted at most; who has taken it only. */
  public int length() {
    return length;
  }

  /** Lets the reader go on, with so many bytes, 0 for none. Who has taken it only, once. */
  public void finish(int count) {
    this.count = count;
    // The reader may start another wait as soon as it sees that this one is over.
    Thread reader = this.reader;
    U.putBooleanRelease(this, PENDING, false);
    Descriptor.unpark(reader);
  }
}
