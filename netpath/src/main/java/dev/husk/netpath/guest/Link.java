package dev.husk.netpath.guest;

import org.jspecify.annotations.Nullable;

/**
 * A network interface, as the kernel describes it (rtnetlink(7), RTM_NEWLINK).
 *
 * @param index its number
 * @param type its kind of hardware, {@code ARPHRD_} in linux/if_arp.h
 * @param mac null where it has none of Ethernet's length
 */
record Link(int index, String name, int type, int flags, int mtu, @Nullable MacAddress mac) {
  static final int ETHERNET = 1;
  static final int LOOPBACK = 772;

  /** The size of {@code struct ifinfomsg}. */
  static final int STRUCTURE = 16;

  // linux/if_link.h
  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;

  private static final int TYPE_AT = 2;
  private static final int INDEX_AT = 4;
  private static final int FLAGS_AT = 8;

  /** Reads the message that the reader stands at. */
  static Link parse(NetlinkReader in) throws MalformedPacketException {
    int type = in.get16(TYPE_AT);
    int index = in.get32(INDEX_AT);
    int flags = in.get32(FLAGS_AT);
    String name = "";
    int mtu = 0;
    MacAddress mac = null;
    in.toAttributes(STRUCTURE);
    while (in.nextAttribute()) {
      switch (in.attributeType()) {
        case IFLA_ADDRESS -> {
          if (type == ETHERNET) {
            mac = in.attributeMac();
          }
        }
        case IFLA_IFNAME -> name = in.attributeText();
        case IFLA_MTU -> mtu = in.attribute32();
        default -> {}
      }
    }
    return new Link(index, name, type, flags, mtu, mac);
  }

  /** As {@code eth0 (52:54:00:12:34:56)}. */
  @Override
  public String toString() {
    return mac == null ? name : name + " (" + mac + ")";
  }
}
