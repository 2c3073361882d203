package dev.husk.netpath.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a guest has to do before its app starts, beyond what the kernel and the init program have
 * done: the network.
 *
 * <p>The init program hands sockets over, which the JDK can't open, by the numbers of their
 * descriptors in the environment: {@code HUSK_NETLINK_FD}, of {@code NETLINK_ROUTE}, and {@code
 * HUSK_PACKET_FD}, a raw packet socket for IPv4 that is bound to the first Ethernet device, where
 * there is a device. Without the first this isn't a guest of Husk's, and nothing is done.
 *
 * <p>Entropy and the clock need nothing: the kernel seeds its generator from the processor, from a
 * virtio-rng device where there is one, and else from the jitter of its timers (since 5.4), so that
 * {@code getrandom(2)} doesn't wait for long; and it sets the wall clock before init, from the
 * hypervisor's clock (kvm-clock) or the CMOS clock, which QEMU's microvm has as well unless it is
 * told {@code rtc=off}.
 */
public final class GuestBoot {
  private static final String NETLINK = "HUSK_NETLINK_FD";
  private static final String PACKET = "HUSK_PACKET_FD";

  /** What a start with DHCP takes beside this class; those of failures aren't among them. */
  static final String[] CLASSES = {
    "DescriptorPort",
    "DeviceSetup",
    "DhcpClient",
    "DhcpClient$State",
    "DhcpMessage",
    "DhcpOptions",
    "GuestNetwork",
    "HostFiles",
    "IpAddresses",
    "KernelNetwork",
    "LeaseKeeper",
    "LeaseTimes",
    "Link",
    "MacAddress",
    "Netlink",
    "NetlinkReader",
    "NetlinkWriter",
    "NetworkConfig",
    "NetworkWords",
    "NetworkWords$Mode",
    "Port",
    "Prefix",
    "Route",
    "UdpFrame"
  };

  private GuestBoot() {}

  /**
   * Does what a start does as far as that goes without a network: a run that trains an AOT cache
   * has none to set up, and in an emulated guest the classes of a start take half a second to load
   * without such a cache.
   */
  public static void train() {
    try {
      for (String name : CLASSES) {
        Class.forName("dev.husk.netpath.guest." + name);
      }
      Path scratch = Files.createTempDirectory("husk-training");
      try {
        NetworkWords words =
            new NetworkWords("husk.ip=192.0.2.2/24 husk.gateway=192.0.2.1 husk.dns=192.0.2.1");
        Path name = Files.writeString(scratch.resolve("hostname"), "husk");
        NetworkConfig config = words.over(NetworkConfig.none("eth0"));
        for (int i = 0; i < 2; i++) { // the second time the files are there
          new HostFiles(scratch, name).write(config);
        }
      } finally {
        for (String file : new String[] {"hostname", "hosts", "resolv.conf", ""}) {
          Files.deleteIfExists(scratch.resolve(file));
        }
      }
    } catch (ClassNotFoundException | IOException e) {
      say("not trained: " + e);
    }
  }

  /**
   * Sets the network up. Takes as long as a DHCP server takes to answer, and no longer than {@code
   * husk.wait} seconds. Whatever is wrong is told on stderr, and the app starts all the same.
   */
  public static void start() {
    try {
      String netlink = System.getenv(NETLINK);
      if (netlink != null) {
        String packet = System.getenv(PACKET);
        start(
            port(netlink),
            packet == null ? null : port(packet),
            Files.readString(Path.of("/proc/cmdline")),
            Path.of("/etc"));
      }
    } catch (Throwable e) {
      say("not set up: " + e);
    }
  }

  /** The same, with what is taken from the surroundings. */
  static NetworkConfig start(Port netlink, @Nullable Port frames, String commandLine, Path etc)
      throws IOException {
    NetworkWords words = new NetworkWords(commandLine);
    for (String problem : words.problems()) {
      say(problem);
    }
    HostFiles files = new HostFiles(etc, Path.of("/proc/sys/kernel/hostname"));
    return new KernelNetwork(netlink, frames, files).start(words);
  }

  private static Port port(String number) {
    return new DescriptorPort(Integer.parseInt(number));
  }

  /** One line for people. */
  static void say(String line) {
    System.err.println("husk: network: " + line);
  }
}
