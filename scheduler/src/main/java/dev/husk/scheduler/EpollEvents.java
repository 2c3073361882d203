package dev.husk.scheduler;

import jdk.internal.misc.Unsafe;

/** An array of {@code struct epoll_event} in native memory. */
public final class EpollEvents {
  private static final Unsafe U = Unsafe.getUnsafe();

  private EpollEvents() {}

  /** The address of an element. */
  public static long at(long address, int index) {
    return address + (long) index * JdkNio.EPOLL_EVENT_SIZE;
  }

  /** The descriptor that the element at an address is about. */
  public static int fd(long event) {
    return U.getInt(event + JdkNio.EPOLL_DATA_OFFSET);
  }

  /** What it is ready for. */
  public static int events(long event) {
    return U.getInt(event + JdkNio.EPOLL_EVENTS_OFFSET);
  }

  /** Writes an element. */
  public static void put(long event, int fd, int events) {
    U.putInt(event + JdkNio.EPOLL_EVENTS_OFFSET, events);
    U.putInt(event + JdkNio.EPOLL_DATA_OFFSET, fd);
  }

  /** Copies an element. */
  public static void copy(long from, long to) {
    put(to, fd(from), events(from));
  }
}
