package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.net.PortUnreachableException;
import sun.nio.ch.HuskNio;

/** The members of {@code sun.nio.ch} that aren't public and that blocking on descriptors needs. */
final class JdkNio {
  /** {@code struct epoll_event}: packed on x86-64 and nowhere else (bits/epoll.h). */
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

  static final int EPOLL_EVENT_SIZE = PACKED ? 12 : 16;
  static final int EPOLL_EVENTS_OFFSET = 0;
  static final int EPOLL_DATA_OFFSET = PACKED ? 4 : 8;

  private JdkNio() {}

  /**
   * The originals of what {@link SocketSeams} replaces; apart, so that they load with the first
   * use.
   */
  static final class Originals {
    /** {@code sun.nio.ch.IOStatus.UNAVAILABLE}. */
    static final int UNAVAILABLE = -2;

    static final MethodHandle READ0;
    static final MethodHandle WRITE0;
    static final MethodHandle CLOSE0;
    static final MethodHandle CLOSE_INT_FD;

    static {
      READ0 = transfer("sun.nio.ch.SocketDispatcher", "read0");
      WRITE0 = transfer("sun.nio.ch.SocketDispatcher", "write0");
      CLOSE0 =
          Trusted.ofStatic(
              Jdk.find("sun.nio.ch.UnixDispatcher"), "close0", void.class, FileDescriptor.class);
      CLOSE_INT_FD =
          Trusted.ofStatic(
              Jdk.find("sun.nio.ch.UnixFileDispatcherImpl"), "closeIntFD", void.class, int.class);
    }

    private Originals() {}
  }

  private static MethodHandle transfer(String dispatcher, String name) {
    return Trusted.ofStatic(
        Jdk.find(dispatcher), name, int.class, FileDescriptor.class, long.class, int.class);
  }

  /** {@code recv(2)} and {@code send(2)}, which the JDK calls for datagrams alone. */
  static final class Sockets {
    static final MethodHandle RECV = transfer("sun.nio.ch.DatagramDispatcher", "read0");
    static final MethodHandle SEND = transfer("sun.nio.ch.DatagramDispatcher", "write0");

    private Sockets() {}

    /** What {@code SocketDispatcher} throws where {@code DatagramDispatcher} has thrown this. */
    static IOException readFailed(IOException e) {
      if (e instanceof PortUnreachableException) {
        return new IOException(SocketErrors.REFUSED);
      }
      return SocketErrors.RESET.equals(e.getMessage()) ? HuskNio.connectionReset() : e;
    }
  }

  /** The original of a channel's change of mode; apart for the same reason. */
  static final class Channels {
    static final MethodHandle CONFIGURE_BLOCKING;

    static {
      CONFIGURE_BLOCKING =
          Trusted.ofVirtual(
                  Jdk.find("sun.nio.ch.SocketChannelImpl"),
                  "lockedConfigureBlocking",
                  void.class,
                  boolean.class)
              .asType(MethodType.methodType(void.class, Object.class, boolean.class));
    }

    private Channels() {}
  }
}
