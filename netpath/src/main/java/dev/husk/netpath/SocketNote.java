package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * What the seams have seen of a stream socket and would otherwise have to ask the kernel for. Racy
 * where the app sets an option and uses the socket at the same time, as with the kernel.
 */
final class SocketNote {
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final int SO_KEEPALIVE = 9;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_OOBINLINE = 10;
  static final int SO_LINGER = 13;

  /** The app has bound it. */
  volatile boolean bound;

  /** The descriptor blocks, as one that was just made does. */
  volatile boolean blocking = true;

  volatile boolean reuseAddress;
  volatile boolean oobInline;

  /** Seconds; negative for off. */
  volatile int linger = -1;

  /** As set; 0 where they weren't. */
  volatile int sendBuffer;

  volatile int receiveBuffer;

  /** The note of a stream socket that was made since the seams are in; else null. */
  static @Nullable SocketNote find(int fd) {
    return Descriptors.note(fd) instanceof SocketNote note ? note : null;
  }

  /** The app has set an option. */
  void set(int level, int name, int value) {
    if (level == SOL_SOCKET) {
      switch (name) {
        case SO_REUSEADDR -> reuseAddress = value != 0;
        case SO_OOBINLINE -> oobInline = value != 0;
        case SO_LINGER -> linger = value;
        case SO_SNDBUF -> sendBuffer = value;
        case SO_RCVBUF -> receiveBuffer = value;
        default -> {}
      }
    }
  }
}
