package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import dev.husk.scheduler.Handover;
import dev.husk.scheduler.SocketErrors;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;
import sun.nio.ch.HuskNio;

/**
 * One end of a connection within the process. Its two directions are {@link StreamRing}s that it
 * shares with its peer; what TCP says beside the bytes (FIN, RST) is said by flags.
 *
 * <p>Implementation notes. The errors follow Linux's {@code tcp_recvmsg}, {@code tcp_sendmsg},
 * {@code tcp_reset} and {@code tcp_poll}: bytes that have arrived are read first; then a FIN is the
 * end for good; then a reset is an error once, and the end from then on. Whoever changes what the
 * other side may wait for makes a full fence and tells it; who waits enters itself, by an atomic
 * exchange, and looks again.
 */
final class Stream extends Endpoint {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long FLAGS = U.objectFieldOffset(Stream.class, "flags");
  private static final long ERROR = U.objectFieldOffset(Stream.class, "error");

  /** What a loopback connection of the kernel's takes in without being read, about. */
  static final int DEFAULT_LIMIT = 4 << 20;

  /** The option's value where the app hasn't set it: about that of a connection on loopback. */
  static final int DEFAULT_SEND_BUFFER = DEFAULT_LIMIT >> 1;

  /** As the kernel's smallest buffers. */
  private static final int LEAST_LIMIT = 4 << 10;

  /** Bytes under way from which on a writer lets the reader run: beyond, they leave the cache. */
  private static final int PLENTY = StreamRing.LARGE >> 1;

  /** Bytes that take longer to copy twice than the reader takes to come back. */
  private static final int LARGE_HANDOVER = 16 << 10;

  // Flags
  private static final int READ_SHUT = 1;
  private static final int WRITE_SHUT = 2;

  /** No call will come; to the peer the socket is gone. */
  private static final int CLOSED = 4;

  /** A reset came, or was answered to what was written to a closed socket. */
  private static final int RESET = 8;

  /** Its descriptor is closed. */
  private static final int DONE = 16;

  /** Both ends are done, and that has been counted; of the client's end. */
  private static final int COUNTED = 32;

  /** Of a client: the listener has no room for it yet. */
  private static final int CONNECTING = 64;

  /** Of a client: the listener was closed before it had room. */
  private static final int REFUSED = 128;

  /** Of a client: the listener hasn't had room for as long as the kernel would have tried. */
  private static final int TIMED_OUT = 256;

  private static final int FAILED = REFUSED | TIMED_OUT;

  // Errors of asm-generic/errno.h, which both platforms use.
  private static final int EPIPE = 32;
  private static final int ECONNRESET = 104;

  final InetAddress localAddress;
  final int localPort;
  final InetAddress remoteAddress;
  final int remotePort;
  final PortCount count;

  private final StreamRing in;
  private final StreamRing out;
  private Stream peer;
  private final SocketNote note;
  private final boolean isClient;

  /** What its blocked reader offers. */
  private final Handover handover = new Handover();

  /**
   * The JDK's object for the descriptor, which tells this connection from a later one of the same
   * number. Written before the app has the socket.
   */
  @Nullable FileDescriptor owner;

  /** What its sequence numbers start with in a capture. Written once, before any byte. */
  int initialSequence;

  /** Of an accepted socket: where its options come from; null once it has them. */
  private @Nullable Listener listener;

  /** Of a client that waits for room: what ends that. Written before the listener has it. */
  private @Nullable Future<?> timeout;

  /** Changed atomically. */
  private volatile int flags;

  /** An error that nobody has been told of, 0 for none. */
  @SuppressWarnings("unused")
  private volatile int error;

  private volatile boolean blocking;

  /** A socket of the kernel's that keeps the options nobody else knows, made when asked for. */
  private @Nullable FileDescriptor shadow;

  private Stream(
      InetAddress localAddress,
      int localPort,
      InetAddress remoteAddress,
      int remotePort,
      StreamRing in,
      StreamRing out,
      SocketNote note,
      boolean isClient,
      PortCount count) {
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.in = in;
    this.out = out;
    this.note = note;
    this.isClient = isClient;
    this.count = count;
    this.blocking = note.blocking;
  }

  /**
   * Makes both ends of a connection.
   *
   * @return the client's
   */
  static Stream connect(
      InetAddress local,
      int localPort,
      InetAddress remote,
      int remotePort,
      SocketNote client,
      Listener listener,
      PortCount count) {
    SocketNote server = listener.noteForAccepted();
    StreamRing there = new StreamRing(limit(client.sendBuffer, server.receiveBuffer));
    StreamRing back = new StreamRing(limit(server.sendBuffer, client.receiveBuffer));
    Stream one = new Stream(local, localPort, remote, remotePort, back, there, client, true, count);
    Stream other =
        new Stream(remote, remotePort, local, localPort, there, back, server, false, count);
    one.peer = other;
    other.peer = one;
    one.flags = CONNECTING;
    other.listener = listener;
    return one;
  }

  /** A ring holds what the sender's and the receiver's buffer would; the kernel doubles both. */
  private static int limit(int sendBuffer, int receiveBuffer) {
    if (sendBuffer == 0 && receiveBuffer == 0) {
      return DEFAULT_LIMIT;
    }
    long limit =
        2L * (sendBuffer == 0 ? DEFAULT_LIMIT / 4 : sendBuffer)
            + 2L * (receiveBuffer == 0 ? DEFAULT_LIMIT / 4 : receiveBuffer);
    return (int) Math.min(Math.max(limit, LEAST_LIMIT), 2L * DEFAULT_LIMIT);
  }

  /** Gives the server's end a descriptor, before the client can write to it; false for none. */
  boolean open() {
    int fd = Descriptors.open(this);
    if (fd < 0) {
      return false;
    }
    Descriptors.note(fd, note);
    count.opened();
    return true;
  }

  Stream peer() {
    return peer;
  }

  // Connecting

  /** The listener has no room for it: it waits, for as long as the kernel would try. */
  void waits() {
    timeout = after(SynRetries.nanos(), new Timeout(this));
  }

  private static final class Timeout implements Runnable {
    private final Stream client;

    Timeout(Stream client) {
      this.client = client;
    }

    @Override
    public void run() {
      client.settle(TIMED_OUT);
    }
  }

  /**
   * The listener takes it.
   *
   * @return false where it has been closed, or has waited too long
   */
  boolean established() {
    if (!isPending(flags)) {
      return false;
    }
    Capture capture = Capture.active();
    if (capture != null) {
      // Before the client can write.
      capture.connected(this);
    }
    return settle(0);
  }

  /** The listener is closed and hasn't taken it. */
  void refused() {
    settle(REFUSED);
    peer.refuse();
  }

  /**
   * Ends the wait for the listener.
   *
   * @param failure a flag, or 0 for none
   * @return false where it has ended already
   */
  private boolean settle(int failure) {
    int before;
    do {
      before = flags;
      if (!isPending(before)) {
        return false;
      }
    } while (!U.compareAndSetInt(
        this, FLAGS, before, failure == 0 ? before & ~CONNECTING : before | failure));
    stopTimeout();
    changed(failure == 0 ? OUT : IN | OUT | ERR | HUP);
    return true;
  }

  private static boolean isPending(int flags) {
    return (flags & (CONNECTING | FAILED | CLOSED)) == CONNECTING;
  }

  private void stopTimeout() {
    Future<?> timeout = this.timeout;
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  /**
   * The end of a {@code connect} call: waits for the listener where the socket blocks.
   *
   * @return false where it doesn't; as on the kernel, which is never done at once, though this is
   * @throws ConnectException when the listener was closed, or had no room for too long
   */
  boolean finishConnect() throws IOException {
    if (!blocking) {
      return false;
    }
    while (!isConnected()) {
      await(true, 0, null);
      if (is(CLOSED)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the connection is there.
   *
   * @throws ConnectException when it was refused, or has waited too long
   */
  boolean isConnected() throws IOException {
    int flags = this.flags;
    if ((flags & REFUSED) != 0) {
      throw new ConnectException(SocketErrors.REFUSED);
    }
    if ((flags & TIMED_OUT) != 0) {
      throw new ConnectException(SocketErrors.TIMED_OUT);
    }
    return (flags & CONNECTING) == 0;
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether this call was the one that set it. */
  private boolean set(int flag) {
    return (U.getAndBitwiseOrInt(this, FLAGS, flag) & flag) != flag;
  }

  @Override
  public int poll() {
    int flags = this.flags;
    if ((flags & (CONNECTING | CLOSED)) == CONNECTING) {
      return (flags & FAILED) == 0 ? 0 : IN | OUT | ERR | HUP;
    }
    int events = 0;
    boolean ended = in.isFinished() || (flags & (READ_SHUT | RESET)) != 0;
    boolean wrote = (flags & (WRITE_SHUT | RESET)) != 0;
    if (in.isReadable(note.oobInline)) {
      events |= IN;
    }
    if (ended) {
      events |= IN | RDHUP;
    }
    if (wrote || out.isWritable()) {
      events |= OUT;
    }
    if ((ended && wrote) || (flags & CLOSED) != 0) {
      events |= HUP;
    }
    if (error != 0) {
      events |= ERR;
    }
    return events;
  }

  @Override
  public boolean isReady(boolean write) {
    if (is(CONNECTING)) {
      return (flags & (FAILED | CLOSED)) != 0;
    }
    return write
        ? out.isWritable() || is(WRITE_SHUT | CLOSED | RESET)
        : in.isReadable(note.oobInline) || isReadSpecial();
  }

  /** Whether a reader has anything but bytes to look at. */
  private boolean isReadSpecial() {
    return in.isFinished() || is(READ_SHUT | CLOSED | RESET);
  }

  // Reading

  /**
   * Reads as a blocking socket's stream does, without what the kernel would need for that: waits
   * until there is something.
   *
   * @param nanos how long at most, 0 without limit
   * @return how much, or {@link #UNAVAILABLE} where the socket has come to an end of some kind
   * @throws SocketTimeoutException when the time is over
   * @throws InterruptedIOException when the app's own virtual thread is interrupted
   */
  int readBlocking(byte[] bytes, int offset, int length, long nanos) throws IOException {
    long start = nanos > 0 ? System.nanoTime() : 0;
    long left = nanos;
    for (; ; ) {
      int n = take(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, length);
      if (n > 0) {
        return n;
      }
      if (isReadSpecial()) {
        return UNAVAILABLE;
      }
      in.relax();
      if (nanos > 0) {
        left = nanos - (System.nanoTime() - start);
        if (left <= 0) {
          throw new SocketTimeoutException("Read timed out");
        }
      }
      handover.offer(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset, length);
      boolean interrupted = blockUnlessInterrupted(handover, left);
      n = handover.end();
      if (n > 0) {
        return n;
      }
      if (interrupted) {
        throw new InterruptedIOException();
      }
    }
  }

  /**
   * Writes as a blocking socket's stream does.
   *
   * @return how much, at least a byte, or {@link #UNAVAILABLE} as for reading
   */
  int writeBlocking(byte[] bytes, int offset, int length) throws IOException {
    for (; ; ) {
      if (is(WRITE_SHUT | CLOSED | RESET)) {
        return UNAVAILABLE;
      }
      long from = Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) offset;
      int n = handOver(bytes, from, length);
      if (n > 0) {
        return n;
      }
      n = give(bytes, from, length);
      if (n > 0) {
        wrote();
        return n;
      }
      if (blockUnlessInterrupted(true, 0)) {
        throw new InterruptedIOException();
      }
    }
  }

  @Override
  public int read(long address, int length) throws IOException {
    return (int) read(Buffers.ONE, null, address, length);
  }

  @Override
  public long readv(long vectors, int count) throws IOException {
    return read(Buffers.VECTORS, null, vectors, count);
  }

  /** Reads into an array, or to native memory where {@code base} is null. */
  long read(Buffers buffers, @Nullable Object base, long address, int length) throws IOException {
    for (; ; ) {
      long n = tryRead(buffers, base, address, length);
      if (n != UNAVAILABLE || !blocking) {
        return n;
      }
      await(false, 0, null);
      if (is(CLOSED)) {
        return INTERRUPTED;
      }
    }
  }

  private long tryRead(Buffers buffers, @Nullable Object base, long address, int length)
      throws IOException {
    // The last bytes are written before the end is said.
    boolean finished = in.isFinished();
    long sum = 0;
    for (int i = 0; i < buffers.count(length); i++) {
      int part = (int) Math.min(buffers.length(address, length, i), Integer.MAX_VALUE);
      int n = take(base, buffers.address(address, i), part);
      sum += n;
      if (n < part) {
        break;
      }
    }
    return sum != 0 ? sum : finished ? EOF : nothingToRead();
  }

  /** Reads what there is; the writer that waits for the room is told. */
  private int take(@Nullable Object base, long offset, int length) {
    long before = in.position();
    int n = in.read(base, offset, length, note.oobInline);
    if (n > 0) {
      // The room is published; a writer that waits for it is seen now, or sees it.
      U.fullFence();
      long unread = in.unread();
      int half = in.limit() >> 1;
      if (unread <= half && unread + (in.position() - before) > half) {
        peer.changed(OUT);
      }
    }
    return n;
  }

  private int nothingToRead() throws IOException {
    int error = takeError();
    if (error != 0) {
      if (error == ECONNRESET) {
        throw HuskNio.connectionReset();
      }
      throw new IOException(SocketErrors.BROKEN_PIPE);
    }
    if (is(READ_SHUT | RESET)) {
      return EOF;
    }
    in.relax();
    return UNAVAILABLE;
  }

  private int takeError() {
    return error == 0 ? 0 : U.getAndSetInt(this, ERROR, 0);
  }

  /** Bytes that can be read without blocking. */
  int available() {
    return (int) in.available(note.oobInline);
  }

  // Writing

  @Override
  public int write(long address, int length) throws IOException {
    return (int) write(Buffers.ONE, null, address, length);
  }

  @Override
  public long writev(long vectors, int count) throws IOException {
    return write(Buffers.VECTORS, null, vectors, count);
  }

  /** Writes from an array, or from native memory where {@code base} is null. */
  long write(Buffers buffers, @Nullable Object base, long address, int length) throws IOException {
    long whole = buffers.size(address, length);
    long done = 0;
    for (; ; ) {
      if (is(WRITE_SHUT | RESET | CLOSED)) {
        if (done > 0) {
          return done;
        }
        throw failedWrite();
      }
      long n = put(buffers, base, address, length, done);
      if (n > 0) {
        wrote();
        done += n;
        if (done == whole || !blocking) {
          return done;
        }
      } else if (whole == 0) {
        return 0;
      } else if (!blocking) {
        return UNAVAILABLE;
      }
      await(true, 0, null);
      if (is(CLOSED)) {
        return done > 0 ? done : INTERRUPTED;
      }
    }
  }

  /** Writes what there is room for, leaving out what is done. */
  private long put(Buffers buffers, @Nullable Object base, long address, int length, long done) {
    long sum = 0;
    long skip = done;
    for (int i = 0; i < buffers.count(length); i++) {
      long part = buffers.length(address, length, i);
      if (skip >= part) {
        skip -= part;
        continue;
      }
      int left = (int) Math.min(part - skip, Integer.MAX_VALUE);
      int n = give(base, buffers.address(address, i) + skip, left);
      skip = 0;
      sum += n;
      if (n < left) {
        break;
      }
    }
    return sum;
  }

  private int give(@Nullable Object base, long offset, int length) {
    int n = out.write(base, offset, length);
    if (n > 0) {
      capture(base, offset, n);
    }
    return n;
  }

  private void capture(@Nullable Object base, long offset, int length) {
    Capture capture = Capture.active();
    if (capture != null) {
      capture.wrote(this, out.written() - length, base, offset, length);
    }
  }

  /**
   * Gives bytes to a reader that waits for them, past the ring, and lets it go on.
   *
   * @return how much, 0 where nobody waits so
   */
  private int handOver(@Nullable Object base, long offset, int length) {
    Handover reader = length > 0 && out.isIdle() ? peer.takeReader() : null;
    if (reader == null) {
      return 0;
    }
    int n = 0;
    try {
      n = Math.min(length, reader.length());
      U.copyMemory(base, offset, reader.base(), reader.offset(), n);
      out.passBy(n);
      capture(base, offset, n);
    } finally {
      reader.finish(n);
    }
    if (n >= LARGE_HANDOVER && Thread.currentThread().isVirtual()) {
      // What is written next can go the same way when the reader is back.
      Thread.yield();
    }
    return n;
  }

  /** Bytes were written: whoever waits for them is told. */
  private void wrote() {
    U.fullFence();
    peer.changed(IN);
    if (out.unread() > 0) {
      int peerFlags = peer.flags;
      if ((peerFlags & CLOSED) != 0
          || (peerFlags & (READ_SHUT | WRITE_SHUT)) == (READ_SHUT | WRITE_SHUT)) {
        // It closed before it could read what was just written: TCP answers with a reset.
        reset();
      } else if (out.unread() > PLENTY && Thread.currentThread().isVirtual()) {
        Thread.yield();
      }
    }
  }

  private IOException failedWrite() {
    return new IOException(
        takeError() == ECONNRESET ? SocketErrors.RESET : SocketErrors.BROKEN_PIPE);
  }

  /** Sends a byte of urgent data. */
  int writeUrgent(byte data) throws IOException {
    if (is(WRITE_SHUT | RESET | CLOSED)) {
      throw failedWrite();
    }
    byte[] one = {data};
    out.markUrgent();
    return (int) write(Buffers.ONE, one, Unsafe.ARRAY_BYTE_BASE_OFFSET, 1);
  }

  // Ends

  void shutdown(boolean read, boolean write) {
    if (read && set(READ_SHUT)) {
      changed(IN | RDHUP);
    }
    if (write && set(WRITE_SHUT)) {
      finish();
      U.fullFence();
      peer.changed(IN | RDHUP);
      changed(OUT);
    }
  }

  /** What is written is the last. */
  private void finish() {
    Capture capture = Capture.active();
    if (capture != null) {
      capture.finished(this);
    }
    out.finish();
  }

  /** Bytes that the app has written, for a capture. */
  long sent() {
    return out.written();
  }

  /** Bytes that the peer has written, for a capture. */
  long received() {
    return in.written();
  }

  /** A reset has come from the peer. */
  void reset() {
    if (set(RESET)) {
      Capture capture = Capture.active();
      if (capture != null) {
        capture.reset(peer);
      }
      // Having had the peer's FIN a socket is in CLOSE_WAIT: tcp_reset() says EPIPE then.
      U.compareAndSetInt(this, ERROR, 0, in.isFinished() ? EPIPE : ECONNRESET);
      U.fullFence();
      changed(IN | OUT | ERR | HUP);
    }
  }

  @Override
  public void setBlocking(boolean blocking) {
    this.blocking = blocking;
    note.blocking = blocking;
  }

  @Override
  public void preClose() {
    // The kernel's socket of that number, if it has one, is replaced by the JDK.
    note.parked = null;
    end();
  }

  @Override
  public boolean close() {
    if (isClient && note.inKernel) {
      // What the app has set would be the next connection's.
      note.parked = null;
    }
    boolean kernelsToo = note.parked == null;
    end();
    set(DONE);
    countEnd();
    return kernelsToo;
  }

  /** The socket is gone to the peer, and to threads in a call on it. */
  private void end() {
    if (!set(CLOSED)) {
      return;
    }
    U.fullFence();
    if (in.unread() > 0 || note.linger == 0) {
      peer.reset();
    } else {
      if (!out.isFinished()) {
        finish();
      }
      U.fullFence();
      // A writer that waits for room learns that nobody will make any.
      peer.changed(IN | RDHUP | OUT);
    }
    changed(IN | OUT | HUP);
    if (is(CONNECTING)) {
      stopTimeout();
      Listener listener = peer.listener;
      if (listener != null) {
        listener.left(this);
      }
    }
    FileDescriptor shadow = this.shadow;
    if (shadow != null) {
      try {
        HuskNet.close(shadow);
      } catch (IOException e) {
        // As with any close of a descriptor that is done with.
        this.shadow = null;
      }
    }
  }

  private void countEnd() {
    Stream client = isClient ? this : peer;
    if (peer.is(DONE) && client.set(COUNTED)) {
      count.closed();
      ParkedSocket parked = client.note.parked;
      if (parked != null) {
        parked.release();
      }
    }
  }

  /** The server's end of a connection that nobody will accept. */
  void refuse() {
    set(CLOSED | DONE);
    U.fullFence();
    countEnd();
    Descriptors.close(fd());
  }

  // Options

  /** The app has set an option; what it says of buffers holds for the rings. */
  void optionSet(int level, int name, int value) {
    if (level == SocketNote.SOL_SOCKET) {
      // A writer that waits may have room now.
      if (name == SocketNote.SO_SNDBUF) {
        out.setLimit(limit(value, peer.note.receiveBuffer));
        changed(OUT);
      } else if (name == SocketNote.SO_RCVBUF) {
        in.setLimit(limit(peer.note.sendBuffer, value));
        peer.changed(OUT);
      }
    }
  }

  /** Whether an option is that of the send buffer, and the app hasn't set it. */
  boolean isSendBuffer(int level, int name) {
    return level == SocketNote.SOL_SOCKET && name == SocketNote.SO_SNDBUF && note.sendBuffer == 0;
  }

  /** A socket of the kernel's with the options of this one, for what only the kernel knows. */
  synchronized FileDescriptor kernelSocket() throws IOException {
    FileDescriptor shadow = this.shadow;
    if (shadow == null) {
      note.inKernel = true;
      if (!Descriptors.isVirtual(fd())) {
        return HuskNet.descriptor(fd());
      }
      shadow = HuskNet.descriptor(HuskNet.socket(note.ipv6, true, note.reuseAddress, false));
      if (note.receiveBuffer != 0) {
        HuskNet.setIntOption(
            shadow,
            true,
            SocketNote.SOL_SOCKET,
            SocketNote.SO_RCVBUF,
            note.receiveBuffer,
            note.ipv6);
      }
      Listener listener = this.listener;
      if (listener != null && !listener.isClosed()) {
        InheritedOptions.copy(listener.kernelSocket(), shadow, note.ipv6);
      }
      this.listener = null;
      this.shadow = shadow;
    }
    return shadow;
  }
}
