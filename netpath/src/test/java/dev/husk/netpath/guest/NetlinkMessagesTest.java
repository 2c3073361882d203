package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NetlinkMessagesTest {
  private static final int NEWLINK = 16;

  private static NetlinkWriter link(Link link) {
    NetlinkWriter out = new NetlinkWriter(NEWLINK, 0);
    out.put16(0).put16(link.type()).put32(link.index()).put32(link.flags()).put32(0);
    out.attribute(Link.IFLA_IFNAME, (link.name() + "\0").getBytes(StandardCharsets.US_ASCII));
    out.attribute(Link.IFLA_MTU, link.mtu());
    if (link.mac() != null) {
      ByteBuffer mac = ByteBuffer.allocate(6);
      link.mac().put(mac, 0);
      out.attribute(Link.IFLA_ADDRESS, mac.array());
    }
    return out;
  }

  private static byte[] ending(int type, int sequence, int error) {
    return new NetlinkWriter(type, 0).put32(error).finish(sequence);
  }

  private static byte[] joined(byte[]... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      out.writeBytes(message);
    }
    return out.toByteArray();
  }

  /** A kernel that answers as it is told to. */
  private static final class Answers implements Port {
    final ArrayDeque<byte[]> packets = new ArrayDeque<>();
    final List<byte[]> sent = new ArrayList<>();

    Answers(byte[]... packets) {
      this.packets.addAll(List.of(packets));
    }

    @Override
    public void send(byte[] packet) {
      sent.add(packet);
    }

    @Override
    public int receive(byte[] into, long nanos) {
      byte[] packet = packets.poll();
      if (packet == null) {
        return -1;
      }
      System.arraycopy(packet, 0, into, 0, packet.length);
      return packet.length;
    }

    @Override
    public void close() {}
  }

  @Test
  void readingIsTheInverseOfWriting() throws Exception {
    Random random = new Random(3);
    for (int round = 0; round < 1_000; round++) {
      List<byte[]> values = new ArrayList<>();
      NetlinkWriter out = new NetlinkWriter(24, NetlinkWriter.REQUEST).put32(round);
      for (int i = random.nextInt(8); i > 0; i--) {
        byte[] value = new byte[random.nextInt(40)];
        random.nextBytes(value);
        values.add(value);
        out.attribute(values.size(), value);
      }
      byte[] bytes = out.finish(round + 7);
      NetlinkReader in = new NetlinkReader(bytes, bytes.length);
      assertTrue(in.nextMessage());
      assertEquals(24, in.type());
      assertEquals(round + 7, in.sequence());
      assertEquals(round, in.get32(0));
      in.toAttributes(Integer.BYTES);
      for (int i = 0; i < values.size(); i++) {
        assertTrue(in.nextAttribute());
        assertEquals(i + 1, in.attributeType());
        assertArrayEquals(values.get(i), in.attributeBytes());
      }
      assertFalse(in.nextAttribute());
      assertFalse(in.nextMessage());
    }
  }

  @Test
  void aLinkIsReadAsItWasWritten() throws Exception {
    Link eth0 = new Link(2, "eth0", Link.ETHERNET, 0x1003, 1500, new MacAddress(0x525400123456L));
    Link lo = new Link(1, "lo", Link.LOOPBACK, 9, 65_536, null);
    Answers kernel =
        new Answers(
            joined(link(lo).finish(1), link(eth0).finish(1)), ending(NetlinkReader.DONE, 1, 0));
    assertEquals(List.of(lo, eth0), new Netlink(kernel).links());
    assertEquals("eth0 (52:54:00:12:34:56)", eth0.toString());
  }

  @Test
  void lateAnswersArePassedOver() throws Exception {
    Answers kernel =
        new Answers(joined(ending(NetlinkReader.ERROR, 99, -1), ending(NetlinkReader.ERROR, 1, 0)));
    new Netlink(kernel).bringUp(new Link(2, "eth0", 1, 0, 1500, null), 0);
    assertEquals(1, kernel.sent.size());
  }

  @Test
  void aNoHasItsName() {
    Link link = new Link(2, "eth0", 1, 0, 1500, null);
    Netlink refused = new Netlink(new Answers(ending(NetlinkReader.ERROR, 1, -1)));
    NetlinkException no = assertThrows(NetlinkException.class, () -> refused.bringUp(link, 0));
    assertEquals("EPERM", no.getMessage());
    Netlink silent = new Netlink(new Answers());
    IOException none = assertThrows(IOException.class, () -> silent.bringUp(link, 0));
    assertEquals("no answer of the kernel on its netlink socket", none.getMessage());
  }

  @Test
  void lengthsThatLeadOutsideAreRefused() {
    byte[] good = link(new Link(2, "eth0", 1, 0, 1500, new MacAddress(1))).finish(1);
    for (int length = 1; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThrows(MalformedPacketException.class, () -> readAll(cut), "cut to " + length);
    }
    // Of the message, of its first attribute.
    for (int at : new int[] {0, 32}) {
      for (int wrong : new int[] {0, 3, 0x7fff}) {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putShort(at, (short) wrong);
        assertThrows(MalformedPacketException.class, () -> readAll(bytes), at + ": " + wrong);
      }
    }
  }

  private static void readAll(byte[] packet) throws MalformedPacketException {
    NetlinkReader in = new NetlinkReader(packet, packet.length);
    while (in.nextMessage()) {
      Link.parse(in);
    }
  }
}
