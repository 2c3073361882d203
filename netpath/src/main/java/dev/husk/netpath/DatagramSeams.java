package dev.husk.netpath;

import static dev.husk.runtime.seam.Group.SOCKETS;

import dev.husk.runtime.seam.Replaces;
import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import dev.husk.scheduler.HuskThreads;
import java.io.FileDescriptor;
import java.io.IOException;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/** The seams under the JDK's datagram sockets; see {@link NetSeams}. */
public final class DatagramSeams {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();

  private static final String CHANNEL = "sun.nio.ch.DatagramChannelImpl";
  private static final String DISPATCHER = "sun.nio.ch.DatagramDispatcher";
  private static final int UNAVAILABLE = Endpoint.UNAVAILABLE;

  static {
    HuskThreads.defineInBaseForSockets();
  }

  private DatagramSeams() {}

  private static @Nullable Datagrams socket(FileDescriptor fd) {
    return Descriptors.endpoint(FD.get(fd)) instanceof Datagrams socket ? socket : null;
  }

  @Replaces(
      type = CHANNEL,
      method = "send0",
      in = CHANNEL + "#sendFromNativeBuffer",
      group = SOCKETS)
  public static int send(FileDescriptor fd, long address, int length, long target, int targetLength)
      throws IOException {
    Datagrams socket = socket(fd);
    if (socket != null) {
      int n =
          socket.send(
              Buffers.ONE,
              address,
              length,
              RawAddress.high(target),
              RawAddress.low(target),
              RawAddress.port(target));
      if (n != UNAVAILABLE) {
        return n;
      }
    }
    return HuskNet.send(fd, address, length, target, targetLength);
  }

  @Replaces(
      type = CHANNEL,
      method = "receive0",
      in = CHANNEL + "#receiveIntoNativeBuffer",
      group = SOCKETS)
  public static int receive(
      FileDescriptor fd, long address, int length, long source, boolean connected)
      throws IOException {
    Datagrams socket = socket(fd);
    return socket == null
        ? HuskNet.receive(fd, address, length, source, connected)
        : (int) socket.receive(fd, Buffers.ONE, address, length, source, connected);
  }

  @Replaces(
      type = DISPATCHER,
      method = "read0",
      descriptor = "(Ljava/io/FileDescriptor;JI)I",
      in = DISPATCHER + "#read",
      group = SOCKETS)
  public static int read(FileDescriptor fd, long address, int length) throws IOException {
    Datagrams socket = socket(fd);
    return socket == null
        ? HuskNet.readDatagram(fd, address, length)
        : (int) socket.receive(fd, Buffers.ONE, address, length, 0, true);
  }

  @Replaces(
      type = DISPATCHER,
      method = "readv0",
      descriptor = "(Ljava/io/FileDescriptor;JI)J",
      in = DISPATCHER + "#readv",
      group = SOCKETS)
  public static long readv(FileDescriptor fd, long vectors, int count) throws IOException {
    Datagrams socket = socket(fd);
    return socket == null
        ? HuskNet.readvDatagram(fd, vectors, count)
        : socket.receive(fd, Buffers.VECTORS, vectors, count, 0, true);
  }

  @Replaces(
      type = DISPATCHER,
      method = "write0",
      descriptor = "(Ljava/io/FileDescriptor;JI)I",
      in = DISPATCHER + "#write",
      group = SOCKETS)
  public static int write(FileDescriptor fd, long address, int length) throws IOException {
    Datagrams socket = socket(fd);
    int n = socket == null ? UNAVAILABLE : socket.sendConnected(Buffers.ONE, address, length);
    return n == UNAVAILABLE ? HuskNet.writeDatagram(fd, address, length) : n;
  }

  @Replaces(
      type = DISPATCHER,
      method = "writev0",
      descriptor = "(Ljava/io/FileDescriptor;JI)J",
      in = DISPATCHER + "#writev",
      group = SOCKETS)
  public static long writev(FileDescriptor fd, long vectors, int count) throws IOException {
    Datagrams socket = socket(fd);
    int n = socket == null ? UNAVAILABLE : socket.sendConnected(Buffers.VECTORS, vectors, count);
    return n == UNAVAILABLE ? HuskNet.writevDatagram(fd, vectors, count) : n;
  }

  @Replaces(
      type = CHANNEL,
      method = "disconnect0",
      descriptor = "(Ljava/io/FileDescriptor;Z)V",
      in = CHANNEL + "#disconnect",
      group = SOCKETS)
  public static void disconnect(FileDescriptor fd, boolean ipv6) throws IOException {
    HuskNet.disconnect(fd, ipv6);
    Datagrams socket = socket(fd);
    if (socket != null) {
      socket.connected(fd, null, 0);
    }
  }
}
