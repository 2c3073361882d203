package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/**
 * A bound datagram socket of the kernel's that also takes datagrams from this JVM. The kernel's
 * descriptor doesn't block, whatever the app has set: who waits, waits for both.
 *
 * <p>Datagrams between two such sockets stay in the process; what comes from elsewhere, or goes
 * there, is the kernel's, multicast and sockets that share their port among it.
 */
final class Datagrams extends Endpoint {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long RING = U.objectFieldOffset(Datagrams.class, "ring");

  /** As the kernel's {@code rmem_default}. */
  private static final int DEFAULT_LIMIT = 212_992;

  /** The longest that IPv4 takes (RFC 768): longer ones are the kernel's to refuse. */
  private static final int LONGEST = 65_507;

  /** Datagrams from this JVM in a row after which the kernel's are looked for. */
  private static final int TURN = 4;

  final DatagramNote note;
  private final DatagramPorts.Port port;

  /** The bound address; both 0 for any. Of one who connects, the kernel narrows it. */
  private volatile long high;

  private volatile long low;
  private volatile boolean any;

  /** The peer's port where it is connected, else 0; written after the address. */
  private volatile int remotePort;

  private volatile long remoteHigh;
  private volatile long remoteLow;

  private volatile boolean closed;
  private volatile boolean blocking;

  /** Made by the first who sends something here. */
  private volatile @Nullable DatagramRing ring;

  /** Datagrams from this JVM in a row. By who receives, one at a time. */
  private int inARow;

  private Datagrams(DatagramNote note, DatagramPorts.Port port) {
    this.note = note;
    this.port = port;
    this.blocking = note.blocking;
  }

  /** The app has bound a socket of the kernel's: from now on this JVM finds it. */
  static void bound(FileDescriptor fd, int number, DatagramNote note) throws IOException {
    Endpoint before = Descriptors.endpoint(number);
    InetAddress address = HuskNet.localAddress(fd);
    int to = HuskNet.localPort(fd);
    if (before instanceof Datagrams socket) {
      HuskNet.configureBlocking(fd, false);
      socket.bindTo(address);
      return;
    }
    if (note.shared || address.isMulticastAddress() || !Loopback.serves(to)) {
      return;
    }
    HuskNet.configureBlocking(fd, false);
    Datagrams socket = new Datagrams(note, DatagramPorts.of(to));
    socket.bindTo(address);
    Descriptors.attach(number, socket);
    socket.port.sockets.add(socket);
  }

  private void bindTo(InetAddress address) {
    any = address.isAnyLocalAddress();
    high = RawAddress.high(address);
    low = RawAddress.low(address);
  }

  /** The app has connected or disconnected it; {@code remote} is null for the latter. */
  void connected(FileDescriptor fd, @Nullable InetAddress remote, int to) throws IOException {
    remotePort = 0;
    if (HuskNet.localPort(fd) != 0) {
      bindTo(HuskNet.localAddress(fd));
    }
    if (remote != null) {
      remoteHigh = RawAddress.high(remote);
      remoteLow = RawAddress.low(remote);
      remotePort = to;
    }
  }

  @Override
  public boolean isHybrid() {
    return true;
  }

  @Override
  public int poll() {
    if (closed) {
      // One who enters the wait when it was just closed must not stay in it.
      return IN | OUT | HUP;
    }
    DatagramRing ring = this.ring;
    return ring == null || ring.isEmpty() ? 0 : IN;
  }

  @Override
  public void setBlocking(boolean blocking) {
    this.blocking = blocking;
    note.blocking = blocking;
  }

  // Sending

  /**
   * Sends a datagram within the process.
   *
   * @return its length, or {@link #UNAVAILABLE} where the kernel is to send it
   */
  int send(Buffers buffers, long address, int length, long high, long low, int to) {
    Datagrams receiver = DatagramPorts.find(to, high, low);
    if (receiver == null || closed) {
      return UNAVAILABLE;
    }
    long whole = buffers.size(address, length);
    if (whole > LONGEST || (note.sendBuffer != 0 && whole > note.sendBuffer)) {
      return UNAVAILABLE;
    }
    long sourceHigh = this.high;
    long sourceLow = this.low;
    if (any) {
      if (RawAddress.isLoopback(high, low)) {
        sourceHigh = high;
        sourceLow = RawAddress.loopbackSource(high, low);
      } else {
        InetAddress source = sourceFor(high, low);
        if (source == null) {
          return UNAVAILABLE;
        }
        sourceHigh = RawAddress.high(source);
        sourceLow = RawAddress.low(source);
      }
    }
    Capture capture = Capture.active();
    if (capture != null) {
      capture(capture, sourceHigh, sourceLow, high, low, to, buffers, address, length);
    }
    return receiver.take(buffers, address, length, (int) whole, sourceHigh, sourceLow, port.number)
        ? (int) whole
        : UNAVAILABLE;
  }

  private void capture(
      Capture capture,
      long sourceHigh,
      long sourceLow,
      long high,
      long low,
      int to,
      Buffers buffers,
      long address,
      int length) {
    try {
      InetAddress source = RawAddress.toInetAddress(sourceHigh, sourceLow);
      InetAddress target = RawAddress.toInetAddress(high, low);
      capture.datagram(source, port.number, target, to, buffers, address, length);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable InetAddress sourceFor(long high, long low) {
    try {
      return LocalAddresses.sourceFor(RawAddress.toInetAddress(high, low));
    } catch (IOException e) {
      return null;
    }
  }

  /** Sends to the peer of a connected socket; as above. */
  int sendConnected(Buffers buffers, long address, int length) {
    int to = remotePort;
    return to == 0 ? UNAVAILABLE : send(buffers, address, length, remoteHigh, remoteLow, to);
  }

  /** Whether a datagram to an address is for this socket, as far as that goes. */
  boolean takes(long high, long low) {
    return any
        ? (note.ipv6 || RawAddress.isIpv4(high, low))
            && (RawAddress.isLoopback(high, low) || sourceFor(high, low) != null)
        : this.high == high && this.low == low;
  }

  private boolean take(
      Buffers buffers, long address, int length, int whole, long high, long low, int from) {
    int peer = remotePort;
    if (peer != 0 && (peer != from || remoteHigh != high || remoteLow != low)) {
      // The kernel knows what becomes of a datagram for a socket that is connected to another.
      return false;
    }
    DatagramRing ring = this.ring;
    if (ring == null) {
      int limit = note.receiveBuffer == 0 ? DEFAULT_LIMIT : 2 * note.receiveBuffer;
      U.compareAndSetReference(this, RING, null, new DatagramRing(Math.min(limit, 8 << 20)));
      ring = this.ring;
    }
    int at = ring.claim(whole);
    if (at < 0) {
      DatagramPorts.dropped.increment();
      return true;
    }
    int offset = 0;
    for (int i = 0; i < buffers.count(length); i++) {
      int part = (int) buffers.length(address, length, i);
      ring.put(at, offset, buffers.address(address, i), part);
      offset += part;
    }
    ring.publish(at, whole, high, low, from);
    DatagramPorts.delivered.increment();
    U.fullFence();
    changed(IN);
    return true;
  }

  // Receiving

  /**
   * Receives a datagram; what doesn't fit is lost.
   *
   * @param source where to write the sender's {@code sockaddr}; 0 for a socket that is read, not
   *     received from
   * @return its length as far as it fits, or a status
   */
  long receive(
      FileDescriptor fd, Buffers buffers, long address, int length, long source, boolean connected)
      throws IOException {
    for (; ; ) {
      long n = UNAVAILABLE;
      if (inARow < TURN) {
        n = receiveOwn(buffers, address, length, source);
      }
      if (n == UNAVAILABLE) {
        inARow = 0;
        if (!kernelWouldBlock()) {
          n = receiveKernels(fd, buffers, address, length, source, connected);
          kernelDone(n == UNAVAILABLE);
        }
        if (n == UNAVAILABLE) {
          n = receiveOwn(buffers, address, length, source);
        }
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

  private long receiveOwn(Buffers buffers, long address, int length, long source) {
    DatagramRing ring = this.ring;
    int at = ring == null ? -1 : ring.first();
    if (at < 0) {
      return UNAVAILABLE;
    }
    inARow++;
    int whole = ring.length(at);
    int offset = 0;
    for (int i = 0; i < buffers.count(length) && offset < whole; i++) {
      int part = (int) Math.min(buffers.length(address, length, i), whole - offset);
      ring.get(at, offset, buffers.address(address, i), part);
      offset += part;
    }
    if (source != 0) {
      RawAddress.put(source, note.ipv6, ring.high(at), ring.low(at), ring.port(at));
    }
    ring.remove(at);
    // The JDK's read of an empty datagram says that the stream has ended.
    return offset == 0 && source == 0 ? EOF : offset;
  }

  private static long receiveKernels(
      FileDescriptor fd, Buffers buffers, long address, int length, long source, boolean connected)
      throws IOException {
    if (source != 0) {
      return HuskNet.receive(fd, address, length, source, connected);
    }
    return buffers == Buffers.ONE
        ? HuskNet.readDatagram(fd, address, length)
        : HuskNet.readvDatagram(fd, address, length);
  }

  // Ends

  @Override
  public void preClose() {
    if (!closed) {
      closed = true;
      port.sockets.remove(this);
    }
    changed(IN | OUT);
  }

  @Override
  public boolean close() {
    preClose();
    return true;
  }
}
