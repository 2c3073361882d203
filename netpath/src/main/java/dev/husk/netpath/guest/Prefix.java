package dev.husk.netpath.guest;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An address and how many of its first bits are those of its network: {@code 10.0.2.15/24}.
 *
 * @param length 0 to 32, or to 128 for IPv6
 */
record Prefix(InetAddress address, int length) {
  /** Reads an address, a slash and a length; null where it isn't that. */
  static @Nullable Prefix parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = slash < 0 ? null : IpAddresses.parse(text.substring(0, slash));
    if (address == null) {
      return null;
    }
    try {
      int length = Integer.parseInt(text.substring(slash + 1));
      return length < 0 || length > 8 * address.getAddress().length
          ? null
          : new Prefix(address, length);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** Whether an address is in the same network; never one of the other family. */
  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = other.getAddress();
    int whole = length / 8;
    if (mine.length != its.length || !Arrays.equals(mine, 0, whole, its, 0, whole)) {
      return false;
    }
    int rest = length % 8;
    return rest == 0 || (mine[whole] ^ its[whole]) >> 8 - rest == 0;
  }

  /** The bytes of the network's address: those of this one, with 0 after the prefix. */
  byte[] network() {
    byte[] bytes = address.getAddress();
    for (int bit = length; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return bytes;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
