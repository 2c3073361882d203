package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The originals of what the socket seams replace: natives of {@code sun.nio.ch}. Those that are
 * private there are reached by handles, which the first call of a kind links.
 */
public final class HuskNet {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final Class<?> FD = FileDescriptor.class;

  private HuskNet() {}

  /** See {@code Net.listen}. */
  public static void listen(FileDescriptor fd, int backlog) throws IOException {
    Net.listen(fd, backlog);
  }

  /** See {@code Net.accept}. */
  public static int accept(FileDescriptor fd, FileDescriptor accepted, InetSocketAddress[] remote)
      throws IOException {
    return Net.accept(fd, accepted, remote);
  }

  /** See {@code Net.poll}. */
  public static int poll(FileDescriptor fd, int events, long millis) throws IOException {
    return Net.poll(fd, events, millis);
  }

  /** See {@code Net.pollConnect}. */
  public static boolean pollConnect(FileDescriptor fd, long millis) throws IOException {
    return Net.pollConnect(fd, millis);
  }

  /** See {@code Net.available}. */
  public static int available(FileDescriptor fd) throws IOException {
    return Net.available(fd);
  }

  /** See {@code Net.sendOOB}. */
  public static int sendOOB(FileDescriptor fd, byte data) throws IOException {
    return Net.sendOOB(fd, data);
  }

  /** See {@code Net.shutdown}. */
  public static void shutdown(FileDescriptor fd, int how) throws IOException {
    Net.shutdown(fd, how);
  }

  /** See {@code IOUtil.configureBlocking}. */
  public static void configureBlocking(FileDescriptor fd, boolean blocking) throws IOException {
    IOUtil.configureBlocking(fd, blocking);
  }

  /** See {@code IOUtil.makePipe}. */
  public static long makePipe(boolean blocking) throws IOException {
    return IOUtil.makePipe(blocking);
  }

  /** See {@code SocketChannelImpl.implWrite}. */
  public static int write(Object channel, ByteBuffer source) throws IOException {
    try {
      return (int) Channels.WRITE.invokeExact((SocketChannelImpl) channel, source);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code SocketChannelImpl.implWrite}. */
  public static long write(Object channel, ByteBuffer[] sources, int offset, int length)
      throws IOException {
    try {
      return (long)
          Channels.WRITEV.invokeExact((SocketChannelImpl) channel, sources, offset, length);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code FileChannelImpl.transferToSocketChannel}. */
  public static long transfer(Object file, long position, int count, Object channel)
      throws IOException {
    try {
      return (long)
          Channels.TRANSFER.invokeExact(
              (FileChannelImpl) file, position, count, (SocketChannelImpl) channel);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code FileChannelImpl.transferToTrustedChannel}. */
  public static long transfer(Object file, long position, long count, WritableByteChannel channel)
      throws IOException {
    try {
      return (long)
          Channels.TRANSFER_MAPPED.invokeExact((FileChannelImpl) file, position, count, channel);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** Whether it is one of the JDK's. */
  public static boolean isSocketChannel(Object channel) {
    return channel instanceof SocketChannelImpl;
  }

  /** Whether a channel blocks, as far as the app knows. */
  public static boolean isBlocking(Object channel) {
    return ((SocketChannelImpl) channel).isBlocking();
  }

  /** Keeps other writers out between two writes. */
  public static void lockWrites(Object channel) {
    writeLock(channel).lock();
  }

  /** Ends what {@link #lockWrites} began. */
  public static void unlockWrites(Object channel) {
    writeLock(channel).unlock();
  }

  private static ReentrantLock writeLock(Object channel) {
    try {
      return (ReentrantLock) Channels.WRITE_LOCK.invokeExact((SocketChannelImpl) channel);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code SinkChannelImpl.configureSocketNonBlockingIfVirtualThread}. */
  public static void forceNonBlocking(Object sink) throws IOException {
    try {
      Pipes.FORCE_NON_BLOCKING.invokeExact((SinkChannelImpl) sink);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** A descriptor of that number. */
  public static FileDescriptor descriptor(int fd) {
    return IOUtil.newFD(fd);
  }

  /** Whether a socket has {@code SO_REUSEPORT}. */
  public static boolean isReusePort(FileDescriptor fd) throws IOException {
    return Net.isReusePortAvailable()
        && (boolean) Net.getSocketOption(fd, StandardSocketOptions.SO_REUSEPORT);
  }

  /** See {@code Net.socket0}. */
  public static int socket(boolean preferIpv6, boolean stream, boolean reuse, boolean fast)
      throws IOException {
    try {
      return (int) Nets.SOCKET.invokeExact(preferIpv6, stream, reuse, fast);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.connect0}. */
  public static int connect(boolean preferIpv6, FileDescriptor fd, InetAddress remote, int port)
      throws IOException {
    try {
      return (int) Nets.CONNECT.invokeExact(preferIpv6, fd, remote, port);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.bind0}. */
  public static void bind(
      FileDescriptor fd, boolean preferIpv6, boolean exclusive, InetAddress address, int port)
      throws IOException {
    try {
      Nets.BIND.invokeExact(fd, preferIpv6, exclusive, address, port);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.localPort}. */
  public static int localPort(FileDescriptor fd) throws IOException {
    try {
      return (int) Nets.LOCAL_PORT.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.localInetAddress}. */
  public static InetAddress localAddress(FileDescriptor fd) throws IOException {
    try {
      return (InetAddress) Nets.LOCAL_ADDRESS.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.remotePort}. */
  public static int remotePort(FileDescriptor fd) throws IOException {
    try {
      return (int) Nets.REMOTE_PORT.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.remoteInetAddress}. */
  public static InetAddress remoteAddress(FileDescriptor fd) throws IOException {
    try {
      return (InetAddress) Nets.REMOTE_ADDRESS.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.getIntOption0}. */
  public static int getIntOption(FileDescriptor fd, boolean mayNeedConversion, int level, int name)
      throws IOException {
    try {
      return (int) Nets.GET_OPTION.invokeExact(fd, mayNeedConversion, level, name);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code Net.setIntOption0}. */
  public static void setIntOption(
      FileDescriptor fd, boolean mayNeedConversion, int level, int name, int value, boolean ipv6)
      throws IOException {
    try {
      Nets.SET_OPTION.invokeExact(fd, mayNeedConversion, level, name, value, ipv6);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code SocketDispatcher.readv0}. */
  public static long readv(FileDescriptor fd, long vectors, int count) throws IOException {
    try {
      return (long) Dispatchers.READV.invokeExact(fd, vectors, count);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code SocketDispatcher.writev0}. */
  public static long writev(FileDescriptor fd, long vectors, int count) throws IOException {
    try {
      return (long) Dispatchers.WRITEV.invokeExact(fd, vectors, count);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code UnixDispatcher.preClose0}. */
  public static void preClose(FileDescriptor fd) throws IOException {
    try {
      Dispatchers.PRE_CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code UnixDispatcher.close0}. */
  public static void close(FileDescriptor fd) throws IOException {
    try {
      Dispatchers.CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramDispatcher.dup0}. */
  public static void dup(FileDescriptor from, FileDescriptor to) throws IOException {
    try {
      Duplicates.DUP.invokeExact(from, to);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramChannelImpl.send0}. */
  public static int send(FileDescriptor fd, long address, int length, long target, int targetLength)
      throws IOException {
    try {
      return (int) Datagrams.SEND.invokeExact(fd, address, length, target, targetLength);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramChannelImpl.receive0}. */
  public static int receive(
      FileDescriptor fd, long address, int length, long source, boolean connected)
      throws IOException {
    try {
      return (int) Datagrams.RECEIVE.invokeExact(fd, address, length, source, connected);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramChannelImpl.disconnect0}. */
  public static void disconnect(FileDescriptor fd, boolean ipv6) throws IOException {
    try {
      Datagrams.DISCONNECT.invokeExact(fd, ipv6);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramDispatcher.read0}. */
  public static int readDatagram(FileDescriptor fd, long address, int length) throws IOException {
    try {
      return (int) Datagrams.READ.invokeExact(fd, address, length);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramDispatcher.readv0}. */
  public static long readvDatagram(FileDescriptor fd, long vectors, int count) throws IOException {
    try {
      return (long) Datagrams.READV.invokeExact(fd, vectors, count);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramDispatcher.write0}. */
  public static int writeDatagram(FileDescriptor fd, long address, int length) throws IOException {
    try {
      return (int) Datagrams.WRITE.invokeExact(fd, address, length);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code DatagramDispatcher.writev0}. */
  public static long writevDatagram(FileDescriptor fd, long vectors, int count) throws IOException {
    try {
      return (long) Datagrams.WRITEV.invokeExact(fd, vectors, count);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code FileDispatcherImpl.transferTo0}. */
  public static long transferTo(
      FileDescriptor from, long position, long count, FileDescriptor to, boolean append)
      throws IOException {
    return FileDispatcherImpl.transferTo0(from, position, count, to, append);
  }

  /** See {@code UnixAsynchronousSocketChannelImpl.checkConnect}. */
  public static void checkConnect(int fd) throws IOException {
    try {
      Asynchronous.CHECK_CONNECT.invokeExact(fd);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** {@code NioSocketImpl}. */
  public static Class<?> socketClass() {
    return NioSocketImpl.class;
  }

  /** See {@code NioSocketImpl.implRead}. */
  public static int read(Object socket, byte[] bytes, int offset, int length, long nanos)
      throws IOException {
    try {
      return (int) Sockets.READ.invokeExact((NioSocketImpl) socket, bytes, offset, length, nanos);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** See {@code NioSocketImpl.implWrite}. */
  public static int write(Object socket, byte[] bytes, int offset, int length) throws IOException {
    try {
      return (int) Sockets.WRITE.invokeExact((NioSocketImpl) socket, bytes, offset, length);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  private static final class Sockets {
    static final MethodHandle READ =
        findVirtual(
            NioSocketImpl.class,
            "implRead",
            int.class,
            byte[].class,
            int.class,
            int.class,
            long.class);
    static final MethodHandle WRITE =
        findVirtual(
            NioSocketImpl.class, "implWrite", int.class, byte[].class, int.class, int.class);
  }

  private static final class Nets {
    static final MethodHandle SOCKET =
        find(
            Net.class,
            "socket0",
            int.class,
            boolean.class,
            boolean.class,
            boolean.class,
            boolean.class);
    static final MethodHandle CONNECT =
        find(Net.class, "connect0", int.class, boolean.class, FD, InetAddress.class, int.class);
    static final MethodHandle BIND =
        find(
            Net.class,
            "bind0",
            void.class,
            FD,
            boolean.class,
            boolean.class,
            InetAddress.class,
            int.class);
    static final MethodHandle LOCAL_PORT = find(Net.class, "localPort", int.class, FD);
    static final MethodHandle LOCAL_ADDRESS =
        find(Net.class, "localInetAddress", InetAddress.class, FD);
    static final MethodHandle REMOTE_PORT = find(Net.class, "remotePort", int.class, FD);
    static final MethodHandle REMOTE_ADDRESS =
        find(Net.class, "remoteInetAddress", InetAddress.class, FD);
    static final MethodHandle GET_OPTION =
        find(Net.class, "getIntOption0", int.class, FD, boolean.class, int.class, int.class);
    static final MethodHandle SET_OPTION =
        find(
            Net.class,
            "setIntOption0",
            void.class,
            FD,
            boolean.class,
            int.class,
            int.class,
            int.class,
            boolean.class);
  }

  private static final class Dispatchers {
    static final MethodHandle READV =
        find(SocketDispatcher.class, "readv0", long.class, FD, long.class, int.class);
    static final MethodHandle WRITEV =
        find(SocketDispatcher.class, "writev0", long.class, FD, long.class, int.class);
    static final MethodHandle PRE_CLOSE = find(UnixDispatcher.class, "preClose0", void.class, FD);
    static final MethodHandle CLOSE = find(UnixDispatcher.class, "close0", void.class, FD);
  }

  private static final class Duplicates {
    static final MethodHandle DUP = find(DatagramDispatcher.class, "dup0", void.class, FD, FD);
  }

  private static final class Datagrams {
    static final MethodHandle SEND =
        find(
            DatagramChannelImpl.class,
            "send0",
            int.class,
            FD,
            long.class,
            int.class,
            long.class,
            int.class);
    static final MethodHandle RECEIVE =
        find(
            DatagramChannelImpl.class,
            "receive0",
            int.class,
            FD,
            long.class,
            int.class,
            long.class,
            boolean.class);
    static final MethodHandle DISCONNECT =
        find(DatagramChannelImpl.class, "disconnect0", void.class, FD, boolean.class);
    static final MethodHandle READ =
        find(DatagramDispatcher.class, "read0", int.class, FD, long.class, int.class);
    static final MethodHandle READV =
        find(DatagramDispatcher.class, "readv0", long.class, FD, long.class, int.class);
    static final MethodHandle WRITE =
        find(DatagramDispatcher.class, "write0", int.class, FD, long.class, int.class);
    static final MethodHandle WRITEV =
        find(DatagramDispatcher.class, "writev0", long.class, FD, long.class, int.class);
  }

  private static final class Channels {
    static final MethodHandle WRITE =
        findVirtual(SocketChannelImpl.class, "implWrite", int.class, ByteBuffer.class);
    static final MethodHandle WRITEV =
        findVirtual(
            SocketChannelImpl.class,
            "implWrite",
            long.class,
            ByteBuffer[].class,
            int.class,
            int.class);
    static final MethodHandle TRANSFER =
        findVirtual(
            FileChannelImpl.class,
            "transferToSocketChannel",
            long.class,
            long.class,
            int.class,
            SocketChannelImpl.class);
    static final MethodHandle TRANSFER_MAPPED =
        findVirtual(
            FileChannelImpl.class,
            "transferToTrustedChannel",
            long.class,
            long.class,
            long.class,
            WritableByteChannel.class);
    static final MethodHandle WRITE_LOCK;

    static {
      try {
        WRITE_LOCK =
            MethodHandles.privateLookupIn(SocketChannelImpl.class, LOOKUP)
                .findGetter(SocketChannelImpl.class, "writeLock", ReentrantLock.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static final class Pipes {
    static final MethodHandle FORCE_NON_BLOCKING =
        findVirtual(SinkChannelImpl.class, "configureSocketNonBlockingIfVirtualThread", void.class);
  }

  private static final class Asynchronous {
    static final MethodHandle CHECK_CONNECT =
        find(UnixAsynchronousSocketChannelImpl.class, "checkConnect", void.class, int.class);
  }

  private static MethodHandle find(
      Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.privateLookupIn(owner, LOOKUP)
          .findStatic(owner, name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle findVirtual(
      Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.privateLookupIn(owner, LOOKUP)
          .findVirtual(owner, name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static RuntimeException rethrow(Throwable e) {
    HuskNet.<RuntimeException>sneak(e);
    throw new AssertionError();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }
}
