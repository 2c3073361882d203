package dev.husk.scheduler;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** The members of {@code sun.nio.ch} that aren't public and that blocking on descriptors needs. */
final class JdkNio {
  static final MethodHandle EPOLL_CREATE;
  static final MethodHandle EPOLL_CTL;
  static final MethodHandle EPOLL_WAIT;
  static final MethodHandle EVENTFD_CREATE;
  static final MethodHandle EVENTFD_SET;

  /** {@code struct epoll_event}: packed on x86-64 and nowhere else (bits/epoll.h). */
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

  static final int EPOLL_EVENT_SIZE = PACKED ? 12 : 16;
  static final int EPOLL_EVENTS_OFFSET = 0;
  static final int EPOLL_DATA_OFFSET = PACKED ? 4 : 8;

  static {
    try {
      MethodHandles.Lookup own = MethodHandles.lookup();
      Class<?> epoll = Jdk.find("sun.nio.ch.EPoll");
      MethodHandles.Lookup nio = MethodHandles.privateLookupIn(epoll, own);
      MethodType toInt = MethodType.methodType(int.class);
      EPOLL_CREATE = nio.findStatic(epoll, "create", toInt);
      EPOLL_CTL =
          nio.findStatic(
              epoll,
              "ctl",
              MethodType.methodType(int.class, int.class, int.class, int.class, int.class));
      EPOLL_WAIT =
          nio.findStatic(
              epoll,
              "wait",
              MethodType.methodType(int.class, int.class, long.class, int.class, int.class));

      Class<?> eventFd = Jdk.find("sun.nio.ch.EventFD");
      MethodHandles.Lookup event = MethodHandles.privateLookupIn(eventFd, own);
      EVENTFD_CREATE = event.findStatic(eventFd, "eventfd0", toInt);
      EVENTFD_SET = event.findStatic(eventFd, "set0", MethodType.methodType(int.class, int.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private JdkNio() {}

  /**
   * The originals of what {@link SocketSeams} replaces; apart, so that they load with the first
   * use.
   */
  static final class Originals {
    /** {@code sun.nio.ch.IOStatus.UNAVAILABLE}. */
    static final int UNAVAILABLE = -2;

    static final MethodHandle READ0;
    static final MethodHandle CLOSE0;
    static final MethodHandle CLOSE_INT_FD;

    static {
      try {
        MethodHandles.Lookup own = MethodHandles.lookup();
        READ0 =
            find(
                own,
                "sun.nio.ch.SocketDispatcher",
                "read0",
                MethodType.methodType(int.class, FileDescriptor.class, long.class, int.class));
        CLOSE0 =
            find(
                own,
                "sun.nio.ch.UnixDispatcher",
                "close0",
                MethodType.methodType(void.class, FileDescriptor.class));
        CLOSE_INT_FD =
            find(
                own,
                "sun.nio.ch.UnixFileDispatcherImpl",
                "closeIntFD",
                MethodType.methodType(void.class, int.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private Originals() {}

    private static MethodHandle find(
        MethodHandles.Lookup own, String type, String name, MethodType signature)
        throws ReflectiveOperationException {
      Class<?> owner = Jdk.find(type);
      return MethodHandles.privateLookupIn(owner, own).findStatic(owner, name, signature);
    }
  }

  /** The original of a channel's change of mode; apart for the same reason. */
  static final class Channels {
    static final MethodHandle CONFIGURE_BLOCKING;

    static {
      try {
        Class<?> type = Jdk.find("sun.nio.ch.SocketChannelImpl");
        CONFIGURE_BLOCKING =
            MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                .findVirtual(
                    type,
                    "lockedConfigureBlocking",
                    MethodType.methodType(void.class, boolean.class))
                .asType(MethodType.methodType(void.class, Object.class, boolean.class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private Channels() {}
  }
}
