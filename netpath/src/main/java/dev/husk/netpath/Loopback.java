package dev.husk.netpath;

import dev.husk.runtime.config.PortRanges;
import dev.husk.scheduler.Descriptors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import sun.nio.ch.HuskNet;

/** Decides which connections stay in the process, and makes them. */
final class Loopback {
  private static volatile boolean on;
  private static volatile PortRanges off;

  private Loopback() {}

  static void open(PortRanges off) {
    Loopback.off = off;
    on = true;
  }

  /** Whether anything may stay in the process. */
  static boolean isOpen() {
    return on;
  }

  /** Whether what goes to a port may stay in the process at all. */
  static boolean serves(int port) {
    return on && !off.contains(port);
  }

  /** The app has made a socket of the kernel's listen; from now on this JVM's connects find it. */
  static void listen(FileDescriptor fd, int number, int backlog) throws IOException {
    if (Descriptors.endpoint(number) instanceof Listener listener) {
      listener.setBacklog(backlog);
      return;
    }
    SocketNote note = SocketNote.find(number);
    if (!on || note == null) {
      return;
    }
    InetAddress address = HuskNet.localAddress(fd);
    Ports.Port port = Ports.of(HuskNet.localPort(fd));
    if (off.contains(port.number)) {
      port.left = PortCount.Left.SWITCHED_OFF;
      return;
    }
    if (HuskNet.isReusePort(fd)) {
      // The kernel spreads connections over all who share it, other processes among them.
      port.left = PortCount.Left.SHARED;
      return;
    }
    port.left = null;
    HuskNet.configureBlocking(fd, false);
    Listener listener = new Listener(address, port, backlog, note);
    Descriptors.attach(number, listener);
    port.listeners.add(listener);
  }

  /**
   * Connects a socket within the process.
   *
   * @return whether it did; where not, the kernel is to
   */
  static boolean connect(boolean ipv6, FileDescriptor fd, int number, InetAddress remote, int to)
      throws IOException {
    Ports.Port port = Ports.find(to);
    if (port == null || Descriptors.endpoint(number) != null) {
      return false;
    }
    Listener listener = port.find(remote);
    if (listener == null || (!ipv6 && !(remote instanceof Inet4Address))) {
      return false;
    }
    InetAddress source = LocalAddresses.sourceFor(remote);
    if (source == null) {
      return false;
    }
    SocketNote note = SocketNote.find(number);
    if (note == null) {
      return false;
    }
    if (note.reuseAddress && note.bound) {
      // It may have the same port as another: only the kernel knows which pairs exist.
      port.count.left(PortCount.Left.CLIENT);
      return false;
    }
    InetAddress own = note.bound ? HuskNet.localAddress(fd) : source;
    if (own.isAnyLocalAddress()) {
      own = source;
    } else if ((own instanceof Inet4Address) != (remote instanceof Inet4Address)) {
      port.count.left(PortCount.Left.FAMILY);
      return false;
    }
    int localPort = localPort(fd, number, ipv6, source, note);
    if (localPort == 0) {
      port.count.left(PortCount.Left.NO_PORT);
      return false;
    }
    Stream client =
        Stream.connect(
            own, localPort, LocalAddresses.nameless(remote), to, note, listener, port.count);
    if (!client.peer().open()) {
      port.count.left(PortCount.Left.NO_DESCRIPTOR);
      return false;
    }
    client.owner = fd;
    Descriptors.attach(number, client);
    listener.add(client);
    return true;
  }

  /** The kernel has connected a socket to a port of this machine or another. */
  static void leftToKernel(int to) {
    Ports.Port port = Ports.find(to);
    PortCount.Left left = port == null ? null : port.left;
    if (left != null) {
      port.count.left(left);
    }
  }

  /**
   * The local port: the one the app has bound, or one that the kernel reserves, so that neither it
   * nor another process gives it out again; 0 where none is to be had.
   */
  private static int localPort(
      FileDescriptor fd, int number, boolean ipv6, InetAddress source, SocketNote note)
      throws IOException {
    if (note.bound) {
      return HuskNet.localPort(fd);
    }
    ParkedSocket parked = note.parked;
    if (parked != null && parked.address.equals(source)) {
      return parked.port;
    }
    ParkedSocket.toKernel(fd, note);
    try {
      if (note.reuseAddress) {
        // Nobody is to share the port. What the app has set is noted.
        HuskNet.setIntOption(fd, true, SocketNote.SOL_SOCKET, SocketNote.SO_REUSEADDR, 0, ipv6);
      }
      HuskNet.bind(fd, ipv6, false, source, 0);
    } catch (IOException e) {
      return 0;
    }
    int port = HuskNet.localPort(fd);
    if (!note.inKernel) {
      note.parked = new ParkedSocket(number, ipv6, source, port);
    }
    return port;
  }
}
