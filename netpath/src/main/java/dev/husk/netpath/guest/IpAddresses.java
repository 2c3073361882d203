package dev.husk.netpath.guest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** IP addresses between their forms: as text, as the JDK's objects, and IPv4 as 32 bits. */
final class IpAddresses {
  /** All hosts of the link. */
  static final int BROADCAST = -1;

  private IpAddresses() {}

  static InetAddress of(int ipv4) {
    return of(ByteBuffer.allocate(Integer.BYTES).putInt(ipv4).array());
  }

  /** Of 4 or 16 bytes. */
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(bytes.length + " bytes", e);
    }
  }

  static int bits(InetAddress ipv4) {
    return ByteBuffer.wrap(ipv4.getAddress()).getInt();
  }

  /** Whether it can be that of one host: not of this network, loopback, multicast or reserved. */
  static boolean isHost(int ipv4) {
    int first = ipv4 >>> 24;
    return first != 0 && first != 127 && first < 224;
  }

  /**
   * An address of four numbers, or of IPv6 without zone; null where it is none. Asks no resolver.
   */
  static @Nullable InetAddress parse(String text) {
    boolean ipv6 = text.indexOf(':') >= 0;
    if (ipv6 ? text.indexOf('%') >= 0 || text.indexOf('[') >= 0 : dots(text) != 3) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int dots(String text) {
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '.') {
        dots++;
      }
    }
    return dots;
  }
}
