package dev.husk.netpath;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/**
 * A socket of the kernel's that holds a local port for connections within the process, and nothing
 * else: it was never connected. When its connection is over it is kept for the next, which then
 * costs no system call. A few are kept, as many as connections follow each other closely.
 *
 * <p>The app gets its number as a new socket's. As soon as it wants anything of it but a connection
 * within the process, {@link #toKernel} puts a new socket of the kernel's in its place.
 */
final class ParkedSocket {
  /** More aren't kept, of each family. */
  private static final int MOST = 32;

  private static final Shelf ipv4 = new Shelf();
  private static final Shelf ipv6 = new Shelf();

  private final int fd;
  private final boolean isIpv6;
  final InetAddress address;
  final int port;

  /** It has SO_REUSEADDR, by which a server can have its port. */
  private boolean shareable;

  ParkedSocket(int fd, boolean isIpv6, InetAddress address, int port) {
    this.fd = fd;
    this.isIpv6 = isIpv6;
    this.address = address;
    this.port = port;
  }

  private static final class Shelf {
    final ConcurrentLinkedQueue<ParkedSocket> sockets = new ConcurrentLinkedQueue<>();
    final AtomicInteger count = new AtomicInteger();

    @Nullable ParkedSocket take() {
      ParkedSocket socket = sockets.poll();
      if (socket != null) {
        count.getAndDecrement();
      }
      return socket;
    }

    boolean give(ParkedSocket socket) {
      if (count.getAndIncrement() >= MOST) {
        count.getAndDecrement();
        return false;
      }
      sockets.add(socket);
      return true;
    }
  }

  int fd() {
    return fd;
  }

  /** One that waits for use, or null. Any thread. */
  static @Nullable ParkedSocket take(boolean isIpv6) {
    return (isIpv6 ? ipv6 : ipv4).take();
  }

  /** Keeps it, its connection being over on both sides, or closes it. Any thread. */
  void release() {
    if (!isShareable()) {
      close();
    } else if (!(isIpv6 ? ipv6 : ipv4).give(this)) {
      close();
    }
  }

  /** Lets servers have its port, of whatever process, while nobody uses it: most ask for that. */
  private boolean isShareable() {
    if (!shareable) {
      try {
        set(HuskNet.descriptor(fd), SocketNote.SOL_SOCKET, SocketNote.SO_REUSEADDR, 1);
        shareable = true;
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private void close() {
    try {
      HuskNet.close(HuskNet.descriptor(fd));
    } catch (IOException e) {
      // Nobody is left who could do anything about it.
      return;
    }
  }

  /** A new socket; where there are no descriptors left, those that wait are given up. */
  static int open(boolean ipv6, boolean stream, boolean reuse, boolean fast) throws IOException {
    try {
      return HuskNet.socket(ipv6, stream, reuse, fast);
    } catch (SocketException e) {
      if (!closeAll()) {
        throw e;
      }
      return HuskNet.socket(ipv6, stream, reuse, fast);
    }
  }

  /**
   * Gives those up that wait: somebody needs a port, or a descriptor.
   *
   * @return whether there were any
   */
  static boolean closeAll() {
    boolean some = false;
    for (Shelf shelf : new Shelf[] {ipv4, ipv6}) {
      ParkedSocket socket;
      while ((socket = shelf.take()) != null) {
        socket.close();
        some = true;
      }
    }
    return some;
  }

  /** Has the kernel serve a socket that may be a parked one, with all that is noted of it. */
  static void toKernel(FileDescriptor fd, SocketNote note) throws IOException {
    ParkedSocket parked = note.parked;
    if (parked == null) {
      return;
    }
    note.parked = null;
    FileDescriptor fresh = HuskNet.descriptor(open(parked.isIpv6, true, false, false));
    try {
      HuskNet.dup(fresh, fd);
    } finally {
      HuskNet.close(fresh);
    }
    if (!note.blocking) {
      HuskNet.configureBlocking(fd, false);
    }
    if (note.reuseAddress) {
      set(fd, SocketNote.SOL_SOCKET, SocketNote.SO_REUSEADDR, 1);
    }
    if (note.noDelay) {
      set(fd, SocketNote.IPPROTO_TCP, SocketNote.TCP_NODELAY, 1);
    }
    if (note.keepAlive) {
      set(fd, SocketNote.SOL_SOCKET, SocketNote.SO_KEEPALIVE, 1);
    }
    if (note.oobInline) {
      set(fd, SocketNote.SOL_SOCKET, SocketNote.SO_OOBINLINE, 1);
    }
    if (note.linger >= 0) {
      set(fd, SocketNote.SOL_SOCKET, SocketNote.SO_LINGER, note.linger);
    }
  }

  private static void set(FileDescriptor fd, int level, int name, int value) throws IOException {
    HuskNet.setIntOption(fd, true, level, name, value, false);
  }
}
