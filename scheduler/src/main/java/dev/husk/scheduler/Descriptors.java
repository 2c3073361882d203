package dev.husk.scheduler;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The table of descriptors by number, in pages that are made when first needed and never go away.
 *
 * <p>Numbers from {@link #FIRST_VIRTUAL} on are virtual: the kernel knows nothing of them, an
 * {@link Endpoint} serves them alone. They lie beyond what the kernel can give out (its {@code
 * nr_open} is at most 2^30).
 */
public final class Descriptors {
  /** The first virtual number. */
  public static final int FIRST_VIRTUAL = 1 << 30;

  private static final int PAGE_SHIFT = 10;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final int PAGES = 1 << 12;
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Descriptor[][] pages = new Descriptor[PAGES][];
  private static final Descriptor[][] virtualPages = new Descriptor[PAGES][];

  /** Virtual numbers that were never used start here. */
  private static final AtomicInteger unused = new AtomicInteger(FIRST_VIRTUAL);

  /** Virtual numbers that are free again, oldest first: one that was just closed isn't reused. */
  private static final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();

  private static final AtomicInteger open = new AtomicInteger();

  private Descriptors() {}

  /** Whether a number is one that the kernel doesn't know. */
  public static boolean isVirtual(int fd) {
    return fd >= FIRST_VIRTUAL;
  }

  /** The endpoint that serves a descriptor, or null for the kernel alone. Any thread. */
  public static @Nullable Endpoint endpoint(int fd) {
    Descriptor descriptor = find(fd);
    return descriptor == null ? null : descriptor.endpoint;
  }

  /** Has an endpoint serve a descriptor of the kernel's from now on. */
  public static void attach(int fd, Endpoint endpoint) {
    Descriptor descriptor = of(fd);
    if (descriptor == null) {
      throw new IllegalArgumentException("descriptor " + fd + " is out of range");
    }
    descriptor.attach(endpoint);
  }

  /**
   * Gives an endpoint a virtual number.
   *
   * @return the number, or -1 where all are taken
   */
  public static int open(Endpoint endpoint) {
    Integer reused = free.poll();
    int fd = reused != null ? reused : unused.getAndIncrement();
    if (fd < FIRST_VIRTUAL || fd - FIRST_VIRTUAL >= PAGES * PAGE) {
      unused.set(FIRST_VIRTUAL + PAGES * PAGE);
      return -1;
    }
    open.getAndIncrement();
    of(fd).attach(endpoint);
    return fd;
  }

  /** Closes a virtual number that the app has never had. */
  public static void close(int fd) {
    if (forget(fd) != null) {
      free(fd);
    }
  }

  /** A virtual number is closed. */
  static void free(int fd) {
    open.getAndDecrement();
    free.add(fd);
  }

  /** Virtual numbers in use. */
  public static int openVirtual() {
    return open.get();
  }

  /** What the socket seams have noted of a descriptor, or null. */
  public static @Nullable Object note(int fd) {
    Descriptor descriptor = find(fd);
    return descriptor == null ? null : descriptor.note;
  }

  /** Notes something of a descriptor until it is closed. */
  public static void note(int fd, Object note) {
    Descriptor descriptor = of(fd);
    if (descriptor != null) {
      descriptor.note = note;
    }
  }

  /**
   * A read from, or an accept by, a descriptor of the kernel's is about to begin.
   *
   * @return what {@link #hasRead} is to be told of; null where no event queue has watched it
   */
  public static @Nullable Readiness reads(int fd) {
    Descriptor descriptor = find(fd);
    Readiness readiness = descriptor == null ? null : descriptor.knownReadiness();
    if (readiness != null) {
      readiness.reads();
    }
    return readiness;
  }

  /** It is done; see {@link Readiness#hasRead}. */
  public static void hasRead(@Nullable Readiness readiness, boolean tookAll) {
    if (readiness != null) {
      readiness.hasRead(tookAll);
    }
  }

  /** Something was written to a descriptor of the kernel's. */
  public static void wrote(int fd) {
    wrote(find(fd));
  }

  static void wrote(@Nullable Descriptor descriptor) {
    Readiness readiness = descriptor == null ? null : descriptor.knownReadiness();
    if (readiness != null) {
      readiness.wrote();
    }
  }

  /** A descriptor is a stream socket of the kernel's, of which every call comes by the seams. */
  public static void markStream(int fd) {
    Descriptor descriptor = of(fd);
    if (descriptor != null) {
      descriptor.isStream = true;
    }
  }

  /** The entry of a descriptor, or null when there is none; any thread. */
  static @Nullable Descriptor find(int fd) {
    Descriptor[][] pages = Descriptors.pages;
    int page = fd >>> PAGE_SHIFT;
    if (page >= PAGES) {
      page -= FIRST_VIRTUAL >>> PAGE_SHIFT;
      pages = virtualPages;
      if (page < 0 || page >= PAGES) {
        return null;
      }
    }
    Descriptor[] entries = (Descriptor[]) get(pages, page);
    return entries == null ? null : (Descriptor) get(entries, fd & (PAGE - 1));
  }

  /**
   * The entry of a descriptor, made if needed; null for numbers beyond the four million of each
   * kind.
   */
  static @Nullable Descriptor of(int fd) {
    Descriptor found = find(fd);
    if (found != null || fd < 0) {
      return found;
    }
    Descriptor[][] pages = isVirtual(fd) ? virtualPages : Descriptors.pages;
    int page = (isVirtual(fd) ? fd - FIRST_VIRTUAL : fd) >>> PAGE_SHIFT;
    if (page >= PAGES) {
      return null;
    }
    Descriptor[] entries = (Descriptor[]) get(pages, page);
    if (entries == null) {
      set(pages, page, new Descriptor[PAGE]);
      entries = (Descriptor[]) get(pages, page);
    }
    set(entries, fd & (PAGE - 1), new Descriptor(fd));
    return (Descriptor) get(entries, fd & (PAGE - 1));
  }

  /** See {@link Descriptor#await}. */
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
   *
   * @return the entry that was, or null
   */
  static @Nullable Descriptor forget(int fd) {
    Descriptor descriptor = find(fd);
    if (descriptor != null) {
      Descriptor[] entries =
          isVirtual(fd)
              ? (Descriptor[]) get(virtualPages, (fd - FIRST_VIRTUAL) >>> PAGE_SHIFT)
              : (Descriptor[]) get(pages, fd >>> PAGE_SHIFT);
      if (!U.compareAndSetReference(entries, slot(fd & (PAGE - 1)), descriptor, null)) {
        return null;
      }
      descriptor.closed();
    }
    return descriptor;
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
