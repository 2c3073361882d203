package dev.husk.netpath.guest;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the kernel about its links and tells it addresses and routes (rtnetlink(7),
 * linux/rtnetlink.h). One request at a time, each answered before the next.
 */
final class Netlink {
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_DELADDR = 21;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTM_DELROUTE = 25;

  private static final int AF_UNSPEC = 0;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int IFF_UP = 1;

  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_BROADCAST = 4;
  private static final int IFA_CACHEINFO = 6;
  private static final int IFA_F_NODAD = 2;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_STATIC = 4;
  private static final int RTPROT_DHCP = 16;
  private static final int RT_SCOPE_UNIVERSE = 0;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RTN_UNICAST = 1;
  private static final int RTNH_F_ONLINK = 4;

  /** As much as the kernel puts into one packet of a dump. */
  private static final int MOST = 32 * 1024;

  /** The kernel answers within the request; a bound all the same, so that no start hangs. */
  private static final long PATIENCE = 2_000_000_000L;

  private final Port port;
  private int sequence;

  Netlink(Port port) {
    this.port = port;
  }

  /** All links, by their indexes. */
  List<Link> links() throws IOException {
    NetlinkWriter request =
        new NetlinkWriter(RTM_GETLINK, NetlinkWriter.REQUEST | NetlinkWriter.DUMP);
    List<Link> links = new ArrayList<>();
    ask(putLink(request, 0, 0, 0), links);
    return links;
  }

  /**
   * Brings a link up.
   *
   * @param mtu the longest packet it is to take, 0 to leave that as it is
   */
  void bringUp(Link link, int mtu) throws IOException {
    NetlinkWriter request = putLink(request(RTM_NEWLINK, 0), link.index(), IFF_UP, IFF_UP);
    if (mtu != 0) {
      request.attribute(Link.IFLA_MTU, mtu);
    }
    ask(request, null);
  }

  private static NetlinkWriter putLink(NetlinkWriter out, int index, int flags, int change) {
    return out.put8(AF_UNSPEC).put8(0).put16(0).put32(index).put32(flags).put32(change);
  }

  /**
   * Adds an address, or gives one that is there a new life. The kernel removes it at its end.
   *
   * @param seconds how long it is valid from now, or {@link LeaseTimes#FOREVER}
   */
  void addAddress(Link link, Prefix address, long seconds) throws IOException {
    NetlinkWriter request =
        putAddress(
            request(RTM_NEWADDR, NetlinkWriter.CREATE | NetlinkWriter.REPLACE), link, address);
    if (address.isIpv4() && address.length() < 31) {
      int broadcast = IpAddresses.bits(address.address()) | (-1 >>> address.length());
      request.attribute(IFA_BROADCAST, IpAddresses.of(broadcast).getAddress());
    }
    // struct ifa_cacheinfo: how long it is preferred, how long valid, and what the kernel fills in.
    ByteBuffer life = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    life.putInt((int) seconds).putInt((int) seconds);
    ask(request.attribute(IFA_CACHEINFO, life.array()), null);
  }

  /** Removes an address; that it is gone already is no error. */
  void removeAddress(Link link, Prefix address) throws IOException {
    try {
      ask(putAddress(request(RTM_DELADDR, 0), link, address), null);
    } catch (NetlinkException e) {
      if (e.errno() != Errno.EADDRNOTAVAIL) {
        throw e;
      }
    }
  }

  private static NetlinkWriter putAddress(NetlinkWriter out, Link link, Prefix address) {
    byte[] bytes = address.address().getAddress();
    // No search for duplicates in IPv6: the address could not be bound to for a second or two.
    return out.put8(family(address))
        .put8(address.length())
        .put8(address.isIpv4() ? 0 : IFA_F_NODAD)
        .put8(RT_SCOPE_UNIVERSE)
        .put32(link.index())
        .attribute(IFA_LOCAL, bytes)
        .attribute(IFA_ADDRESS, bytes);
  }

  /**
   * Adds a route, or takes it in place of one to the same network.
   *
   * @param config whose route it is
   */
  void addRoute(Link link, NetworkConfig config, Route route) throws IOException {
    int flags = NetlinkWriter.CREATE | NetlinkWriter.REPLACE;
    ask(putRoute(request(RTM_NEWROUTE, flags), link, config, route), null);
  }

  /** Removes a route; that it is gone already is no error. */
  void removeRoute(Link link, NetworkConfig config, Route route) throws IOException {
    try {
      ask(putRoute(request(RTM_DELROUTE, 0), link, config, route), null);
    } catch (NetlinkException e) {
      if (e.errno() != Errno.ESRCH) {
        throw e;
      }
    }
  }

  private static NetlinkWriter putRoute(
      NetlinkWriter out, Link link, NetworkConfig config, Route route) {
    Prefix destination = route.destination();
    InetAddress gateway = route.gateway();
    out.put8(family(destination)).put8(destination.length()).put8(0).put8(0);
    out.put8(RT_TABLE_MAIN).put8(config.lease() == null ? RTPROT_STATIC : RTPROT_DHCP);
    out.put8(gateway == null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE).put8(RTN_UNICAST);
    // Clouds give addresses of length 32: their gateway is on the link though in no network.
    out.put32(gateway == null || config.reaches(gateway) ? 0 : RTNH_F_ONLINK);
    out.attribute(RTA_OIF, link.index());
    if (!route.isDefault()) {
      out.attribute(RTA_DST, destination.network());
    }
    return gateway == null ? out : out.attribute(RTA_GATEWAY, gateway.getAddress());
  }

  private static int family(Prefix prefix) {
    return prefix.isIpv4() ? AF_INET : AF_INET6;
  }

  private static NetlinkWriter request(int type, int flags) {
    return new NetlinkWriter(type, NetlinkWriter.REQUEST | NetlinkWriter.ACK | flags);
  }

  /**
   * Sends a request and waits for its end: an acknowledgement, or the last message of a dump.
   *
   * @param links takes the links of a dump
   * @throws NetlinkException where the kernel refuses
   */
  private void ask(NetlinkWriter request, @Nullable List<Link> links) throws IOException {
    port.send(request.finish(++sequence));
    byte[] packet = new byte[MOST];
    long start = System.nanoTime();
    for (; ; ) {
      int length = port.receive(packet, PATIENCE - (System.nanoTime() - start));
      if (length < 0) {
        throw new IOException("no answer of the kernel on its netlink socket");
      }
      NetlinkReader in = new NetlinkReader(packet, length);
      while (in.nextMessage()) {
        if (in.sequence() != sequence) {
          continue; // late, of a request that was given up
        }
        switch (in.type()) {
          case NetlinkReader.ERROR, NetlinkReader.DONE -> {
            int error = in.get32(0);
            if (error != 0) {
              throw new NetlinkException(-error);
            }
            return;
          }
          case RTM_NEWLINK -> {
            if (links != null) {
              links.add(Link.parse(in));
            }
          }
          default -> {}
        }
      }
    }
  }
}
