package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UdpFrameTest {
  private static final int IP = 14;
  private static final int UDP = IP + 20;

  private static UdpFrame frame(byte... payload) {
    return new UdpFrame(
        new MacAddress(0x5254_0012_3456L),
        MacAddress.BROADCAST,
        0x0a00_020f,
        0x0a00_0202,
        68,
        67,
        ByteBuffer.wrap(payload));
  }

  private static void assertMalformed(byte[] bytes) {
    assertThrows(MalformedPacketException.class, () -> UdpFrame.parse(bytes, bytes.length));
  }

  @Test
  void parseIsTheInverseOfEmit() throws Exception {
    Random random = new Random(1);
    for (int length = 0; length < 300; length++) {
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      UdpFrame frame =
          new UdpFrame(
              new MacAddress(random.nextLong() >>> 16),
              new MacAddress(random.nextLong() >>> 16),
              random.nextInt(),
              random.nextInt(),
              random.nextInt(1 << 16),
              random.nextInt(1 << 16),
              ByteBuffer.wrap(payload));
      byte[] bytes = frame.emit();
      assertEquals(frame, UdpFrame.parse(bytes, bytes.length));
    }
  }

  /** The header that textbooks have as the example of its checksum, b861. */
  @Test
  void aHeaderOfAnotherStackIsRight() throws Exception {
    byte[] bytes = new byte[IP + 0x73];
    HexFormat hex = HexFormat.of();
    byte[] headers =
        hex.parseHex("0800" + "45000073000040004011b861c0a80001c0a800c7" + "00350044005f0000");
    System.arraycopy(headers, 0, bytes, 12, headers.length);
    UdpFrame frame = UdpFrame.parse(bytes, bytes.length);
    assertNotNull(frame);
    assertEquals(53, frame.sourcePort());
    assertEquals(0x5f - 8, frame.payload().remaining());
    bytes[IP + 11]++;
    assertMalformed(bytes);
  }

  @Test
  void aFrameMayBePadded() throws Exception {
    UdpFrame frame = frame((byte) 1, (byte) 2);
    byte[] bytes = Arrays.copyOf(frame.emit(), 60);
    assertEquals(frame, UdpFrame.parse(bytes, bytes.length));
  }

  @Test
  void eachByteOfAPacketIsChecked() {
    byte[] good = frame((byte) 1, (byte) 2, (byte) 3).emit();
    for (int i = IP; i < good.length; i++) {
      byte[] bytes = good.clone();
      bytes[i] ^= 0x10;
      assertMalformed(bytes);
    }
    for (int length = 0; length < good.length; length++) {
      assertMalformed(Arrays.copyOf(good, length));
    }
  }

  /** A host that leaves checksums to its network card writes the pseudo header's sum. */
  @Test
  void anOffloadedChecksumIsRight() throws Exception {
    UdpFrame frame = frame((byte) 1, (byte) 2, (byte) 3);
    byte[] bytes = frame.emit();
    int sum = 0x0a00 + 0x020f + 0x0a00 + 0x0202 + 17 + 11;
    bytes[UDP + 6] = (byte) (sum >> 8);
    bytes[UDP + 7] = (byte) sum;
    assertEquals(frame, UdpFrame.parse(bytes, bytes.length));
    bytes[UDP + 7]++;
    assertMalformed(bytes);
  }

  @Test
  void noChecksumIsRight() throws Exception {
    UdpFrame frame = frame((byte) 1);
    byte[] bytes = frame.emit();
    bytes[UDP + 6] = 0;
    bytes[UDP + 7] = 0;
    assertEquals(frame, UdpFrame.parse(bytes, bytes.length));
  }

  @Test
  void othersArePassedOver() throws Exception {
    byte[] arp = frame((byte) 1).emit();
    arp[13] = 6;
    assertNull(UdpFrame.parse(arp, arp.length));
    // Another protocol, a first fragment: with the checksum that belongs to the change.
    byte[] tcp = frame((byte) 1).emit();
    tcp[IP + 9] = 6;
    tcp[IP + 11] = (byte) (tcp[IP + 11] + 11);
    assertNull(UdpFrame.parse(tcp, tcp.length));
    byte[] fragment = frame((byte) 1).emit();
    fragment[IP + 6] = 0x20;
    fragment[IP + 10] = (byte) (fragment[IP + 10] - 0x20);
    assertNull(UdpFrame.parse(fragment, fragment.length));
  }
}
