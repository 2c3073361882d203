package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import org.jspecify.annotations.Nullable;

/** What the seams have seen of a datagram socket. */
final class DatagramNote {
  private static final int SO_REUSEPORT = 15;

  /** Whether it is a socket of the IPv6 family, which takes IPv4, too. */
  final boolean ipv6;

  /** Others may have the same port. */
  volatile boolean shared;

  /** The descriptor blocks, as one that was just made does. */
  volatile boolean blocking = true;

  /** As set; 0 where they weren't. */
  volatile int sendBuffer;

  volatile int receiveBuffer;

  DatagramNote(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  /** The note of a datagram socket that was made since the seams are in; else null. */
  static @Nullable DatagramNote find(int fd) {
    return Descriptors.note(fd) instanceof DatagramNote note ? note : null;
  }

  /** The app has set an option. */
  void set(int level, int name, int value) {
    if (level == SocketNote.SOL_SOCKET) {
      switch (name) {
        // It isn't unshared again: others may have come meanwhile.
        case SocketNote.SO_REUSEADDR, SO_REUSEPORT -> shared |= value != 0;
        case SocketNote.SO_SNDBUF -> sendBuffer = value;
        case SocketNote.SO_RCVBUF -> receiveBuffer = value;
        default -> {}
      }
    }
  }
}
