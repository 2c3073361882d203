package dev.husk.netpath.guest;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * @param bits its 48 bits, the first byte uppermost
 */
record MacAddress(long bits) {
  static final int LENGTH = 6;
  static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  /** Reads six bytes, which the caller knows to be there. */
  static MacAddress get(ByteBuffer from, int at) {
    long bits = 0;
    for (int i = 0; i < LENGTH; i++) {
      bits = bits << 8 | from.get(at + i) & 255;
    }
    return new MacAddress(bits);
  }

  void put(ByteBuffer to, int at) {
    for (int i = 0; i < LENGTH; i++) {
      to.put(at + i, (byte) (bits >>> 40 - 8 * i));
    }
  }

  /** As {@code 52:54:00:12:34:56}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      if (i > 0) {
        out.append(':');
      }
      HexFormat.of().toHexDigits(out, (byte) (bits >>> 40 - 8 * i));
    }
    return out.toString();
  }
}
