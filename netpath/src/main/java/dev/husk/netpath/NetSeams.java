package dev.husk.netpath;

import static dev.husk.runtime.seam.Group.SOCKETS;

import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import dev.husk.scheduler.HuskThreads;
import dev.husk.scheduler.Readiness;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/**
 * The seams under the JDK's sockets, stream sockets above all ({@link DatagramSeams} has what only
 * datagrams have): each asks the table what serves the descriptor and calls that, or the kernel.
 * Reads, writes and closes are in {@code dev.husk.scheduler.SocketSeams}, which asks the same
 * table.
 */
public final class NetSeams {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final String NET = "sun.nio.ch.Net";
  private static final String DISPATCHER = "sun.nio.ch.SocketDispatcher";

  /** {@code sun.nio.ch.IOStatus.UNSUPPORTED_CASE}: the JDK then copies. */
  private static final int UNSUPPORTED_CASE = -6;

  private static final int SHUT_RD = 0;
  private static final int SHUT_WR = 1;

  static {
    HuskThreads.defineInBaseForSockets();
  }

  private NetSeams() {}

  private static @Nullable Endpoint endpoint(FileDescriptor fd) {
    return Descriptors.endpoint(FD.get(fd));
  }

  private static @Nullable Stream stream(FileDescriptor fd) {
    return endpoint(fd) instanceof Stream stream ? stream : null;
  }

  /** The note of a socket that the kernel is to serve from now on; null for what has none. */
  private static @Nullable SocketNote kernels(FileDescriptor fd) throws IOException {
    SocketNote note = SocketNote.find(FD.get(fd));
    if (note != null) {
      ParkedSocket.toKernel(fd, note);
    }
    return note;
  }

  // Making connections

  /** A new socket: only a stream's can be connected within the process. */
  @Replaces(
      type = NET,
      method = "socket0",
      in = {NET + "#socket", NET + "#serverSocket"},
      group = SOCKETS)
  public static int socket(boolean ipv6, boolean stream, boolean reuse, boolean fast)
      throws IOException {
    if (!stream) {
      int fd = ParkedSocket.open(ipv6, false, reuse, fast);
      Descriptors.note(fd, new DatagramNote(ipv6));
      return fd;
    }
    SocketNote note = new SocketNote(ipv6);
    note.reuseAddress = reuse;
    ParkedSocket parked = reuse ? null : ParkedSocket.take(ipv6);
    note.parked = parked;
    int fd = parked != null ? parked.fd() : ParkedSocket.open(ipv6, true, reuse, fast);
    Descriptors.note(fd, note);
    Descriptors.markStream(fd);
    return fd;
  }

  @Replaces(type = NET, method = "bind0", in = NET + "#bind", group = SOCKETS)
  public static void bind(
      FileDescriptor fd, boolean ipv6, boolean exclusive, InetAddress address, int port)
      throws IOException {
    SocketNote note = kernels(fd);
    try {
      HuskNet.bind(fd, ipv6, exclusive, address, port);
    } catch (BindException e) {
      if (port == 0 || !ParkedSocket.closeAll()) {
        throw e;
      }
      HuskNet.bind(fd, ipv6, exclusive, address, port);
    }
    if (note != null) {
      note.bound = true;
      return;
    }
    int number = FD.get(fd);
    DatagramNote datagrams = DatagramNote.find(number);
    if (datagrams != null) {
      Datagrams.bound(fd, number, datagrams);
    }
  }

  @Replaces(
      type = NET,
      method = "listen",
      in = {
        "sun.nio.ch.NioSocketImpl#listen",
        "sun.nio.ch.ServerSocketChannelImpl#netBind",
        "sun.nio.ch.AsynchronousServerSocketChannelImpl#bind"
      },
      group = SOCKETS)
  public static void listen(FileDescriptor fd, int backlog) throws IOException {
    HuskNet.listen(fd, backlog);
    Loopback.listen(fd, FD.get(fd), backlog);
  }

  @Replaces(
      type = NET,
      method = "accept",
      in = {
        "sun.nio.ch.NioSocketImpl#accept",
        "sun.nio.ch.NioSocketImpl#timedAccept",
        "sun.nio.ch.ServerSocketChannelImpl#implAccept",
        "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl#implAccept",
        "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl#onEvent"
      },
      group = SOCKETS)
  public static int accept(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] remote)
      throws IOException {
    if (endpoint(fd) instanceof Listener listener) {
      return listener.accept(fd, accepted, remote);
    }
    Readiness readiness = Descriptors.reads(FD.get(fd));
    int n = 0;
    try {
      n = acceptKernels(fd, accepted, remote);
      return n;
    } finally {
      Descriptors.hasRead(readiness, n == Endpoint.UNAVAILABLE);
    }
  }

  /** Accepts a connection of the kernel's. */
  static int acceptKernels(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] remote)
      throws IOException {
    int n = HuskNet.accept(fd, accepted, remote);
    if (n > 0) {
      Descriptors.markStream(FD.get(accepted));
    }
    return n;
  }

  @Replaces(type = NET, method = "connect0", in = NET + "#connect", group = SOCKETS)
  public static int connect(boolean ipv6, FileDescriptor fd, InetAddress remote, int port)
      throws IOException {
    if (Loopback.connect(ipv6, fd, FD.get(fd), remote, port)) {
      return stream(fd).finishConnect() ? 1 : Endpoint.UNAVAILABLE;
    }
    kernels(fd);
    int n = HuskNet.connect(ipv6, fd, remote, port);
    if (endpoint(fd) instanceof Datagrams socket) {
      socket.connected(fd, remote, port);
    } else {
      Loopback.leftToKernel(port);
    }
    return n;
  }

  @Replaces(type = NET, method = "pollConnect", in = NET + "#pollConnectNow", group = SOCKETS)
  public static boolean pollConnect(FileDescriptor fd, long millis) throws IOException {
    Stream stream = stream(fd);
    return stream == null ? HuskNet.pollConnect(fd, millis) : stream.isConnected();
  }

  @Replaces(
      type = "sun.nio.ch.UnixAsynchronousSocketChannelImpl",
      method = "checkConnect",
      descriptor = "(I)V",
      in = "sun.nio.ch.UnixAsynchronousSocketChannelImpl#finishConnect",
      group = SOCKETS)
  public static void checkConnect(int fd) throws IOException {
    if (Descriptors.endpoint(fd) instanceof Stream stream) {
      stream.isConnected();
    } else {
      HuskNet.checkConnect(fd);
    }
  }

  // Waiting

  /** Waits for a descriptor; platform threads, which have no other way to. */
  @Replaces(
      type = NET,
      method = "poll",
      in = {
        NET + "#pollNow",
        "sun.nio.ch.DatagramChannelImpl#park",
        "sun.nio.ch.NioSocketImpl#park",
        "sun.nio.ch.SelChImpl#park"
      },
      group = SOCKETS)
  public static int poll(FileDescriptor fd, int events, long millis) throws IOException {
    Endpoint endpoint = endpoint(fd);
    return endpoint == null
        ? HuskNet.poll(fd, events, millis)
        : Waits.poll(endpoint, fd, events, millis);
  }

  @Replaces(
      type = "sun.nio.ch.IOUtil",
      method = "configureBlocking",
      in = {
        "sun.nio.ch.DatagramChannelImpl#configureSocketNonBlocking",
        "sun.nio.ch.DatagramChannelImpl#lockedConfigureBlocking",
        "sun.nio.ch.DatagramChannelImpl#repairSocket",
        "sun.nio.ch.DatagramChannelImpl#tryLockedConfigureBlocking",
        "sun.nio.ch.NioSocketImpl#accept",
        "sun.nio.ch.NioSocketImpl#configureNonBlockingIfNeeded",
        "sun.nio.ch.ServerSocketChannelImpl#configureSocketNonBlockingIfVirtualThread",
        "sun.nio.ch.ServerSocketChannelImpl#finishAccept",
        "sun.nio.ch.ServerSocketChannelImpl#lockedConfigureBlocking",
        "sun.nio.ch.ServerSocketChannelImpl#tryLockedConfigureBlocking",
        "sun.nio.ch.SinkChannelImpl#configureSocketNonBlockingIfVirtualThread",
        "sun.nio.ch.SinkChannelImpl#implConfigureBlocking",
        "sun.nio.ch.SocketChannelImpl#configureSocketNonBlockingIfVirtualThread",
        "sun.nio.ch.SocketChannelImpl#lockedConfigureBlocking",
        "sun.nio.ch.SocketChannelImpl#tryLockedConfigureBlocking",
        "sun.nio.ch.SourceChannelImpl#configureSocketNonBlockingIfVirtualThread",
        "sun.nio.ch.SourceChannelImpl#implConfigureBlocking",
        "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl#<init>",
        "sun.nio.ch.UnixAsynchronousSocketChannelImpl#<init>"
      },
      group = SOCKETS)
  public static void configureBlocking(FileDescriptor fd, boolean blocking) throws IOException {
    int number = FD.get(fd);
    Endpoint endpoint = Descriptors.endpoint(number);
    if (endpoint != null) {
      endpoint.setBlocking(blocking);
      return;
    }
    SocketNote note = SocketNote.find(number);
    if (note == null || note.parked == null) {
      HuskNet.configureBlocking(fd, blocking);
    }
    if (note != null) {
      note.blocking = blocking;
    } else {
      DatagramNote datagrams = DatagramNote.find(number);
      if (datagrams != null) {
        datagrams.blocking = blocking;
      }
    }
  }

  // Bytes

  @Replaces(
      type = DISPATCHER,
      method = "readv0",
      descriptor = "(Ljava/io/FileDescriptor;JI)J",
      in = DISPATCHER + "#readv",
      group = SOCKETS)
  public static long readv(FileDescriptor fd, long vectors, int count) throws IOException {
    Endpoint endpoint = endpoint(fd);
    if (endpoint != null) {
      return endpoint.readv(vectors, count);
    }
    Readiness readiness = Descriptors.reads(FD.get(fd));
    long n = 0;
    try {
      n = HuskNet.readv(fd, vectors, count);
      return n;
    } finally {
      Descriptors.hasRead(readiness, n == Endpoint.UNAVAILABLE);
    }
  }

  @Replaces(
      type = DISPATCHER,
      method = "writev0",
      descriptor = "(Ljava/io/FileDescriptor;JI)J",
      in = DISPATCHER + "#writev",
      group = SOCKETS)
  public static long writev(FileDescriptor fd, long vectors, int count) throws IOException {
    Endpoint endpoint = endpoint(fd);
    if (endpoint != null) {
      return endpoint.writev(vectors, count);
    }
    long n = HuskNet.writev(fd, vectors, count);
    Descriptors.wrote(FD.get(fd));
    return n;
  }

  @Replaces(
      type = NET,
      method = "available",
      in = {"sun.nio.ch.NioSocketImpl#available", "sun.nio.ch.SocketChannelImpl#available"},
      group = SOCKETS)
  public static int available(FileDescriptor fd) throws IOException {
    Stream stream = stream(fd);
    return stream == null ? HuskNet.available(fd) : stream.available();
  }

  @Replaces(
      type = NET,
      method = "sendOOB",
      in = {
        "sun.nio.ch.NioSocketImpl#sendUrgentData",
        "sun.nio.ch.SocketChannelImpl#sendOutOfBandData"
      },
      group = SOCKETS)
  public static int sendOutOfBand(FileDescriptor fd, byte data) throws IOException {
    Stream stream = stream(fd);
    if (stream != null) {
      return stream.writeUrgent(data);
    }
    int n = HuskNet.sendOOB(fd, data);
    Descriptors.wrote(FD.get(fd));
    return n;
  }

  /** A file to a socket: within the process the JDK maps or copies. */
  @Replaces(
      type = "sun.nio.ch.FileDispatcherImpl",
      method = "transferTo0",
      in = "sun.nio.ch.FileDispatcherImpl#transferTo",
      group = SOCKETS)
  public static long transferTo(
      FileDescriptor from, long position, long count, FileDescriptor to, boolean append)
      throws IOException {
    if (stream(to) != null) {
      return UNSUPPORTED_CASE;
    }
    long n = HuskNet.transferTo(from, position, count, to, append);
    Descriptors.wrote(FD.get(to));
    return n;
  }

  // Ends

  @Replaces(
      type = NET,
      method = "shutdown",
      in = {
        "sun.nio.ch.NioSocketImpl",
        "sun.nio.ch.SocketChannelImpl",
        "sun.nio.ch.AsynchronousSocketChannelImpl"
      },
      group = SOCKETS)
  public static void shutdown(FileDescriptor fd, int how) throws IOException {
    Stream stream = stream(fd);
    if (stream == null) {
      HuskNet.shutdown(fd, how);
    } else {
      stream.shutdown(how != SHUT_WR, how != SHUT_RD);
    }
  }

  /** Closes under threads in a call, which for the kernel are signalled. */
  @Replaces(
      type = "sun.nio.ch.UnixDispatcher",
      method = "preClose0",
      descriptor = "(Ljava/io/FileDescriptor;)V",
      in = "sun.nio.ch.UnixDispatcher#implPreClose",
      group = SOCKETS)
  public static void preClose(FileDescriptor fd) throws IOException {
    Endpoint endpoint = endpoint(fd);
    if (endpoint != null) {
      endpoint.preClose();
    }
    if (!Descriptors.isVirtual(FD.get(fd))) {
      HuskNet.preClose(fd);
    }
  }

  // Addresses and options

  @Replaces(
      type = NET,
      method = "localPort",
      descriptor = "(Ljava/io/FileDescriptor;)I",
      in = NET + "#localAddress",
      group = SOCKETS)
  public static int localPort(FileDescriptor fd) throws IOException {
    Stream stream = stream(fd);
    if (stream == null) {
      kernels(fd);
    }
    return stream == null ? HuskNet.localPort(fd) : stream.localPort;
  }

  @Replaces(
      type = NET,
      method = "localInetAddress",
      descriptor = "(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;",
      in = NET + "#localAddress",
      group = SOCKETS)
  public static InetAddress localAddress(FileDescriptor fd) throws IOException {
    Stream stream = stream(fd);
    if (stream == null) {
      kernels(fd);
    }
    return stream == null ? HuskNet.localAddress(fd) : stream.localAddress;
  }

  @Replaces(
      type = NET,
      method = "remotePort",
      descriptor = "(Ljava/io/FileDescriptor;)I",
      in = NET + "#remoteAddress",
      group = SOCKETS)
  public static int remotePort(FileDescriptor fd) throws IOException {
    Stream stream = stream(fd);
    return stream == null ? HuskNet.remotePort(fd) : stream.remotePort;
  }

  @Replaces(
      type = NET,
      method = "remoteInetAddress",
      descriptor = "(Ljava/io/FileDescriptor;)Ljava/net/InetAddress;",
      in = NET + "#remoteAddress",
      group = SOCKETS)
  public static InetAddress remoteAddress(FileDescriptor fd) throws IOException {
    Stream stream = stream(fd);
    return stream == null ? HuskNet.remoteAddress(fd) : stream.remoteAddress;
  }

  @Replaces(
      type = NET,
      method = "getIntOption0",
      descriptor = "(Ljava/io/FileDescriptor;ZII)I",
      in = NET + "#getSocketOption",
      group = SOCKETS)
  public static int getOption(FileDescriptor fd, boolean mayNeedConversion, int level, int name)
      throws IOException {
    SocketNote note = SocketNote.find(FD.get(fd));
    if (note != null && SocketNote.keeps(level, name)) {
      return note.get(level, name);
    }
    Stream stream = stream(fd);
    if (stream != null && stream.isSendBuffer(level, name)) {
      return Stream.DEFAULT_SEND_BUFFER;
    }
    return HuskNet.getIntOption(
        stream == null ? fd : stream.kernelSocket(), mayNeedConversion, level, name);
  }

  @Replaces(
      type = NET,
      method = "setIntOption0",
      descriptor = "(Ljava/io/FileDescriptor;ZIIIZ)V",
      in = NET + "#setSocketOption",
      group = SOCKETS)
  public static void setOption(
      FileDescriptor fd, boolean mayNeedConversion, int level, int name, int value, boolean ipv6)
      throws IOException {
    SocketNote note = SocketNote.find(FD.get(fd));
    Stream stream = stream(fd);
    boolean kept = note != null && SocketNote.keeps(level, name);
    boolean kernelKnows = stream == null && (note == null || note.parked == null);
    if (!kept || kernelKnows) {
      if (stream == null) {
        kernels(fd);
      }
      HuskNet.setIntOption(
          stream == null ? fd : stream.kernelSocket(), mayNeedConversion, level, name, value, ipv6);
    }
    if (note != null) {
      note.set(level, name, value);
    } else {
      DatagramNote datagrams = DatagramNote.find(FD.get(fd));
      if (datagrams != null) {
        datagrams.set(level, name, value);
      }
    }
    if (stream != null) {
      stream.optionSet(level, name, value);
    }
  }

  /**
   * The number by which the options that {@code jdk.net} adds are got and set: the JDK has a native
   * for each of them.
   */
  @Replaces(
      type = "jdk.internal.access.JavaIOFileDescriptorAccess",
      method = "get",
      in = "jdk.net.ExtendedSocketOptions",
      optional = true,
      group = SOCKETS)
  public static int descriptorForOptions(JavaIOFileDescriptorAccess access, FileDescriptor fd) {
    Stream stream = stream(fd);
    try {
      if (stream != null) {
        return access.get(stream.kernelSocket());
      }
      SocketNote note = kernels(fd);
      if (note != null) {
        note.inKernel = true;
      }
      return access.get(fd);
    } catch (IOException e) {
      // The native says that there is no such descriptor.
      return access.get(fd);
    }
  }
}
