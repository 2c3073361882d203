package dev.husk.netpath;

import dev.husk.scheduler.Endpoint;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import sun.nio.ch.HuskNet;

/**
 * A listening socket of the kernel's that also takes connections from this JVM. The kernel's
 * descriptor doesn't block, whatever the app has set: who waits, waits for both.
 */
final class Listener extends Endpoint {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();

  /** Connections from this JVM in a row after which the kernel's are looked for. */
  private static final int TURN = 4;

  /** The kernel's {@code somaxconn}, as it is by default (since Linux 5.4). */
  private static final int MOST_BACKLOG = 4096;

  final InetAddress address;
  final Ports.Port port;

  /** Bound to the wildcard address, for which families. */
  private final boolean any;

  private final boolean anyIpv6;

  private final SocketNote note;
  private final ConcurrentLinkedQueue<Stream> pending = new ConcurrentLinkedQueue<>();

  /** Clients for which there is no room yet. */
  private final ConcurrentLinkedQueue<Stream> waiting = new ConcurrentLinkedQueue<>();

  /** Connections pending, and those about to be. */
  private final AtomicInteger reserved = new AtomicInteger();

  private volatile int backlog;
  private volatile boolean closed;
  private volatile boolean blocking;

  /** Connections from this JVM in a row. By whoever accepts, one at a time. */
  private int inARow;

  Listener(InetAddress address, Ports.Port port, int backlog, SocketNote note) {
    this.address = address;
    this.port = port;
    this.any = address.isAnyLocalAddress();
    this.anyIpv6 = any && !(address instanceof Inet4Address);
    this.note = note;
    setBacklog(backlog);
    this.blocking = note.blocking;
  }

  /** The kernel's socket, for what accepted ones inherit from it. */
  FileDescriptor kernelSocket() {
    return HuskNet.descriptor(fd());
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it is bound to all addresses of this one's family. */
  boolean takesAny(InetAddress remote) {
    // The JDK makes sockets of the IPv6 family take IPv4, too.
    return any && (anyIpv6 || remote instanceof Inet4Address);
  }

  void setBacklog(int backlog) {
    this.backlog = Math.min(backlog, MOST_BACKLOG);
  }

  @Override
  public boolean isHybrid() {
    return true;
  }

  @Override
  public int poll() {
    // One who enters the wait when it was just closed must not stay in it.
    return closed ? IN | HUP : pending.isEmpty() ? 0 : IN;
  }

  @Override
  public void setBlocking(boolean blocking) {
    this.blocking = blocking;
    note.blocking = blocking;
  }

  // The connecting side, any thread

  /**
   * Takes a place in the backlog.
   *
   * @return false where it is full
   */
  private boolean reserve() {
    // As the kernel, which has room for one more than the backlog.
    if (reserved.incrementAndGet() > backlog + 1) {
      reserved.decrementAndGet();
      return false;
    }
    return true;
  }

  /** The socket of an accepted connection starts with what the listener's has set. */
  SocketNote noteForAccepted() {
    SocketNote accepted = new SocketNote(note.ipv6);
    accepted.reuseAddress = note.reuseAddress;
    accepted.oobInline = note.oobInline;
    accepted.linger = note.linger;
    accepted.sendBuffer = note.sendBuffer;
    accepted.receiveBuffer = note.receiveBuffer;
    return accepted;
  }

  /**
   * Takes the connection of a client, which is to be accepted, or which waits until there is room
   * in the backlog.
   */
  void add(Stream client) {
    if (closed) {
      client.refused();
      return;
    }
    if (waiting.isEmpty() && reserve()) {
      establish(client);
    } else {
      client.waits();
      waiting.add(client);
      takeWaiting();
    }
    if (closed) {
      refuseAll();
    }
  }

  /** Takes a client, for which there is a place; it may have given up. */
  private void establish(Stream client) {
    if (!client.established()) {
      reserved.decrementAndGet();
      client.peer().refuse();
      return;
    }
    pending.add(client.peer());
    // The queue's own atomic operations are the fence.
    changed(IN);
  }

  /** A client was closed before there was room for it. */
  void left(Stream client) {
    if (waiting.remove(client)) {
      client.peer().refuse();
    }
  }

  private void takeWaiting() {
    while (!waiting.isEmpty() && reserve()) {
      Stream client = waiting.poll();
      if (client == null) {
        reserved.decrementAndGet();
      } else {
        establish(client);
      }
    }
  }

  // The accepting side, one thread at a time

  /** See {@code Net.accept}. */
  int accept(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] remote)
      throws IOException {
    for (; ; ) {
      boolean kernelFirst = inARow >= TURN;
      int n = kernelFirst ? acceptKernel(fd, accepted, remote) : acceptOwn(accepted, remote);
      if (n == UNAVAILABLE) {
        n = kernelFirst ? acceptOwn(accepted, remote) : acceptKernel(fd, accepted, remote);
      }
      if (n != UNAVAILABLE || !blocking) {
        return n;
      }
      await(false, 0, null);
      if (closed) {
        return INTERRUPTED;
      }
    }
  }

  private int acceptOwn(FileDescriptor accepted, InetSocketAddress[] remote) {
    Stream stream = pending.poll();
    if (stream == null) {
      return UNAVAILABLE;
    }
    reserved.decrementAndGet();
    inARow++;
    if (!waiting.isEmpty()) {
      takeWaiting();
    }
    FD.set(accepted, stream.fd());
    stream.owner = accepted;
    remote[0] = new InetSocketAddress(stream.remoteAddress, stream.remotePort);
    return 1;
  }

  private int acceptKernel(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] remote)
      throws IOException {
    inARow = 0;
    if (kernelWouldBlock()) {
      return UNAVAILABLE;
    }
    int n = NetSeams.acceptKernels(fd, accepted, remote);
    kernelDone(n == UNAVAILABLE);
    return n;
  }

  // Ends

  @Override
  public void preClose() {
    if (!closed) {
      closed = true;
      port.listeners.remove(this);
      refuseAll();
    }
    changed(IN);
  }

  @Override
  public boolean close() {
    preClose();
    return true;
  }

  private void refuseAll() {
    Stream stream;
    while ((stream = pending.poll()) != null) {
      stream.peer().reset();
      stream.refuse();
    }
    while ((stream = waiting.poll()) != null) {
      stream.refused();
    }
  }
}
