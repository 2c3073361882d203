package dev.husk.netpath.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes one netlink message (RFC 3549, section 2.3.2): a header, a structure that its type has,
 * then attributes.
 */
final class NetlinkWriter {
  static final int HEADER = 16;
  static final int ALIGNMENT = 4;

  // linux/netlink.h
  static final int REQUEST = 1;
  static final int ACK = 4;
  static final int DUMP = 0x300;
  static final int REPLACE = 0x100;
  static final int CREATE = 0x400;

  private static final int LENGTH_AT = 0;
  private static final int SEQUENCE_AT = 8;

  /** More than any message needs that this package writes. */
  private static final int MOST = 512;

  private final ByteBuffer out = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());

  NetlinkWriter(int type, int flags) {
    out.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
  }

  NetlinkWriter put8(int value) {
    out.put((byte) value);
    return this;
  }

  NetlinkWriter put16(int value) {
    out.putShort((short) value);
    return this;
  }

  NetlinkWriter put32(int value) {
    out.putInt(value);
    return this;
  }

  NetlinkWriter attribute(int type, byte[] value) {
    out.putShort((short) (2 * Short.BYTES + value.length)).putShort((short) type).put(value);
    while (out.position() % ALIGNMENT != 0) {
      out.put((byte) 0);
    }
    return this;
  }

  NetlinkWriter attribute(int type, int value) {
    byte[] bytes = new byte[Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(value);
    return attribute(type, bytes);
  }

  /** The message as it goes out; its answers have the same sequence number. */
  byte[] finish(int sequence) {
    out.putInt(LENGTH_AT, out.position()).putInt(SEQUENCE_AT, sequence);
    byte[] message = new byte[out.position()];
    out.get(0, message);
    return message;
  }
}
