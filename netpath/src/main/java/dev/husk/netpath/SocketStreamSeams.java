package dev.husk.netpath;

import static dev.husk.runtime.seam.Group.SOCKETS;

import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.HuskThreads;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketImpl;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/**
 * A short way for the streams of {@code Socket}, for speed alone. Between them and the natives the
 * JDK has a copy through native memory, and two critical sections that keep a descriptor from being
 * closed under a system call; neither is needed where there is no system call. Whatever is out of
 * the ordinary goes the JDK's way: ends, errors, closed sockets.
 */
public final class SocketStreamSeams {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final String SOCKET = "sun.nio.ch.NioSocketImpl";

  static {
    HuskThreads.defineInBaseForSockets();
  }

  private static final long DESCRIPTOR = U.objectFieldOffset(SocketImpl.class, "fd");
  private static final long STATE = U.objectFieldOffset(HuskNet.socketClass(), "state");
  private static final long INPUT_CLOSED =
      U.objectFieldOffset(HuskNet.socketClass(), "isInputClosed");
  private static final long CONNECTION_RESET =
      U.objectFieldOffset(HuskNet.socketClass(), "connectionReset");

  /** {@code NioSocketImpl.ST_CONNECTED}. */
  private static final int CONNECTED = 3;

  private SocketStreamSeams() {}

  /** The read lock is held. */
  @Replaces(
      type = SOCKET,
      method = "implRead",
      descriptor = "([BIIJ)I",
      in = SOCKET + "#read",
      group = SOCKETS)
  public static int read(Object socket, byte[] bytes, int offset, int length, long nanos)
      throws IOException {
    Stream stream = stream(socket);
    if (stream != null
        && !U.getBooleanVolatile(socket, INPUT_CLOSED)
        && !U.getBoolean(socket, CONNECTION_RESET)) {
      int n = stream.readBlocking(bytes, offset, length, nanos);
      if (n > 0) {
        return n;
      }
    }
    return HuskNet.read(socket, bytes, offset, length, nanos);
  }

  /** The write lock is held. */
  @Replaces(
      type = SOCKET,
      method = "implWrite",
      descriptor = "([BII)I",
      in = SOCKET + "#write",
      group = SOCKETS)
  public static int write(Object socket, byte[] bytes, int offset, int length) throws IOException {
    Stream stream = stream(socket);
    if (stream != null) {
      int n = stream.writeBlocking(bytes, offset, length);
      if (n > 0) {
        return n;
      }
    }
    return HuskNet.write(socket, bytes, offset, length);
  }

  private static @Nullable Stream stream(Object socket) {
    if (U.getIntVolatile(socket, STATE) != CONNECTED) {
      return null;
    }
    FileDescriptor fd = (FileDescriptor) U.getReference(socket, DESCRIPTOR);
    // Nothing keeps the socket from being closed meanwhile, and its number from being another's.
    return Descriptors.endpoint(FD.get(fd)) instanceof Stream stream && stream.owner == fd
        ? stream
        : null;
  }
}
