package dev.husk.netpath.guest;

import dev.husk.runtime.jdk.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * Opens sockets of the families that the JDK doesn't know.
 *
 * <p>Linking {@code socket(2)} and {@code bind(2)} takes tens of milliseconds of CPU. That is why a
 * guest's first sockets come from its init program, and these only when a lease is renewed.
 */
final class PacketSocket {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final short ETH_P_IP = 0x0800;

  // struct sockaddr_ll: family, protocol, index of the interface, and what bind(2) doesn't read.
  private static final int SOCKADDR_LL = 20;
  private static final int SLL_PROTOCOL = 2;
  private static final int SLL_IFINDEX = 4;

  private PacketSocket() {}

  /**
   * A socket for the IPv4 frames of an Ethernet device (packet(7)).
   *
   * @throws IOException where the kernel refuses, or where this JDK can't call it
   */
  static Port open(Link device) throws IOException {
    // Protocol 0 receives nothing: frames of other devices must not come in before it is bound.
    int fd = socket(AF_PACKET, 0);
    Port port = new DescriptorPort(fd);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_LL, Integer.BYTES);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
      address.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), SLL_PROTOCOL, ETH_P_IP);
      address.set(ValueLayout.JAVA_INT, SLL_IFINDEX, device.index());
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      check("bind", (int) Functions.BIND.invokeExact(state, fd, address, SOCKADDR_LL), state);
      return port;
    } catch (Throwable e) {
      port.close();
      throw asIoException(e);
    }
  }

  /** A raw socket, which child processes don't inherit; its descriptor. */
  static int socket(int family, int protocol) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int type = SOCK_RAW | SOCK_CLOEXEC;
      return check(
          "socket", (int) Functions.SOCKET.invokeExact(state, family, type, protocol), state);
    } catch (Throwable e) {
      throw asIoException(e);
    }
  }

  private static int check(String call, int result, MemorySegment state) throws IOException {
    if (result < 0) {
      throw new IOException(call + "(2): " + Errno.name(state.get(ValueLayout.JAVA_INT, 0)));
    }
    return result;
  }

  private static IOException asIoException(Throwable e) {
    return e instanceof IOException known ? known : new IOException("can't open sockets: " + e, e);
  }

  private static final class Functions {
    static final MethodHandle SOCKET =
        link("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    static final MethodHandle BIND =
        link("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private static MethodHandle link(
        String name, ValueLayout first, ValueLayout second, ValueLayout third) {
      MethodHandle handle =
          Libc.link(
              name,
              FunctionDescriptor.of(ValueLayout.JAVA_INT, first, second, third),
              Linker.Option.captureCallState("errno"));
      if (handle == null) {
        throw new ExceptionInInitializerError("the C library has no " + name);
      }
      return handle;
    }
  }
}
