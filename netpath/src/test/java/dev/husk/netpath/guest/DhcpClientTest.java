package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.netpath.guest.DhcpClient.State;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Hours of protocol, by a clock that is told the time. */
final class DhcpClientTest {
  private static final long SECOND = 1_000_000_000L;
  private static final MacAddress MAC = new MacAddress(0x5254_0012_3456L);
  private static final MacAddress SERVER_MAC = new MacAddress(0x5255_0a00_0202L);
  private static final int SERVER = 0x0a00_0202;
  private static final int OTHER_SERVER = 0x0a00_0207;
  private static final int ADDRESS = 0x0a00_020f;

  /** Five seconds before the clock runs over: nothing may depend on where it began. */
  private long now = Long.MAX_VALUE - 5 * SECOND;

  private final DhcpClient client = new DhcpClient("eth0", MAC, "web", 42, now);

  /** What the client sent last. */
  private UdpFrame frame = new UdpFrame(MAC, MAC, 0, 0, 0, 0, ByteBuffer.allocate(0));

  private int type;
  private DhcpOptions options = new DhcpOptions();

  /** Goes on to when the client has something to do, and has it do that. */
  private DhcpMessage next() throws Exception {
    now += Math.max(0, client.untilNext(now));
    byte[] bytes = client.poll(now);
    assertNotNull(bytes);
    assertNull(client.poll(now), "one frame at a time");
    UdpFrame sent = UdpFrame.parse(bytes, bytes.length);
    assertNotNull(sent);
    assertEquals(68, sent.sourcePort());
    assertEquals(67, sent.destinationPort());
    assertEquals(MAC, sent.source());
    frame = sent;
    DhcpMessage message = DhcpMessage.parse(sent.payload());
    assertEquals(MAC, message.hardware());
    options = message.options();
    type = options.messageType();
    return message;
  }

  private void assertSent(int type) {
    assertEquals(type, this.type);
  }

  private void assertBroadcast() {
    assertEquals(MacAddress.BROADCAST, frame.destination());
    assertEquals(IpAddresses.BROADCAST, frame.destinationAddress());
  }

  private static DhcpOptions options(int type, int server) {
    return new DhcpOptions()
        .put(DhcpOptions.MESSAGE_TYPE, (byte) type)
        .putInt(DhcpOptions.SERVER, server);
  }

  private static DhcpOptions ack(int seconds) {
    return options(DhcpMessage.ACK, SERVER)
        .putInt(DhcpOptions.LEASE_TIME, seconds)
        .putInt(DhcpOptions.SUBNET_MASK, 0xffff_ff00)
        .putInt(DhcpOptions.ROUTERS, SERVER)
        .putInt(DhcpOptions.NAME_SERVERS, 0x0a00_0203)
        .putShort(DhcpOptions.MTU, 1400);
  }

  /** Answers the client's last message, but for what is changed. */
  private void answer(DhcpOptions options, UnaryOperator<DhcpMessage> change) throws Exception {
    int transaction = DhcpMessage.parse(frame.payload()).transaction();
    DhcpMessage message =
        change.apply(new DhcpMessage(true, transaction, 0, 0, ADDRESS, MAC, options));
    byte[] bytes = new UdpFrame(SERVER_MAC, MAC, SERVER, ADDRESS, 67, 68, message.emit()).emit();
    client.receive(bytes, bytes.length, now);
  }

  private void answer(DhcpOptions options) throws Exception {
    answer(options, UnaryOperator.identity());
  }

  private NetworkConfig bind(int seconds) throws Exception {
    next();
    answer(options(DhcpMessage.OFFER, SERVER));
    next();
    answer(ack(seconds));
    return lease();
  }

  private NetworkConfig lease() {
    NetworkConfig lease = client.lease();
    assertNotNull(lease);
    return lease;
  }

  @Test
  void anAddressIsFoundAndTaken() throws Exception {
    DhcpMessage discover = next();
    assertSent(DhcpMessage.DISCOVER);
    assertBroadcast();
    assertEquals(0, frame.sourceAddress());
    assertEquals("web", options.name(DhcpOptions.HOST_NAME));
    assertEquals(7, options.get(DhcpOptions.CLIENT_ID).length);
    answer(options(DhcpMessage.OFFER, SERVER));
    assertEquals(0, client.untilNext(now));

    DhcpMessage request = next();
    assertSent(DhcpMessage.REQUEST);
    assertBroadcast();
    assertEquals(discover.transaction(), request.transaction());
    assertEquals(ADDRESS, options.getInt(DhcpOptions.REQUESTED_ADDRESS));
    assertEquals(SERVER, options.getInt(DhcpOptions.SERVER));
    assertEquals(0, request.clientAddress());
    assertNull(client.lease());
    now += SECOND / 10;
    answer(ack(3600));

    InetAddress server = InetAddress.ofLiteral("10.0.2.2");
    assertEquals(
        new NetworkConfig(
            "eth0",
            List.of(new Prefix(InetAddress.ofLiteral("10.0.2.15"), 24)),
            List.of(Route.byDefault(server)),
            List.of(InetAddress.ofLiteral("10.0.2.3")),
            List.of(),
            null,
            1400,
            new LeaseTimes(1800, 3150, 3600)),
        lease());
    assertEquals(State.BOUND, client.state());
    // Times count from the request.
    assertEquals(1800 * SECOND - SECOND / 10, client.untilNext(now));
    assertEquals(0, client.dropped());
  }

  @Test
  void messagesAreRepeatedLessAndLessOften() throws Exception {
    long start = now;
    long expected = SECOND / 2;
    next();
    for (int i = 0; i < 100; i++) {
      long last = now;
      DhcpMessage again = next();
      assertSent(DhcpMessage.DISCOVER);
      assertEquals((int) ((now - start) / SECOND), again.seconds());
      long waited = now - last;
      assertTrue(expected <= waited && waited <= expected * 5 / 4, waited + " for " + expected);
      expected = Math.min(expected * 2, 64 * SECOND);
    }
    answer(options(DhcpMessage.OFFER, SERVER));
    next();
    assertSent(DhcpMessage.REQUEST);
  }

  @Test
  void guestsThatStartTogetherDontTryTogether() {
    DhcpClient other = new DhcpClient("eth0", MAC, null, 43, now);
    client.poll(now);
    other.poll(now);
    assertNotEquals(client.untilNext(now), other.untilNext(now));
  }

  @Test
  void aServerThatOffersAndFallsSilentIsLeft() throws Exception {
    int first = next().transaction();
    answer(options(DhcpMessage.OFFER, SERVER));
    for (int i = 0; i < 4; i++) {
      assertEquals(first, next().transaction());
      assertSent(DhcpMessage.REQUEST);
    }
    assertNotEquals(first, next().transaction());
    assertSent(DhcpMessage.DISCOVER);
    answer(options(DhcpMessage.OFFER, OTHER_SERVER));
    next();
    assertEquals(OTHER_SERVER, options.getInt(DhcpOptions.SERVER));
  }

  @Test
  void aLeaseIsRenewedForDays() throws Exception {
    NetworkConfig before = bind(3600);
    for (int i = 0; i < 100; i++) {
      long last = now;
      DhcpMessage request = next();
      assertEquals(1800 * SECOND, now - last);
      assertEquals(State.RENEWING, client.state());
      assertSent(DhcpMessage.REQUEST);
      // By unicast, and without the options of another state (RFC 2131, table 5).
      assertEquals(SERVER_MAC, frame.destination());
      assertEquals(SERVER, frame.destinationAddress());
      assertEquals(ADDRESS, frame.sourceAddress());
      assertEquals(ADDRESS, request.clientAddress());
      assertNull(options.get(DhcpOptions.REQUESTED_ADDRESS));
      assertNull(options.get(DhcpOptions.SERVER));
      assertSame(before, client.lease());
      answer(ack(3600));
      assertNotSame(before, client.lease());
      assertEquals(before, client.lease());
      before = lease();
    }
  }

  @Test
  void aLeaseThatNobodyRenewsEnds() throws Exception {
    bind(3600);
    long start = now;
    // Halfway to T2, never sooner than a minute.
    for (long at : new long[] {1800, 2475, 2812, 2981, 3065, 3125}) {
      next();
      assertEquals(State.RENEWING, client.state());
      assertEquals(at, (now - start) / SECOND);
    }
    // T2, and halfway to the end.
    for (long at : new long[] {3150, 3375, 3487, 3547}) {
      DhcpMessage request = next();
      assertEquals(State.REBINDING, client.state());
      assertBroadcast();
      assertEquals(ADDRESS, frame.sourceAddress());
      assertEquals(ADDRESS, request.clientAddress());
      assertEquals(at, (now - start) / SECOND);
      assertNotNull(client.lease());
    }
    next();
    assertEquals(3600, (now - start) / SECOND);
    assertSent(DhcpMessage.DISCOVER);
    assertEquals(0, frame.sourceAddress());
    assertNull(client.lease());
    assertEquals(State.SELECTING, client.state());
  }

  @Test
  void anotherServerMayRebind() throws Exception {
    bind(3600);
    now += 3200 * SECOND;
    next();
    assertEquals(State.REBINDING, client.state());
    answer(ack(3600).putInt(DhcpOptions.SERVER, OTHER_SERVER));
    assertEquals(State.BOUND, client.state());
    next();
    assertEquals(OTHER_SERVER, frame.destinationAddress());
  }

  @Test
  void whoSleptPastTheEndBeginsAnew() throws Exception {
    bind(3600);
    now += 5000 * SECOND;
    next();
    assertSent(DhcpMessage.DISCOVER);
    assertNull(client.lease());
  }

  @Test
  void aServersTimesHold() throws Exception {
    next();
    answer(options(DhcpMessage.OFFER, SERVER));
    next();
    answer(ack(3600).putInt(DhcpOptions.RENEWAL_TIME, 100).putInt(DhcpOptions.REBINDING_TIME, 200));
    assertEquals(new LeaseTimes(100, 200, 3600), lease().lease());
    assertEquals(100 * SECOND, client.untilNext(now));
    next();
    answer(ack(3600).putInt(DhcpOptions.RENEWAL_TIME, 300).putInt(DhcpOptions.REBINDING_TIME, 200));
    assertEquals(new LeaseTimes(1800, 3150, 3600), lease().lease());
  }

  @Test
  void aLeaseWithoutEndIsLeftAlone() throws Exception {
    bind(-1);
    assertEquals(Long.MAX_VALUE, client.untilNext(now));
    now += 10_000_000 * SECOND;
    assertNull(client.poll(now));
    assertNotNull(client.lease());
  }

  @Test
  void theShortestLeaseIsNotAskedForAllTheTime() throws Exception {
    bind(1);
    assertEquals(SECOND, client.untilNext(now));
  }

  @Test
  void theLongestLeaseThatEndsIsKept() throws Exception {
    bind(-2);
    assertEquals((0xffff_fffeL / 2) * SECOND, client.untilNext(now));
    next();
    assertEquals(State.RENEWING, client.state());
  }

  @Test
  void aNoBeginsAnew() throws Exception {
    int first = next().transaction();
    answer(options(DhcpMessage.OFFER, SERVER));
    next();
    answer(options(DhcpMessage.NAK, OTHER_SERVER));
    assertEquals(State.REQUESTING, client.state());
    answer(options(DhcpMessage.NAK, SERVER));
    assertTrue(client.untilNext(now) >= SECOND / 2);
    assertNotEquals(first, next().transaction());
    assertSent(DhcpMessage.DISCOVER);
  }

  @Test
  void aNoToARenewalEndsTheLease() throws Exception {
    bind(3600);
    next();
    answer(options(DhcpMessage.NAK, SERVER));
    assertNull(client.lease());
    next();
    assertSent(DhcpMessage.DISCOVER);
  }

  @Test
  void whatIsntForThisClientChangesNothing() throws Exception {
    next();
    DhcpOptions offer = options(DhcpMessage.OFFER, SERVER);
    answer(offer, m -> new DhcpMessage(true, m.transaction() + 1, 0, 0, ADDRESS, MAC, offer));
    answer(offer, m -> new DhcpMessage(true, m.transaction(), 0, 0, ADDRESS, SERVER_MAC, offer));
    answer(offer, m -> new DhcpMessage(false, m.transaction(), 0, 0, ADDRESS, MAC, offer));
    answer(ack(3600));
    answer(options(DhcpMessage.NAK, SERVER));
    assertEquals(State.SELECTING, client.state());
    assertEquals(0, client.dropped());
  }

  @Test
  void whatMakesNoSenseIsDropped() throws Exception {
    next();
    answer(new DhcpOptions().put(DhcpOptions.MESSAGE_TYPE, (byte) DhcpMessage.OFFER));
    assertEquals(1, client.dropped());
    DhcpOptions offer = options(DhcpMessage.OFFER, SERVER);
    for (int bad : new int[] {0, -1, 0x7f00_0001, 0xe000_0001}) {
      answer(offer, m -> new DhcpMessage(true, m.transaction(), 0, 0, bad, MAC, offer));
    }
    assertEquals(5, client.dropped());
    byte[] cut = new byte[60];
    cut[12] = 8;
    client.receive(cut, cut.length, now);
    assertEquals(6, client.dropped());
    answer(offer);
    next();
    answer(ack(0));
    assertEquals(7, client.dropped());
    assertEquals(State.REQUESTING, client.state());
    answer(ack(60));
    assertEquals(State.BOUND, client.state());
  }

  @Test
  void aTinyMtuIsntTaken() throws Exception {
    next();
    answer(options(DhcpMessage.OFFER, SERVER));
    next();
    answer(ack(60).putShort(DhcpOptions.MTU, 68));
    assertEquals(0, lease().mtu());
  }
}
