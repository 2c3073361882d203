package dev.husk.scheduler;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Descriptor}s by number, in pages that are made when first needed and never go away.
 */
final class Descriptors {
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int PAGES = 1 << 12;
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Descriptor[][] pages = new Descriptor[PAGES][];

  private Descriptors() {}

  /** The entry of a descriptor, or null when there is none; any thread. */
  static @Nullable Descriptor find(int fd) {
    int page = fd >>> PAGE_SHIFT;
    if (page >= PAGES) {
      return null;
    }
    Descriptor[] entries = (Descriptor[]) get(pages, page);
    return entries == null ? null : (Descriptor) get(entries, fd & (PAGE - 1));
  }

  /** The entry of a descriptor, made if needed; null for numbers beyond four million. */
  static @Nullable Descriptor of(int fd) {
    Descriptor found = find(fd);
    if (found != null || fd < 0 || fd >>> PAGE_SHIFT >= PAGES) {
      return found;
    }
    Descriptor[] entries = (Descriptor[]) get(pages, fd >>> PAGE_SHIFT);
    if (entries == null) {
      set(pages, fd >>> PAGE_SHIFT, new Descriptor[PAGE]);
      entries = (Descriptor[]) get(pages, fd >>> PAGE_SHIFT);
    }
    set(entries, fd & (PAGE - 1), new Descriptor(fd));
    return (Descriptor) get(entries, fd & (PAGE - 1));
  }

  /** See {@link Descriptor#await}; the current thread is virtual. */
  static void await(int fd, boolean write, long nanos, @Nullable BooleanSupplier open, boolean deaf)
      throws IOException {
    Descriptor descriptor = of(fd);
    if (descriptor == null) {
      throw new IOException("descriptor " + fd + " is out of range");
    }
    descriptor.await(write, nanos, open, deaf);
  }

  /** Unparks who waits for a descriptor that is being closed. */
  static void stop(int fd, boolean write) {
    Descriptor descriptor = find(fd);
    if (descriptor != null) {
      descriptor.stop(write);
    }
  }

  /** An edge from an epoll set. */
  static void ready(int fd, int events) {
    Descriptor descriptor = find(fd);
    if (descriptor != null) {
      descriptor.edge(events);
    }
  }

  /**
   * The number is going to be free, and somebody else's: what was known about it is void. The entry
   * is replaced, so a waiter of the old descriptor can't touch the new one; an old edge that is
   * being dispatched at this moment can, as a wake-up for nothing.
   */
  static void forget(int fd) {
    Descriptor descriptor = find(fd);
    if (descriptor != null) {
      Descriptor[] entries = (Descriptor[]) get(pages, fd >>> PAGE_SHIFT);
      U.compareAndSetReference(entries, slot(fd & (PAGE - 1)), descriptor, null);
      descriptor.closed();
    }
  }

  private static @Nullable Object get(Object[] array, int index) {
    return U.getReferenceAcquire(array, slot(index));
  }

  private static void set(Object[] array, int index, Object value) {
    U.compareAndSetReference(array, slot(index), null, value);
  }

  private static long slot(int index) {
    return Unsafe.ARRAY_OBJECT_BASE_OFFSET + (long) index * Unsafe.ARRAY_OBJECT_INDEX_SCALE;
  }
}
