package dev.husk.netpath.guest;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where packets to a network go.
 *
 * @param destination the network; address bits after its length don't matter
 * @param gateway null where the network is on the link itself
 */
record Route(Prefix destination, @Nullable InetAddress gateway) {
  /** The route to everything in the gateway's family. */
  static Route byDefault(InetAddress gateway) {
    byte[] any = new byte[gateway.getAddress().length];
    return new Route(new Prefix(IpAddresses.of(any), 0), gateway);
  }

  boolean isDefault() {
    return destination.length() == 0;
  }

  @Override
  public String toString() {
    return gateway == null
        ? destination + " on the link"
        : destination + " via " + gateway.getHostAddress();
  }
}
