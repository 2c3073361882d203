package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.vm.annotation.DontInline;
import sun.nio.ch.SelChImpl;

/**
 * The seams by which virtual threads block on kernel descriptors in their carrier's epoll set
 * instead of handing them to the JDK's poller threads.
 */
public final class SocketSeams {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final String POLLER = "sun.nio.ch.Poller";

  /** {@code sun.nio.ch.Net.POLLOUT} on Linux. */
  private static final int POLLOUT = 0x4;

  private SocketSeams() {}

  /** Blocks until a channel's descriptor is ready; an interrupt ends it. */
  @Replaces(
      type = POLLER,
      method = "poll",
      descriptor = "(IIJLjava/util/function/BooleanSupplier;)V",
      in = "sun.nio.ch.SelChImpl#park",
      group = THREADS)
  public static void poll(int fd, int event, long nanos, BooleanSupplier open) throws IOException {
    Descriptors.await(fd, (event & POLLOUT) != 0, nanos, open, false);
  }

  /** The same for {@code Socket} and {@code DatagramSocket}, which interrupts don't disturb. */
  @Replaces(
      type = POLLER,
      method = "poll",
      descriptor = "(IIJLjava/util/function/BooleanSupplier;)V",
      in = {"sun.nio.ch.NioSocketImpl#park", "sun.nio.ch.DatagramChannelImpl#park"},
      group = THREADS)
  public static void pollDeaf(int fd, int event, long nanos, BooleanSupplier open)
      throws IOException {
    Descriptors.await(fd, (event & POLLOUT) != 0, nanos, open, true);
  }

  /** Interrupts end a virtual thread's socket operation and leave a platform thread's alone. */
  @Replaces(
      type = "java.lang.Thread",
      method = "isInterrupted",
      in = {"sun.nio.ch.NioSocketImpl#park", "sun.nio.ch.DatagramChannelImpl#park"},
      group = THREADS)
  public static boolean isInterrupted(Thread thread) {
    return Facade.of(thread) == null && thread.isInterrupted();
  }

  /** Where the JDK closes a socket because a virtual thread was interrupted. */
  @Replaces(
      type = "java.lang.Thread",
      method = "isVirtual",
      in = {
        "java.net.ServerSocket",
        "java.net.Socket$SocketInputStream",
        "java.net.Socket$SocketOutputStream",
        "sun.nio.ch.DatagramSocketAdaptor"
      },
      optional = true,
      group = THREADS)
  public static boolean isVirtual(Thread thread) {
    return thread.isVirtual() && Facade.of(thread) == null;
  }

  /** Blocks until a selector's own epoll descriptor has events. */
  @Replaces(
      type = POLLER,
      method = "pollSelector",
      descriptor = "(IJ)V",
      in = "sun.nio.ch.EPollSelectorImpl",
      group = THREADS)
  public static void pollSelector(int fd, long nanos) throws IOException {
    Descriptors.await(fd, false, nanos, null, false);
  }

  @Replaces(
      type = POLLER,
      method = "stopPoll",
      descriptor = "(I)V",
      in = "sun.nio.ch.NativeDispatcher",
      group = THREADS)
  public static void stopPoll(int fd) {
    Endpoint endpoint = Descriptors.endpoint(fd);
    if (endpoint != null) {
      endpoint.callOff();
    } else {
      Descriptors.stop(fd, false);
      Descriptors.stop(fd, true);
    }
  }

  @Replaces(
      type = POLLER,
      method = "stopPoll",
      descriptor = "(II)V",
      in = {"sun.nio.ch.NioSocketImpl", "sun.nio.ch.SocketChannelImpl"},
      group = THREADS)
  public static void stopPoll(int fd, int event) {
    Descriptors.stop(fd, (event & POLLOUT) != 0);
  }

  /** Reads, unless the last read left nothing behind and no edge came since. */
  @Replaces(
      type = "sun.nio.ch.SocketDispatcher",
      method = "read0",
      descriptor = "(Ljava/io/FileDescriptor;JI)I",
      in = "sun.nio.ch.SocketDispatcher#read",
      group = THREADS)
  @DontInline
  public static int read0(FileDescriptor fd, long address, int length) throws IOException {
    Carrier.yieldIfAsked();
    Descriptor descriptor = Descriptors.find(FD.get(fd));
    Endpoint endpoint = descriptor == null ? null : descriptor.endpoint;
    if (endpoint != null) {
      return endpoint.read(address, length);
    }
    Readiness readiness = descriptor == null ? null : descriptor.knownReadiness();
    if (readiness != null) {
      return read(readiness, fd, address, length);
    }
    try {
      if (descriptor == null || !Thread.currentThread().isVirtual()) {
        return (int) JdkNio.Originals.READ0.invokeExact(fd, address, length);
      }
      if (descriptor.readWouldBlock()) {
        return JdkNio.Originals.UNAVAILABLE;
      }
      int read =
          descriptor.isSocket && length > 0
              ? recv(fd, address, length)
              : (int) JdkNio.Originals.READ0.invokeExact(fd, address, length);
      // Fewer than asked for: what there was. The end of the stream (0 here, an error) stays
      // readable.
      descriptor.readDone((read > 0 && read < length) || read == JdkNio.Originals.UNAVAILABLE);
      return read;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Reads from a socket that an event queue watches. */
  private static int read(Readiness readiness, FileDescriptor fd, long address, int length)
      throws IOException {
    readiness.reads();
    boolean tookAll = false;
    try {
      int read =
          length > 0
              ? recv(fd, address, length)
              : (int) JdkNio.Originals.READ0.invokeExact(fd, address, length);
      tookAll = (read > 0 && read < length) || read == JdkNio.Originals.UNAVAILABLE;
      return read;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    } finally {
      readiness.hasRead(tookAll);
    }
  }

  private static int recv(FileDescriptor fd, long address, int length) throws Throwable {
    try {
      return (int) JdkNio.Sockets.RECV.invokeExact(fd, address, length);
    } catch (IOException e) {
      throw JdkNio.Sockets.readFailed(e);
    }
  }

  /** Writes; what fails does so with the same exceptions either way. */
  @Replaces(
      type = "sun.nio.ch.SocketDispatcher",
      method = "write0",
      descriptor = "(Ljava/io/FileDescriptor;JI)I",
      in = "sun.nio.ch.SocketDispatcher#write",
      group = THREADS)
  @DontInline
  public static int write0(FileDescriptor fd, long address, int length) throws IOException {
    Descriptor descriptor = Descriptors.find(FD.get(fd));
    Endpoint endpoint = descriptor == null ? null : descriptor.endpoint;
    if (endpoint != null) {
      return endpoint.write(address, length);
    }
    try {
      int written =
          descriptor != null && (descriptor.isSocket || descriptor.isStream) && length > 0
              ? (int) JdkNio.Sockets.SEND.invokeExact(fd, address, length)
              : (int) JdkNio.Originals.WRITE0.invokeExact(fd, address, length);
      Descriptors.wrote(descriptor);
      return written;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /**
   * A channel that is read without blocking learns of data elsewhere: its reads are never spared.
   */
  @Replaces(
      type = "sun.nio.ch.SocketChannelImpl",
      method = "lockedConfigureBlocking",
      descriptor = "(Z)V",
      in = "sun.nio.ch.SocketChannelImpl#implConfigureBlocking",
      group = THREADS)
  public static void configureBlocking(Object channel, boolean blocking) throws IOException {
    try {
      JdkNio.Channels.CONFIGURE_BLOCKING.invokeExact(channel, blocking);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
    Descriptor descriptor = Descriptors.of(((SelChImpl) channel).getFDVal());
    if (descriptor != null) {
      descriptor.setBlocking(blocking);
    }
  }

  @Replaces(
      type = "sun.nio.ch.UnixDispatcher",
      method = "close0",
      descriptor = "(Ljava/io/FileDescriptor;)V",
      in = "sun.nio.ch.UnixDispatcher#close",
      group = THREADS)
  public static void close0(FileDescriptor fd) throws IOException {
    // Before the close: afterwards the number may be another socket's at once.
    int number = FD.get(fd);
    Descriptor descriptor = Descriptors.forget(number);
    Endpoint endpoint = descriptor == null ? null : descriptor.endpoint;
    if (endpoint != null) {
      boolean kernelsToo = endpoint.close();
      if (Descriptors.isVirtual(number)) {
        Descriptors.free(number);
        return;
      }
      if (!kernelsToo) {
        return;
      }
    }
    try {
      JdkNio.Originals.CLOSE0.invokeExact(fd);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  @Replaces(
      type = "sun.nio.ch.UnixFileDispatcherImpl",
      method = "closeIntFD",
      descriptor = "(I)V",
      in = {
        "sun.nio.ch.EPollSelectorImpl#implClose",
        "sun.nio.ch.EPollPort#implClose",
        "sun.nio.ch.EventFD#close"
      },
      group = THREADS)
  public static void closeIntFD(int fd) throws IOException {
    Descriptor descriptor = Descriptors.forget(fd);
    Endpoint endpoint = descriptor == null ? null : descriptor.endpoint;
    if (endpoint != null) {
      endpoint.close();
    }
    try {
      JdkNio.Originals.CLOSE_INT_FD.invokeExact(fd);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }
}
