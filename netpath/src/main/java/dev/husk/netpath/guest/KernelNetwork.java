package dev.husk.netpath.guest;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's stack on the kernel's driver (virtio-net as a rule), set up through netlink.
 *
 * <p>It is about the first Ethernet device, the one with the lowest index. IPv4 is what a DHCP
 * server or the command line says. IPv6 is what routers advertise, which the kernel sees to, or
 * what the command line says.
 */
final class KernelNetwork implements GuestNetwork {
  private final Netlink netlink;
  private final @Nullable Port frames;
  private final HostFiles files;

  /**
   * Doesn't touch the network yet.
   *
   * @param netlink a socket of {@code NETLINK_ROUTE}
   * @param frames a packet socket for IPv4 on the first Ethernet device, which the start closes;
   *     null where the caller has none
   */
  KernelNetwork(Port netlink, @Nullable Port frames, HostFiles files) {
    this.netlink = new Netlink(netlink);
    this.frames = frames;
    this.files = files;
  }

  @Override
  public NetworkConfig start(NetworkWords words) throws IOException {
    try {
      return begin(words);
    } finally {
      // Else the kernel would bring it each packet of the app, too.
      if (frames != null) {
        frames.close();
      }
    }
  }

  private NetworkConfig begin(NetworkWords words) throws IOException {
    Link device = null;
    MacAddress mac = null;
    for (Link link : netlink.links()) {
      if (link.type() == Link.LOOPBACK) {
        netlink.bringUp(link, 0);
      } else if (mac == null && link.mac() != null) {
        device = link;
        mac = link.mac();
      }
    }
    if (device == null || mac == null || words.mode() == NetworkWords.Mode.NONE) {
      if (device == null && words.asksForNetwork()) {
        GuestBoot.say("there is no Ethernet device; starting with loopback only");
      }
      NetworkConfig loopback = NetworkConfig.loopback(words.hostName());
      files.write(loopback);
      return loopback;
    }
    DeviceSetup setup = new DeviceSetup(netlink, device, words, files);
    setup.bringUp();
    takeError();
    if (words.mode() == NetworkWords.Mode.STATIC) {
      return setup.become(null);
    }
    DhcpClient client =
        new DhcpClient(device.name(), mac, words.hostName(), random(), System.nanoTime());
    try (Port port = frames != null ? frames : PacketSocket.open(device)) {
      client.run(port, TimeUnit.SECONDS.toNanos(words.waitSeconds()));
      if (client.lease() == null) {
        GuestBoot.say(noAnswer(device, words, client));
      }
    } catch (IOException e) {
      GuestBoot.say("no DHCP on " + device + ": " + e.getMessage());
    }
    NetworkConfig config = setup.become(client.lease());
    new LeaseKeeper(client, setup).start();
    return config;
  }

  /**
   * A packet socket that was bound to a device while that was down has this noted as an error,
   * which the first read gets (packet(7)).
   */
  private void takeError() {
    try {
      if (frames != null) {
        frames.receive(new byte[1], 0);
      }
    } catch (IOException e) {
      // It is up now.
    }
  }

  private static String noAnswer(Link device, NetworkWords words, DhcpClient client) {
    String line = "no DHCP answer in " + words.waitSeconds() + " s on " + device;
    if (client.dropped() != 0) {
      line += " (" + client.dropped() + " that make no sense)";
    }
    return line + "; starting without an address";
  }

  /** Of the kernel's generator, which doesn't wait here. */
  private static int random() {
    try (FileInputStream in = new FileInputStream("/dev/urandom")) {
      return ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).getInt();
    } catch (IOException e) {
      return (int) System.nanoTime();
    }
  }
}
