package dev.husk.netpath.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the netlink messages of one packet, and the attributes of each (RFC 3549, section 2.3.2). A
 * cursor: the accessors are about the message or attribute that was gone to last.
 */
final class NetlinkReader {
  // linux/netlink.h
  static final int ERROR = 2;
  static final int DONE = 3;

  private static final int ATTRIBUTE_HEADER = 4;
  private static final int ATTRIBUTE_TYPE = 0x3fff; // the rest are flags

  private final ByteBuffer in;
  private int message;
  private int messageEnd;
  private int nextMessage;
  private int attribute;
  private int attributeEnd;
  private int nextAttribute;

  /** Reads the first {@code length} bytes. */
  NetlinkReader(byte[] packet, int length) {
    in = ByteBuffer.wrap(packet, 0, length).order(ByteOrder.nativeOrder());
  }

  /**
   * Goes to the next message.
   *
   * @return false at the end
   */
  boolean nextMessage() throws MalformedPacketException {
    int left = in.limit() - nextMessage;
    if (left <= 0) {
      return false;
    }
    int length = left < NetlinkWriter.HEADER ? 0 : in.getInt(nextMessage);
    if (length < NetlinkWriter.HEADER || length > left) {
      throw new MalformedPacketException(
          "netlink: a message of " + length + " bytes where " + left + " are left");
    }
    message = nextMessage;
    messageEnd = message + length;
    nextMessage = align(messageEnd);
    return true;
  }

  int type() {
    return in.getShort(message + 4) & 0xffff;
  }

  int sequence() {
    return in.getInt(message + 8);
  }

  /** A number of the structure after the message's header. */
  int get16(int offset) throws MalformedPacketException {
    return in.getShort(structure(offset, Short.BYTES)) & 0xffff;
  }

  /** A number of the structure after the message's header. */
  int get32(int offset) throws MalformedPacketException {
    return in.getInt(structure(offset, Integer.BYTES));
  }

  private int structure(int offset, int size) throws MalformedPacketException {
    int at = message + NetlinkWriter.HEADER + offset;
    if (at + size > messageEnd) {
      throw new MalformedPacketException(
          "netlink: type " + type() + " ends at byte " + (messageEnd - message));
    }
    return at;
  }

  /** Goes before the first attribute, which follows a structure of this size. */
  void toAttributes(int structureSize) {
    nextAttribute = message + align(NetlinkWriter.HEADER + structureSize);
  }

  /**
   * Goes to the message's next attribute.
   *
   * @return false at the end
   */
  boolean nextAttribute() throws MalformedPacketException {
    int left = messageEnd - nextAttribute;
    if (left <= 0) {
      return false;
    }
    int length = left < ATTRIBUTE_HEADER ? 0 : in.getShort(nextAttribute) & 0xffff;
    if (length < ATTRIBUTE_HEADER || length > left) {
      throw new MalformedPacketException(
          "netlink: an attribute of " + length + " bytes where " + left + " are left");
    }
    attribute = nextAttribute;
    attributeEnd = attribute + length;
    nextAttribute = align(attributeEnd);
    return true;
  }

  int attributeType() {
    return in.getShort(attribute + 2) & ATTRIBUTE_TYPE;
  }

  byte[] attributeBytes() {
    byte[] value = new byte[attributeEnd - attribute - ATTRIBUTE_HEADER];
    in.get(attribute + ATTRIBUTE_HEADER, value);
    return value;
  }

  int attribute32() throws MalformedPacketException {
    requireSize(Integer.BYTES);
    return in.getInt(attribute + ATTRIBUTE_HEADER);
  }

  MacAddress attributeMac() throws MalformedPacketException {
    requireSize(MacAddress.LENGTH);
    return MacAddress.get(in, attribute + ATTRIBUTE_HEADER);
  }

  /** Text up to its terminating zero. */
  String attributeText() {
    byte[] value = attributeBytes();
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, StandardCharsets.ISO_8859_1);
  }

  private void requireSize(int size) throws MalformedPacketException {
    int actual = attributeEnd - attribute - ATTRIBUTE_HEADER;
    if (actual != size) {
      throw new MalformedPacketException(
          "netlink: attribute " + attributeType() + " has " + actual + " bytes, not " + size);
    }
  }

  private static int align(int at) {
    return (at + NetlinkWriter.ALIGNMENT - 1) & -NetlinkWriter.ALIGNMENT;
  }
}
