package dev.husk.netpath.guest;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP datagram (RFC 768) in an IPv4 packet (RFC 791) in an Ethernet frame (RFC 894).
 *
 * @param source who put the frame on the link
 * @param destination whom the frame is for
 * @param sourceAddress IPv4
 * @param destinationAddress IPv4
 * @param payload from its position to its limit
 */
record UdpFrame(
    MacAddress source,
    MacAddress destination,
    int sourceAddress,
    int destinationAddress,
    int sourcePort,
    int destinationPort,
    ByteBuffer payload) {

  /** The longest frame of a link with the usual MTU. */
  static final int MOST = 1514;

  private static final int ETHERNET_HEADER = 14;
  private static final int ETHERTYPE_AT = 12;
  private static final int ETHERTYPE_IPV4 = 0x0800;

  // Offsets in the IPv4 header.
  private static final int IPV4_HEADER = 20;
  private static final int LENGTH_AT = 2;
  private static final int FRAGMENT_AT = 6;
  private static final int TTL_AT = 8;
  private static final int PROTOCOL_AT = 9;
  private static final int HEADER_CHECKSUM_AT = 10;
  private static final int SOURCE_AT = 12;
  private static final int DESTINATION_AT = 16;
  private static final int VERSION_4 = 0x45; // and a header of five words
  private static final int MORE_OR_OFFSET = 0x3fff;
  private static final int TTL = 64;
  private static final int UDP = 17;

  // Offsets in the UDP header.
  private static final int UDP_HEADER = 8;
  private static final int DESTINATION_PORT_AT = 2;
  private static final int UDP_LENGTH_AT = 4;
  private static final int UDP_CHECKSUM_AT = 6;

  /**
   * Reads a frame.
   *
   * @param bytes has it in its first {@code length} bytes; the payload is a view of it
   * @return null for what carries no whole UDP datagram: other protocols, fragments
   * @throws MalformedPacketException where lengths or checksums are wrong
   */
  static @Nullable UdpFrame parse(byte[] bytes, int length) throws MalformedPacketException {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    require(length >= ETHERNET_HEADER, "Ethernet", length);
    if (get16(in, ETHERTYPE_AT) != ETHERTYPE_IPV4) {
      return null;
    }
    int ip = ETHERNET_HEADER;
    require(length >= ip + IPV4_HEADER, "IPv4", length);
    int header = 4 * (in.get(ip) & 15);
    int total = get16(in, ip + LENGTH_AT);
    // A short frame is padded, so that the packet may end before it.
    require(
        in.get(ip) >> 4 == 4 && header >= IPV4_HEADER && header <= total && ip + total <= length,
        "IPv4",
        length);
    require(checksum(sum(in, ip, ip + header)) == 0, "IPv4's checksum", length);
    if (in.get(ip + PROTOCOL_AT) != UDP || (get16(in, ip + FRAGMENT_AT) & MORE_OR_OFFSET) != 0) {
      return null;
    }
    int udp = ip + header;
    int size = total < header + UDP_HEADER ? 0 : get16(in, udp + UDP_LENGTH_AT);
    require(size >= UDP_HEADER && size <= total - header, "UDP", length);
    requireUdpChecksum(in, ip, udp, size);
    return new UdpFrame(
        MacAddress.get(in, MacAddress.LENGTH),
        MacAddress.get(in, 0),
        in.getInt(ip + SOURCE_AT),
        in.getInt(ip + DESTINATION_AT),
        get16(in, udp),
        get16(in, udp + DESTINATION_PORT_AT),
        in.slice(udp + UDP_HEADER, size - UDP_HEADER));
  }

  private static void requireUdpChecksum(ByteBuffer in, int ip, int udp, int size)
      throws MalformedPacketException {
    int written = get16(in, udp + UDP_CHECKSUM_AT);
    if (written == 0) {
      return; // The sender has made none.
    }
    long pseudoHeader = pseudoHeader(in, ip, size);
    // A host that leaves the checksum to its network card has summed up the pseudo header alone,
    // and
    // so it stays where the frame crosses no wire: from the host's own server to its guest.
    boolean offloaded = written == (~checksum(pseudoHeader) & 0xffff);
    require(
        offloaded || checksum(pseudoHeader + sum(in, udp, udp + size)) == 0,
        "UDP's checksum",
        in.limit());
  }

  private static void require(boolean holds, String what, int length)
      throws MalformedPacketException {
    if (!holds) {
      throw new MalformedPacketException(what + " is wrong in a frame of " + length + " bytes");
    }
  }

  /** The frame's bytes. */
  byte[] emit() {
    int size = UDP_HEADER + payload.remaining();
    int ip = ETHERNET_HEADER;
    int udp = ip + IPV4_HEADER;
    ByteBuffer out = ByteBuffer.allocate(udp + size);
    destination.put(out, 0);
    source.put(out, MacAddress.LENGTH);
    put16(out, ETHERTYPE_AT, ETHERTYPE_IPV4);
    out.put(ip, (byte) VERSION_4);
    put16(out, ip + LENGTH_AT, IPV4_HEADER + size);
    out.put(ip + TTL_AT, (byte) TTL);
    out.put(ip + PROTOCOL_AT, (byte) UDP);
    out.putInt(ip + SOURCE_AT, sourceAddress);
    out.putInt(ip + DESTINATION_AT, destinationAddress);
    put16(out, ip + HEADER_CHECKSUM_AT, checksum(sum(out, ip, udp)));
    put16(out, udp, sourcePort);
    put16(out, udp + DESTINATION_PORT_AT, destinationPort);
    put16(out, udp + UDP_LENGTH_AT, size);
    out.put(udp + UDP_HEADER, payload, payload.position(), payload.remaining());
    int checksum = checksum(pseudoHeader(out, ip, size) + sum(out, udp, udp + size));
    put16(out, udp + UDP_CHECKSUM_AT, checksum == 0 ? 0xffff : checksum);
    return out.array();
  }

  private static int get16(ByteBuffer in, int at) {
    return in.getShort(at) & 0xffff;
  }

  private static void put16(ByteBuffer out, int at, int value) {
    out.putShort(at, (short) value);
  }

  private static long pseudoHeader(ByteBuffer packet, int ip, int size) {
    return sum(packet, ip + SOURCE_AT, ip + IPV4_HEADER) + UDP + size;
  }

  /** The sum of 16-bit words, of which the last may lack its second byte. */
  private static long sum(ByteBuffer packet, int from, int to) {
    long sum = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      sum += get16(packet, i);
    }
    return i < to ? sum + ((packet.get(i) & 255) << 8) : sum;
  }

  /** The ones' complement of a sum's ones' complement (RFC 1071): 0 over what has its checksum. */
  private static int checksum(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) ~folded & 0xffff;
  }
}
