package dev.husk.netpath.guest;

import dev.husk.runtime.config.Words;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel's command line says about the network. A word that is wrong is left out, and told
 * in {@link #problems}; the others hold.
 *
 * <table>
 * <caption>Words</caption>
 * <tr><td>{@code husk.net=dhcp}</td><td>ask a DHCP server; so it is without this word, too</td></tr>
 * <tr><td>{@code husk.net=static}</td><td>use the words below only; {@code husk.ip} alone says that,
 *     too</td></tr>
 * <tr><td>{@code husk.net=none}</td><td>loopback only</td></tr>
 * <tr><td>{@code husk.ip=10.0.2.15/24}</td><td>the address</td></tr>
 * <tr><td>{@code husk.gateway=10.0.2.2}</td><td>where all other networks are</td></tr>
 * <tr><td>{@code husk.ip6=fec0::15/64}</td><td>an IPv6 address in place of those that routers
 *     advertise</td></tr>
 * <tr><td>{@code husk.gateway6=fec0::2}</td><td>the gateway for IPv6, in place of the routers that
 *     advertise themselves</td></tr>
 * <tr><td>{@code husk.dns=10.0.2.3,1.1.1.1}</td><td>name servers</td></tr>
 * <tr><td>{@code husk.hostname=web}</td><td>the guest's name</td></tr>
 * <tr><td>{@code husk.mtu=1400}</td><td>the longest packet, in bytes</td></tr>
 * <tr><td>{@code husk.wait=10}</td><td>how many seconds the start waits for a DHCP server</td></tr>
 * </table>
 *
 * <p>What a word says goes before what a DHCP server says. Words of other parts of Husk begin with
 * {@code husk.} as well, so that an unknown one is a mistake only where it is nearly one of these.
 */
final class NetworkWords {
  /** Where addresses come from. */
  enum Mode {
    DHCP,
    STATIC,
    NONE
  }

  private static final String PREFIX = "husk.";

  private static final String[] KEYS = {
    "net", "ip", "gateway", "ip6", "gateway6", "dns", "hostname", "mtu", "wait"
  };

  private static final int SMALLEST_MTU = 68; // RFC 791
  private static final int LARGEST_MTU = 65_535;
  private static final int LONGEST_WAIT = 3600;

  private final List<String> problems = new ArrayList<>();
  private final List<InetAddress> nameServers = new ArrayList<>();
  private @Nullable Mode mode;
  private @Nullable Prefix address;
  private @Nullable Prefix address6;
  private @Nullable InetAddress gateway;
  private @Nullable InetAddress gateway6;
  private @Nullable String hostName;
  private int mtu;
  private int wait = 10;
  private boolean asked;

  /** Reads a command line, as {@code /proc/cmdline} has it. */
  NetworkWords(String commandLine) {
    for (String word : commandLine.strip().split(" ")) {
      if (word.equals("--")) {
        break; // What follows is for the init program (the kernel's parameters.rst).
      }
      int equals = word.indexOf('=');
      if (equals >= PREFIX.length() && word.startsWith(PREFIX)) {
        take(word, word.substring(PREFIX.length(), equals), word.substring(equals + 1));
      }
    }
    if (mode == Mode.DHCP && address != null) {
      problems.add(
          "husk.ip=" + address + " is left out: husk.net=dhcp asks a server for the address");
      address = null;
    }
    if (mode == Mode.STATIC && address == null && address6 == null) {
      problems.add("husk.net=static needs an address, as in husk.ip=10.0.2.15/24");
    }
  }

  private void take(String word, String key, String value) {
    switch (key) {
      case "net" -> {
        mode = mode(word, value);
        asked |= mode != Mode.NONE;
      }
      case "ip" -> {
        address = prefix(word, value, true);
        asked = true;
      }
      case "ip6" -> {
        address6 = prefix(word, value, false);
        asked = true;
      }
      case "gateway" -> gateway = address(word, value, true);
      case "gateway6" -> gateway6 = address(word, value, false);
      case "dns" -> takeNameServers(word, value);
      case "hostname" -> {
        if (DhcpOptions.isName(value)) {
          hostName = value;
        } else {
          problems.add(word + " is left out: a name has letters, digits, hyphens and dots only");
        }
      }
      case "mtu" -> mtu = number(word, value, SMALLEST_MTU, LARGEST_MTU, 0);
      case "wait" -> wait = number(word, value, 0, LONGEST_WAIT, wait);
      default -> {
        String nearest = Words.nearest(key, KEYS);
        if (nearest != null) {
          problems.add(word + " is left out: did you mean " + PREFIX + nearest + "?");
        }
      }
    }
  }

  private @Nullable Mode mode(String word, String value) {
    return switch (value) {
      case "dhcp" -> Mode.DHCP;
      case "static" -> Mode.STATIC;
      case "none" -> Mode.NONE;
      default -> {
        String nearest = Words.nearest(value, "dhcp", "static", "none");
        problems.add(
            word
                + " is left out: it is one of dhcp, static and none"
                + (nearest == null ? "" : "; did you mean husk.net=" + nearest + "?"));
        yield null;
      }
    };
  }

  private @Nullable Prefix prefix(String word, String value, boolean ipv4) {
    Prefix prefix = Prefix.parse(value);
    if (prefix != null && prefix.isIpv4() == ipv4) {
      return prefix;
    }
    problems.add(
        word
            + " is left out: not an address with its prefix length, as in "
            + (ipv4 ? "husk.ip=10.0.2.15/24" : "husk.ip6=fec0::15/64"));
    return null;
  }

  private @Nullable InetAddress address(String word, String value, boolean ipv4) {
    InetAddress address = IpAddresses.parse(value);
    if (address != null && address instanceof Inet4Address == ipv4) {
      return address;
    }
    problems.add(
        word
            + " is left out: not an address of "
            + (ipv4 ? "IPv4, as in husk.gateway=10.0.2.2" : "IPv6, as in husk.gateway6=fec0::2"));
    return null;
  }

  private void takeNameServers(String word, String value) {
    for (String each : value.split(",")) {
      InetAddress address = IpAddresses.parse(each);
      if (address == null) {
        problems.add(
            word
                + ": \""
                + each
                + "\" is left out: not an address, as in husk.dns=10.0.2.3,1.1.1.1");
      } else {
        nameServers.add(address);
      }
    }
  }

  private int number(String word, String value, int least, int most, int otherwise) {
    try {
      int number = Integer.parseInt(value);
      if (least <= number && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    problems.add(word + " is left out: not a number from " + least + " to " + most);
    return otherwise;
  }

  /** A line for each word that is wrong. */
  List<String> problems() {
    return problems;
  }

  /** Whether the network was asked for, so that it is to be told where there is no device. */
  boolean asksForNetwork() {
    return asked;
  }

  Mode mode() {
    Mode said = mode;
    return said != null ? said : address != null ? Mode.STATIC : Mode.DHCP;
  }

  @Nullable String hostName() {
    return hostName;
  }

  /** How many seconds the start waits for a DHCP server. */
  int waitSeconds() {
    return wait;
  }

  /** Whether the addresses that routers advertise (RFC 4862) aren't wanted. */
  boolean replacesAdvertisedAddresses() {
    return address6 != null;
  }

  /** Whether the routers that advertise themselves (RFC 4861) aren't wanted. */
  boolean replacesAdvertisedRouters() {
    return gateway6 != null;
  }

  /** A configuration with what the words say in the place of what it says itself. */
  NetworkConfig over(NetworkConfig config) {
    List<Prefix> addresses = new ArrayList<>(config.addresses());
    if (address != null) {
      addresses.add(address);
    }
    if (address6 != null) {
      addresses.add(address6);
    }
    List<Route> routes = new ArrayList<>();
    for (Route route : config.routes()) {
      if (gateway == null || !route.isDefault()) {
        routes.add(route);
      }
    }
    if (gateway != null) {
      routes.add(Route.byDefault(gateway));
    }
    if (gateway6 != null) {
      routes.add(Route.byDefault(gateway6));
    }
    return new NetworkConfig(
        config.device(),
        addresses,
        routes,
        nameServers.isEmpty() ? config.nameServers() : nameServers,
        config.search(),
        hostName != null ? hostName : config.hostName(),
        mtu != 0 ? mtu : config.mtu(),
        config.lease());
  }
}
