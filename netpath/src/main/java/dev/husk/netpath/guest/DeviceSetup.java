package dev.husk.netpath.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A device and what the kernel has been told of it, so that it can be told the difference. A step
 * that the kernel refuses is told on stderr; the others are made. One thread at a time.
 */
final class DeviceSetup {
  private static final Path IPV6_SETTINGS = Path.of("/proc/sys/net/ipv6/conf");

  private final Netlink netlink;
  private final Link link;
  private final NetworkWords words;
  private final HostFiles files;
  private NetworkConfig current;

  DeviceSetup(Netlink netlink, Link link, NetworkWords words, HostFiles files) {
    this.netlink = netlink;
    this.link = link;
    this.words = words;
    this.files = files;
    current = NetworkConfig.none(link.name());
  }

  Link link() {
    return link;
  }

  /**
   * Brings the device up.
   *
   * @throws IOException where the kernel refuses
   */
  void bringUp() throws IOException {
    // Before it is up: then the first advertisement may come.
    if (words.replacesAdvertisedAddresses()) {
      switchOff("autoconf");
    }
    if (words.replacesAdvertisedRouters()) {
      switchOff("accept_ra");
    }
    netlink.bringUp(link, 0);
  }

  private void switchOff(String setting) {
    try {
      Files.writeString(IPV6_SETTINGS.resolve(link.name()).resolve(setting), "0");
    } catch (IOException e) {
      failed("IPv6", e);
    }
  }

  /**
   * Makes the device what a lease and the command line say.
   *
   * @param lease null where there is none, or none any more
   * @return what the device is now
   */
  NetworkConfig become(@Nullable NetworkConfig lease) {
    NetworkConfig before = current;
    NetworkConfig after = words.over(lease == null ? NetworkConfig.none(link.name()) : lease);
    current = after;
    for (Route route : before.routes()) {
      if (!after.routes().contains(route)) {
        try {
          netlink.removeRoute(link, before, route);
        } catch (IOException e) {
          failed("end of route to " + route, e);
        }
      }
    }
    for (Prefix address : before.addresses()) {
      if (!after.addresses().contains(address)) {
        try {
          netlink.removeAddress(link, address);
        } catch (IOException e) {
          failed("end of address " + address, e);
        }
      }
    }
    if (after.mtu() != before.mtu() && after.mtu() != 0) {
      try {
        netlink.bringUp(link, after.mtu());
      } catch (IOException e) {
        failed("MTU " + after.mtu(), e);
      }
    }
    for (Prefix address : after.addresses()) {
      LeaseTimes times = address.isIpv4() ? after.lease() : null;
      try {
        netlink.addAddress(link, address, times == null ? LeaseTimes.FOREVER : times.expiry());
      } catch (IOException e) {
        failed("address " + address, e);
      }
    }
    // The gateways of some routes are reached by others that are on the link (RFC 3442).
    addRoutes(after, true);
    addRoutes(after, false);
    files.write(after);
    return after;
  }

  private void addRoutes(NetworkConfig config, boolean onLink) {
    for (Route route : config.routes()) {
      if (route.gateway() == null == onLink) {
        try {
          netlink.addRoute(link, config, route);
        } catch (IOException e) {
          failed("route to " + route, e);
        }
      }
    }
  }

  private void failed(String what, IOException e) {
    GuestBoot.say(link.name() + ": " + what + ": " + e.getMessage());
  }
}
