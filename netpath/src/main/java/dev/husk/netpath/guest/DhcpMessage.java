package dev.husk.netpath.guest;

import java.nio.ByteBuffer;

/**
 * A DHCP message of Ethernet (RFC 2131, section 2).
 *
 * @param reply whether a server sends it
 * @param transaction what a reply has in common with its request ({@code xid})
 * @param seconds since the client began
 * @param clientAddress where the client already has one, else 0
 * @param yourAddress what the server gives, else 0
 * @param hardware the client's
 */
record DhcpMessage(
    boolean reply,
    int transaction,
    int seconds,
    int clientAddress,
    int yourAddress,
    MacAddress hardware,
    DhcpOptions options) {

  static final int SERVER_PORT = 67;
  static final int CLIENT_PORT = 68;

  // Types (RFC 2132, section 9.6).
  static final int DISCOVER = 1;
  static final int OFFER = 2;
  static final int REQUEST = 3;
  static final int ACK = 5;
  static final int NAK = 6;

  private static final int BOOTREQUEST = 1;
  private static final int BOOTREPLY = 2;
  private static final int ETHERNET = 1;
  private static final int COOKIE = 0x6382_5363;

  // Offsets.
  private static final int HARDWARE_TYPE_AT = 1;
  private static final int HARDWARE_LENGTH_AT = 2;
  private static final int TRANSACTION_AT = 4;
  private static final int SECONDS_AT = 8;
  private static final int CLIENT_ADDRESS_AT = 12;
  private static final int YOUR_ADDRESS_AT = 16;
  private static final int HARDWARE_AT = 28;
  private static final int SERVER_NAME_AT = 44;
  private static final int FILE_AT = 108;
  private static final int COOKIE_AT = 236;
  private static final int OPTIONS_AT = 240;

  /** What BOOTP had; there are relays that drop what is shorter. */
  private static final int SHORTEST = 300;

  /** More than a UDP datagram that isn't fragmented. */
  private static final int MOST = 1500;

  // Which of the message's fixed fields hold options, too (RFC 2132, section 9.3).
  private static final int FILE = 1;
  private static final int SERVER_NAME = 2;

  /**
   * Reads a message.
   *
   * @param in from its position to its limit
   * @throws MalformedPacketException where it is none, or its options don't fit into their fields
   */
  static DhcpMessage parse(ByteBuffer in) throws MalformedPacketException {
    ByteBuffer bytes = in.slice();
    int length = bytes.limit();
    if (length < OPTIONS_AT || bytes.getInt(COOKIE_AT) != COOKIE) {
      throw new MalformedPacketException("DHCP: no message in " + length + " bytes");
    }
    int operation = bytes.get(0);
    if (operation != BOOTREQUEST && operation != BOOTREPLY
        || bytes.get(HARDWARE_TYPE_AT) != ETHERNET
        || bytes.get(HARDWARE_LENGTH_AT) != MacAddress.LENGTH) {
      throw new MalformedPacketException("DHCP: operation " + operation + ", or not of Ethernet");
    }
    DhcpOptions options = new DhcpOptions();
    options.parse(bytes.slice(OPTIONS_AT, length - OPTIONS_AT));
    byte[] overload = options.get(DhcpOptions.OVERLOAD);
    if (overload != null && overload.length == 1) {
      if ((overload[0] & FILE) != 0) {
        options.parse(bytes.slice(FILE_AT, COOKIE_AT - FILE_AT));
      }
      if ((overload[0] & SERVER_NAME) != 0) {
        options.parse(bytes.slice(SERVER_NAME_AT, FILE_AT - SERVER_NAME_AT));
      }
    }
    return new DhcpMessage(
        operation == BOOTREPLY,
        bytes.getInt(TRANSACTION_AT),
        bytes.getShort(SECONDS_AT) & 0xffff,
        bytes.getInt(CLIENT_ADDRESS_AT),
        bytes.getInt(YOUR_ADDRESS_AT),
        MacAddress.get(bytes, HARDWARE_AT),
        options);
  }

  /** The message's bytes. Its options have room in one packet. */
  ByteBuffer emit() {
    ByteBuffer out = ByteBuffer.allocate(MOST);
    out.put(0, (byte) (reply ? BOOTREPLY : BOOTREQUEST));
    out.put(HARDWARE_TYPE_AT, (byte) ETHERNET);
    out.put(HARDWARE_LENGTH_AT, (byte) MacAddress.LENGTH);
    out.putInt(TRANSACTION_AT, transaction);
    out.putShort(SECONDS_AT, (short) Math.min(seconds, 0xffff));
    out.putInt(CLIENT_ADDRESS_AT, clientAddress);
    out.putInt(YOUR_ADDRESS_AT, yourAddress);
    hardware.put(out, HARDWARE_AT);
    out.putInt(COOKIE_AT, COOKIE);
    options.emit(out.position(OPTIONS_AT));
    return out.position(Math.max(out.position(), SHORTEST)).flip();
  }
}
