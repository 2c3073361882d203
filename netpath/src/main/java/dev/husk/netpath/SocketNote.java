package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * What the seams have seen of a stream socket, and keep for it instead of the kernel. Racy where
 * the app sets an option and uses the socket at the same time, as with the kernel.
 */
final class SocketNote {
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_KEEPALIVE = 9;
  static final int SO_OOBINLINE = 10;
  static final int SO_LINGER = 13;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;

  /** Whether it is a socket of the IPv6 family, which takes IPv4, too. */
  final boolean ipv6;

  /** The app has bound it. */
  volatile boolean bound;

  /** The app has set something that only the kernel's socket knows. */
  volatile boolean inKernel;

  /** Its kernel socket is one that was used before, see {@link ParkedSocket}; else null. */
  volatile @Nullable ParkedSocket parked;

  /** The descriptor blocks, as one that was just made does. */
  volatile boolean blocking = true;

  volatile boolean reuseAddress;
  volatile boolean oobInline;
  volatile boolean keepAlive;
  volatile boolean noDelay;

  /** Seconds; negative for off. */
  volatile int linger = -1;

  /** As set; 0 where they weren't. */
  volatile int sendBuffer;

  volatile int receiveBuffer;

  SocketNote(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  /** The note of a stream socket that was made since the seams are in; else null. */
  static @Nullable SocketNote find(int fd) {
    return Descriptors.note(fd) instanceof SocketNote note ? note : null;
  }

  /** Whether an option's value is kept here, so that nobody has to ask the kernel. */
  static boolean keeps(int level, int name) {
    return level == SOL_SOCKET
        ? name == SO_KEEPALIVE || name == SO_OOBINLINE || name == SO_LINGER || name == SO_REUSEADDR
        : level == IPPROTO_TCP && name == TCP_NODELAY;
  }

  /** The value of an option that {@link #keeps} is true for. */
  int get(int level, int name) {
    if (level == IPPROTO_TCP) {
      return noDelay ? 1 : 0;
    }
    return switch (name) {
      case SO_KEEPALIVE -> keepAlive ? 1 : 0;
      case SO_OOBINLINE -> oobInline ? 1 : 0;
      case SO_REUSEADDR -> reuseAddress ? 1 : 0;
      default -> linger;
    };
  }

  /** The app has set an option. */
  void set(int level, int name, int value) {
    if (level == SOL_SOCKET) {
      switch (name) {
        case SO_REUSEADDR -> reuseAddress = value != 0;
        case SO_KEEPALIVE -> keepAlive = value != 0;
        case SO_OOBINLINE -> oobInline = value != 0;
        case SO_LINGER -> linger = value;
        case SO_SNDBUF -> sendBuffer = value;
        case SO_RCVBUF -> receiveBuffer = value;
        default -> {}
      }
    } else if (level == IPPROTO_TCP && name == TCP_NODELAY) {
      noDelay = value != 0;
    }
    if (!keeps(level, name)) {
      inKernel = true;
    }
  }
}
