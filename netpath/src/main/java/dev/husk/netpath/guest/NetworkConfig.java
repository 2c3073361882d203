package dev.husk.netpath.guest;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a guest is connected.
 *
 * @param device the name of the interface
 * @param addresses the guest's own, IPv4 first; what routers advertise isn't among them
 * @param routes beside those to the addresses' own networks; the default ones have no length
 * @param nameServers who answers DNS questions
 * @param search domains in which names without a dot are looked for
 * @param hostName null where nobody has given one
 * @param mtu the longest packet in bytes, 0 where it is the device's own
 * @param lease null where the addresses are the guest's for good
 */
record NetworkConfig(
    String device,
    List<Prefix> addresses,
    List<Route> routes,
    List<InetAddress> nameServers,
    List<String> search,
    @Nullable String hostName,
    int mtu,
    @Nullable LeaseTimes lease) {

  /** A device that has nothing yet. */
  static NetworkConfig none(String device) {
    return new NetworkConfig(device, List.of(), List.of(), List.of(), List.of(), null, 0, null);
  }

  /** A host that has its loopback interface only. */
  static NetworkConfig loopback(@Nullable String hostName) {
    return new NetworkConfig("lo", List.of(), List.of(), List.of(), List.of(), hostName, 0, null);
  }

  /** Whether an address is in a network of this link, so that packets go to it directly. */
  boolean reaches(InetAddress other) {
    if (other instanceof Inet6Address && other.isLinkLocalAddress()) {
      return true;
    }
    for (Prefix prefix : addresses) {
      if (prefix.contains(other)) {
        return true;
      }
    }
    for (Route route : routes) {
      if (route.gateway() == null && route.destination().contains(other)) {
        return true;
      }
    }
    return false;
  }
}
