package dev.husk.netpath;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tells which addresses are this machine's own, and where connections to them come from. */
final class LocalAddresses {
  /** How long an answer is believed: addresses come and go. */
  private static final long LASTS = 1_000_000_000L;

  /** Destinations remembered; more, and all are forgotten. */
  private static final int MOST = 1024;

  private static final InetAddress LOOPBACK4 = of((byte) 127, (byte) 0, (byte) 0, (byte) 1);
  private static final InetAddress LOOPBACK6 =
      of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

  private static final ConcurrentHashMap<InetAddress, Answer> known = new ConcurrentHashMap<>();

  private LocalAddresses() {}

  private record Answer(@Nullable InetAddress source, long until) {}

  private static InetAddress of(byte... bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The same address without the name that it was looked up by. */
  static InetAddress nameless(InetAddress address) throws IOException {
    if (address.equals(LOOPBACK4)) {
      return LOOPBACK4;
    }
    return address.equals(LOOPBACK6) ? LOOPBACK6 : InetAddress.getByAddress(address.getAddress());
  }

  /**
   * The address from which the kernel would connect to one of this machine's own.
   *
   * @return null for an address that is another machine's, or for which only the kernel knows
   */
  static @Nullable InetAddress sourceFor(InetAddress remote) {
    if (remote.isLoopbackAddress()) {
      // All of 127/8 is reached from 127.0.0.1 (the local table's preferred source).
      return remote instanceof Inet4Address ? LOOPBACK4 : LOOPBACK6;
    }
    if (remote.isAnyLocalAddress() || remote.isLinkLocalAddress() || remote.isMulticastAddress()) {
      return null;
    }
    long now = System.nanoTime();
    Answer answer = known.get(remote);
    if (answer == null || answer.until - now < 0) {
      answer = new Answer(ask(remote), now + LASTS);
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(remote, answer);
    }
    return answer.source;
  }

  private static @Nullable InetAddress ask(InetAddress remote) {
    try {
      if (NetworkInterface.getByInetAddress(remote) == null) {
        return null;
      }
      // Connecting a datagram socket sends nothing and chooses the source.
      try (DatagramSocket probe = new DatagramSocket(null)) {
        probe.connect(new InetSocketAddress(remote, 9));
        return nameless(probe.getLocalAddress());
      }
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
