package dev.husk.netpath;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Writes what stays in the process to a file as if it had gone over the loopback interface: for
 * those who want to see it in Wireshark or tshark. Each write becomes TCP segments, or a UDP
 * datagram, with the addresses and ports that the app sees and sequence numbers that add up.
 *
 * <p>The format is that of libpcap with nanoseconds, link type RAW (IP packets and nothing before
 * them). One packet after the other, under a lock: who asks for a capture pays for it.
 */
final class Capture {
  private static final int MAGIC_NANOS = 0xa1b2_3c4d;
  private static final int LINKTYPE_RAW = 101;
  private static final int SNAP_LENGTH = 1 << 18;
  private static final int RECORD_HEADER = 16;
  private static final int IPV4_HEADER = 20;
  private static final int TCP_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int TCP = 6;
  private static final int UDP = 17;

  /** As the loopback interface, whose packets have 64 KB. */
  private static final int MOST_DATA = 65_483;

  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int PUSH = 8;
  private static final int ACK = 16;
  private static final int WINDOW = 65_535;

  private static final Unsafe U = Unsafe.getUnsafe();

  private static volatile @Nullable Capture active;

  private final FileOutputStream file;
  private final ByteBuffer packet = ByteBuffer.allocate(RECORD_HEADER + 128 + 65_535);

  /** The first failure to write is told, and ends the capture. Guarded by this object's monitor. */
  private boolean failed;

  private Capture(FileOutputStream file) {
    this.file = file;
  }

  /** Starts a capture; one at a time. */
  static void start(File to) throws IOException {
    FileOutputStream file = new FileOutputStream(to);
    ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    header.putInt(MAGIC_NANOS).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    header.putInt(SNAP_LENGTH).putInt(LINKTYPE_RAW);
    file.write(header.array());
    active = new Capture(file);
  }

  /** The capture that is running, or null. */
  static @Nullable Capture active() {
    return active;
  }

  // TCP: sequence numbers start with the SYN's; the first byte's is one more (RFC 9293, 3.4).

  /** The handshake of a connection, from the client's end. */
  void connected(Stream client) {
    // By the clock, as there: a port that is used again starts elsewhere.
    int initial = (int) (System.nanoTime() >>> 2);
    client.initialSequence = initial;
    client.peer().initialSequence = initial << 16 | initial >>> 16;
    segment(client, 0, 0, SYN, null, 0, 0);
    segment(client.peer(), 0, 1, SYN | ACK, null, 0, 0);
    segment(client, 1, 1, ACK, null, 0, 0);
  }

  /** Bytes that an end has written, from a position of its stream on. */
  void wrote(Stream from, long position, @Nullable Object base, long offset, int length) {
    for (int at = 0; at < length; at += MOST_DATA) {
      int n = Math.min(length - at, MOST_DATA);
      int flags = at + n == length ? PUSH | ACK : ACK;
      segment(from, 1 + position + at, 1 + from.received(), flags, base, offset + at, n);
    }
  }

  /** An end has finished writing. */
  void finished(Stream from) {
    segment(from, 1 + from.sent(), 1 + from.received(), FIN | ACK, null, 0, 0);
  }

  /** An end resets the connection. */
  void reset(Stream from) {
    segment(from, 1 + from.sent(), 1 + from.received(), RST | ACK, null, 0, 0);
  }

  private synchronized void segment(
      Stream from,
      long sequence,
      long acknowledged,
      int flags,
      @Nullable Object base,
      long offset,
      int length) {
    int start = ip(from.localAddress, from.remoteAddress, TCP, TCP_HEADER + length);
    packet.putShort((short) from.localPort).putShort((short) from.remotePort);
    packet.putInt(from.initialSequence + (int) sequence);
    packet.putInt((flags & ACK) == 0 ? 0 : from.peer().initialSequence + (int) acknowledged);
    packet.put((byte) (TCP_HEADER / 4 << 4)).put((byte) flags).putShort((short) WINDOW);
    int checksum = packet.position();
    packet.putShort((short) 0).putShort((short) 0);
    data(base, offset, length);
    checksum(from.localAddress, from.remoteAddress, TCP, start, checksum);
    write();
  }

  /** A datagram whose data is at an address, in as many buffers as there are. */
  synchronized void datagram(
      InetAddress source,
      int sourcePort,
      InetAddress target,
      int targetPort,
      Buffers buffers,
      long address,
      int length) {
    int size = (int) buffers.size(address, length);
    int start = ip(source, target, UDP, UDP_HEADER + size);
    packet.putShort((short) sourcePort).putShort((short) targetPort);
    packet.putShort((short) (UDP_HEADER + size));
    int checksum = packet.position();
    packet.putShort((short) 0);
    for (int i = 0; i < buffers.count(length); i++) {
      data(null, buffers.address(address, i), (int) buffers.length(address, length, i));
    }
    checksum(source, target, UDP, start, checksum);
    write();
  }

  /** Begins a packet with its IP header; where the header of the next layer starts. */
  private int ip(InetAddress source, InetAddress target, int protocol, int length) {
    packet.clear().position(RECORD_HEADER);
    if (source instanceof Inet4Address) {
      packet.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + length));
      // No fragments, 64 hops.
      packet.putShort((short) 0).putShort((short) 0x4000).put((byte) 64).put((byte) protocol);
      packet.putShort((short) 0).put(source.getAddress()).put(target.getAddress());
      packet.putShort(RECORD_HEADER + 10, fold(sum(RECORD_HEADER, IPV4_HEADER)));
    } else {
      packet.putInt(0x6000_0000).putShort((short) length).put((byte) protocol).put((byte) 64);
      packet.put(source.getAddress()).put(target.getAddress());
    }
    return packet.position();
  }

  private void data(@Nullable Object base, long offset, int length) {
    U.copyMemory(
        base,
        offset,
        packet.array(),
        Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) packet.position(),
        length);
    packet.position(packet.position() + length);
  }

  /** The checksum over the pseudo header and the packet (RFC 9293, 3.1; RFC 8200, 8.1). */
  private void checksum(
      InetAddress source, InetAddress target, int protocol, int start, int position) {
    int length = packet.position() - start;
    long sum = sum(start, length) + protocol + length;
    for (InetAddress address : new InetAddress[] {source, target}) {
      byte[] bytes = address.getAddress();
      for (int i = 0; i < bytes.length; i += 2) {
        sum += (bytes[i] & 255) << 8 | bytes[i + 1] & 255;
      }
    }
    short checksum = fold(sum);
    // Of UDP 0 means none.
    packet.putShort(position, checksum == 0 && protocol == UDP ? (short) -1 : checksum);
  }

  private long sum(int from, int length) {
    long sum = 0;
    for (int i = from; i < from + length - 1; i += 2) {
      sum += packet.getShort(i) & 0xffff;
    }
    return length % 2 == 0 ? sum : sum + ((packet.get(from + length - 1) & 255) << 8);
  }

  private static short fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (short) ~folded;
  }

  private void write() {
    if (failed) {
      return;
    }
    int end = packet.position();
    int length = end - RECORD_HEADER;
    Instant now = Instant.now();
    packet.order(ByteOrder.nativeOrder());
    packet.putInt(0, (int) now.getEpochSecond()).putInt(4, now.getNano());
    packet.putInt(8, length).putInt(12, length);
    packet.order(ByteOrder.BIG_ENDIAN);
    try {
      file.write(packet.array(), 0, end);
    } catch (IOException e) {
      failed = true;
      active = null;
      System.err.println("husk: the capture ends: " + e.getMessage());
    }
  }
}
