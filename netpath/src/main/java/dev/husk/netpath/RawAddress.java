package dev.husk.netpath;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import jdk.internal.misc.Unsafe;

/**
 * IP addresses as two 64-bit words in the order of IPv6 (RFC 4291), IPv4 ones mapped into it, and
 * {@code struct sockaddr} as Linux has it on every platform.
 */
final class RawAddress {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long MAPPED = 0x0000_ffff_0000_0000L;
  private static final long LOOPBACK4 = MAPPED | 0x7f00_0001L;

  private RawAddress() {}

  static long high(InetAddress address) {
    return address instanceof Inet6Address ? word(address.getAddress(), 0) : 0;
  }

  static long low(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? MAPPED | word(bytes, -4) : word(bytes, 8);
  }

  /** Eight bytes; those before the array are 0. */
  private static long word(byte[] bytes, int from) {
    long word = 0;
    for (int i = from; i < from + 8; i++) {
      word = word << 8 | (i < 0 ? 0 : bytes[i] & 255);
    }
    return word;
  }

  static boolean isIpv4(long high, long low) {
    return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
  }

  static boolean isLoopback(long high, long low) {
    return isIpv4(high, low) ? (low & 0xff00_0000L) == 0x7f00_0000L : high == 0 && low == 1;
  }

  /** Of a loopback address: the one from which the kernel sends there, the lower half. */
  static long loopbackSource(long high, long low) {
    return isIpv4(high, low) ? LOOPBACK4 : low;
  }

  static InetAddress toInetAddress(long high, long low) throws UnknownHostException {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
    }
    return InetAddress.getByAddress(bytes);
  }

  // struct sockaddr_in: family, port, address. sockaddr_in6: family, port, flow, address, scope.

  static int family(long sockaddr) {
    return U.getShort(sockaddr);
  }

  static int port(long sockaddr) {
    return (U.getByte(sockaddr + 2) & 255) << 8 | U.getByte(sockaddr + 3) & 255;
  }

  static long high(long sockaddr) {
    return family(sockaddr) == AF_INET6 ? bigEndian(sockaddr + 8) : 0;
  }

  static long low(long sockaddr) {
    return family(sockaddr) == AF_INET6
        ? bigEndian(sockaddr + 16)
        : MAPPED | Integer.reverseBytes(U.getIntUnaligned(null, sockaddr + 4)) & 0xffff_ffffL;
  }

  private static long bigEndian(long address) {
    return Long.reverseBytes(U.getLongUnaligned(null, address));
  }

  /** Writes a {@code sockaddr} of a socket's own family. */
  static void put(long sockaddr, boolean ipv6, long high, long low, int port) {
    U.putShort(sockaddr, (short) (ipv6 ? AF_INET6 : AF_INET));
    U.putByte(sockaddr + 2, (byte) (port >>> 8));
    U.putByte(sockaddr + 3, (byte) port);
    if (ipv6) {
      U.putInt(sockaddr + 4, 0);
      U.putLongUnaligned(null, sockaddr + 8, Long.reverseBytes(high));
      U.putLongUnaligned(null, sockaddr + 16, Long.reverseBytes(low));
      U.putInt(sockaddr + 24, 0);
    } else {
      U.putIntUnaligned(null, sockaddr + 4, Integer.reverseBytes((int) low));
      U.putLongUnaligned(null, sockaddr + 8, 0);
    }
  }
}
