package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Packets that are nearly right. What isn't is refused in one way only, and never keeps the reader.
 * A second for each format, and ten minutes in a long run.
 */
@Timeout(1_500)
final class PacketFuzzTest {
  private static final MacAddress MAC = new MacAddress(0x5254_0012_3456L);

  private interface Target {
    void read(byte[] bytes, int length) throws Exception;
  }

  /** Returns how many packets the target took, which have to be some, too. */
  private static int fuzz(long seed, byte[] good, Target target) {
    Random random = new Random(seed);
    Duration time =
        Boolean.getBoolean("husk.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(1);
    long end = System.nanoTime() + time.toNanos();
    int taken = 0;
    for (long round = 0; System.nanoTime() < end; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(4); i > 0; i--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            switch (random.nextInt(3)) {
              case 0 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
              case 1 -> (byte) random.nextInt(256);
              default -> bytes[random.nextInt(bytes.length)];
            };
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      try {
        target.read(bytes, length);
        taken++;
      } catch (MalformedPacketException e) {
        // As it should be.
      } catch (Exception | Error e) {
        throw new AssertionError(
            "seed " + seed + ", round " + round + ": " + Arrays.toString(bytes), e);
      }
    }
    return taken;
  }

  @Test
  void frames() {
    byte[] good =
        new UdpFrame(MAC, MacAddress.BROADCAST, 1, 2, 67, 68, ByteBuffer.wrap(new byte[24])).emit();
    assertTrue(fuzz(1, good, UdpFrame::parse) > 0);
  }

  private static DhcpOptions options() {
    return new DhcpOptions()
        .put(DhcpOptions.MESSAGE_TYPE, (byte) DhcpMessage.ACK)
        .put(DhcpOptions.OVERLOAD, (byte) 3)
        .putInt(DhcpOptions.SERVER, 0x0a00_0202)
        .putInt(DhcpOptions.LEASE_TIME, 3600)
        .putInt(DhcpOptions.SUBNET_MASK, 0xffff_ff00)
        .put(DhcpOptions.NAME_SERVERS, (byte) 1, (byte) 1, (byte) 1, (byte) 1)
        .put(
            DhcpOptions.CLASSLESS_ROUTES,
            (byte) 8,
            (byte) 10,
            (byte) 10,
            (byte) 0,
            (byte) 0,
            (byte) 1,
            (byte) 0,
            (byte) 10,
            (byte) 0,
            (byte) 0,
            (byte) 1)
        .put(
            DhcpOptions.SEARCH,
            (byte) 1,
            (byte) 'a',
            (byte) 1,
            (byte) 'b',
            (byte) 0,
            (byte) 1,
            (byte) 'c',
            (byte) 0xc0,
            (byte) 2)
        .put(DhcpOptions.HOST_NAME, (byte) 'w');
  }

  @Test
  void messages() {
    DhcpMessage message = new DhcpMessage(true, 7, 0, 0, 0x0a00_020f, MAC, options());
    ByteBuffer emitted = message.emit();
    byte[] good = new byte[emitted.limit()];
    emitted.get(0, good);
    int taken =
        fuzz(
            2,
            good,
            (bytes, length) -> {
              DhcpOptions read = DhcpMessage.parse(ByteBuffer.wrap(bytes, 0, length)).options();
              read.messageType();
              read.prefixLength();
              read.routes();
              read.search();
              read.addresses(DhcpOptions.NAME_SERVERS);
              read.name(DhcpOptions.HOST_NAME);
            });
    assertTrue(taken > 0);
  }

  /** Options alone, so that each change of a byte is one of them. */
  @Test
  void optionValues() {
    ByteBuffer out = ByteBuffer.allocate(200);
    options().emit(out);
    byte[] good = Arrays.copyOf(out.array(), out.position());
    int taken =
        fuzz(
            3,
            good,
            (bytes, length) -> {
              DhcpOptions read = new DhcpOptions();
              read.parse(ByteBuffer.wrap(bytes, 0, length));
              read.routes();
              read.search();
              read.prefixLength();
            });
    assertTrue(taken > 0);
  }

  @Test
  void links() {
    byte[] good =
        new NetlinkWriter(16, 0)
            .put16(0)
            .put16(Link.ETHERNET)
            .put32(2)
            .put32(0)
            .put32(0)
            .attribute(Link.IFLA_IFNAME, new byte[] {'e', 0})
            .attribute(Link.IFLA_MTU, 1500)
            .attribute(Link.IFLA_ADDRESS, new byte[6])
            .finish(1);
    byte[] two = Arrays.copyOf(good, 2 * good.length);
    System.arraycopy(good, 0, two, good.length, good.length);
    int taken =
        fuzz(
            4,
            two,
            (bytes, length) -> {
              NetlinkReader in = new NetlinkReader(bytes, length);
              while (in.nextMessage()) {
                Link.parse(in);
              }
            });
    assertTrue(taken > 0);
  }
}
