package dev.husk.netpath.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets an IPv4 address for an Ethernet device, and keeps it (RFC 2131, section 4.4). A state
 * machine: the caller gives it time, in nanoseconds from any start, and frames, and sends what it
 * is given.
 *
 * <p>All goes by frames, a renewal too, as it has to where a device has no address. A renewal's
 * frame for the server goes to whoever sent the last acknowledgement: it, or the relay before it.
 *
 * <p>Left out, for the sake of a short start: the random wait before the first message, and the
 * search for others that use the address (section 4.4.1, both "SHOULD"). For the same reason the
 * first message is repeated after half a second and not four.
 */
final class DhcpClient {
  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST_DELAY = SECOND / 2;

  /** Delays double up to 64 seconds (section 4.1). */
  private static final int MOST_DOUBLINGS = 7;

  /** How often an offer is asked for before another is looked for. */
  private static final int MOST_REQUESTS = 4;

  /** Between two requests for a renewal (section 4.4.5). */
  private static final long SHORTEST_RENEWAL = 60 * SECOND;

  private static final int ETHERNET = 1;
  private static final int LONGEST_MESSAGE = 1472;

  /** What each host has to take (RFC 791); a smaller one is a server's mistake. */
  private static final int SMALLEST_MTU = 576;

  private static final byte[] PARAMETERS = {
    DhcpOptions.SUBNET_MASK,
    DhcpOptions.CLASSLESS_ROUTES, // before the routers (RFC 3442)
    DhcpOptions.ROUTERS,
    DhcpOptions.NAME_SERVERS,
    DhcpOptions.HOST_NAME,
    DhcpOptions.DOMAIN,
    DhcpOptions.SEARCH,
    DhcpOptions.MTU,
    DhcpOptions.LEASE_TIME,
    DhcpOptions.RENEWAL_TIME,
    DhcpOptions.REBINDING_TIME
  };

  /** The states of section 4.4 that a client without memory of other starts can be in. */
  enum State {
    /** Looks for servers. */
    SELECTING,
    /** Has asked for what a server offers. */
    REQUESTING,
    /** Has an address and nothing to do. */
    BOUND,
    /** Asks its server for more time. */
    RENEWING,
    /** Asks any server for more time. */
    REBINDING
  }

  private final String device;
  private final MacAddress mac;
  private final @Nullable String hostName;

  private State state = State.SELECTING;
  private int transaction;
  private int tries;
  private int dropped;

  /** When this transaction began. */
  private long began;

  /** When there is something to do next. */
  private long next;

  /** Offered, or leased. */
  private int address;

  private int server;
  private MacAddress serverMac = MacAddress.BROADCAST;

  /** What the lease's times count from. */
  private long requested;

  private long rebinding;
  private long expiry;
  private boolean forever;
  private @Nullable NetworkConfig lease;

  /**
   * A client that begins now.
   *
   * @param hostName what the server is told, null for nothing
   * @param seed random: makes transactions of two guests different
   */
  DhcpClient(String device, MacAddress mac, @Nullable String hostName, int seed, long now) {
    this.device = device;
    this.mac = mac;
    this.hostName = hostName;
    transaction = seed;
    begin(State.SELECTING, now);
  }

  State state() {
    return state;
  }

  /** What the server has given for as long as it may be used, else null. */
  @Nullable NetworkConfig lease() {
    return lease;
  }

  /** Malformed packets, and replies that say nothing of use. */
  int dropped() {
    return dropped;
  }

  /** How long until {@link #poll} has something to do, 0 or less for now. */
  long untilNext(long now) {
    return state == State.BOUND && forever ? Long.MAX_VALUE : next - now;
  }

  /** Does what is due, and returns the frame to send, null where nothing is. */
  byte @Nullable [] poll(long now) {
    if (untilNext(now) > 0) {
      return null;
    }
    if (state == State.REQUESTING && tries == MOST_REQUESTS) {
      begin(State.SELECTING, now);
    }
    if (state == State.BOUND) {
      begin(State.RENEWING, now);
    }
    if (state == State.RENEWING && now - rebinding >= 0) {
      state = State.REBINDING;
    }
    if (state == State.REBINDING && now - expiry >= 0) {
      lose(now);
    }
    DhcpMessage message = message(now);
    requested = now;
    return switch (state) {
      case SELECTING -> {
        next = now + delay();
        yield broadcast(message);
      }
      case REQUESTING -> {
        message
            .options()
            .putInt(DhcpOptions.REQUESTED_ADDRESS, address)
            .putInt(DhcpOptions.SERVER, server);
        next = now + delay();
        yield broadcast(message);
      }
      case RENEWING -> {
        next = halfWay(now, rebinding);
        yield frame(message, serverMac, address, server);
      }
      default -> {
        next = halfWay(now, expiry);
        yield frame(message, MacAddress.BROADCAST, address, IpAddresses.BROADCAST);
      }
    };
  }

  private void begin(State state, long now) {
    this.state = state;
    tries = 0;
    began = now;
    next = now;
    // A generator of full period (Numerical Recipes): no number comes again soon.
    transaction = transaction * 1_664_525 + 1_013_904_223;
  }

  private void lose(long now) {
    lease = null;
    begin(State.SELECTING, now);
  }

  /** To the next try: twice as long as to the last, and up to a quarter more by chance. */
  private long delay() {
    long delay = FIRST_DELAY << Math.min(tries++, MOST_DOUBLINGS);
    // Guests that start together are not to try together.
    int chance = (transaction ^ tries) * 0x9e3779b9 >>> 24;
    return delay + delay / 4 * chance / 256;
  }

  private static long halfWay(long now, long end) {
    return now + Math.min(end - now, Math.max(SHORTEST_RENEWAL, (end - now) / 2));
  }

  private DhcpMessage message(long now) {
    boolean bound = state == State.RENEWING || state == State.REBINDING;
    DhcpOptions options = new DhcpOptions();
    options.put(
        DhcpOptions.MESSAGE_TYPE,
        (byte) (state == State.SELECTING ? DhcpMessage.DISCOVER : DhcpMessage.REQUEST));
    ByteBuffer id = ByteBuffer.allocate(1 + MacAddress.LENGTH).put(0, (byte) ETHERNET);
    mac.put(id, 1);
    options.put(DhcpOptions.CLIENT_ID, id.array());
    options.put(DhcpOptions.PARAMETERS, PARAMETERS);
    options.putShort(DhcpOptions.LONGEST_MESSAGE, LONGEST_MESSAGE);
    if (hostName != null) {
      options.put(DhcpOptions.HOST_NAME, hostName.getBytes(StandardCharsets.ISO_8859_1));
    }
    int seconds = (int) Math.min((now - began) / SECOND, 0xffff);
    return new DhcpMessage(false, transaction, seconds, bound ? address : 0, 0, mac, options);
  }

  private byte[] broadcast(DhcpMessage message) {
    return frame(message, MacAddress.BROADCAST, 0, IpAddresses.BROADCAST);
  }

  private byte[] frame(DhcpMessage message, MacAddress to, int from, int toAddress) {
    return new UdpFrame(
            mac,
            to,
            from,
            toAddress,
            DhcpMessage.CLIENT_PORT,
            DhcpMessage.SERVER_PORT,
            message.emit())
        .emit();
  }

  /** Takes a frame that came in, of any kind: the first {@code length} bytes. */
  void receive(byte[] bytes, int length, long now) {
    try {
      UdpFrame frame = UdpFrame.parse(bytes, length);
      if (frame == null || frame.destinationPort() != DhcpMessage.CLIENT_PORT) {
        return;
      }
      DhcpMessage message = DhcpMessage.parse(frame.payload());
      if (message.reply()
          && message.transaction() == transaction
          && message.hardware().bits() == mac.bits()) {
        receive(frame, message, now);
      }
    } catch (MalformedPacketException e) {
      dropped++;
    }
  }

  private void receive(UdpFrame frame, DhcpMessage message, long now) {
    int from = message.options().getInt(DhcpOptions.SERVER);
    boolean chosen = state != State.REQUESTING || from == server;
    switch (message.options().messageType()) {
      case DhcpMessage.OFFER -> {
        if (state != State.SELECTING) {
          return; // another server's
        }
        if (from == 0 || !IpAddresses.isHost(message.yourAddress())) {
          dropped++;
          return;
        }
        server = from;
        address = message.yourAddress();
        state = State.REQUESTING;
        tries = 0;
        next = now;
      }
      case DhcpMessage.ACK -> {
        if (state != State.SELECTING && state != State.BOUND && chosen) {
          bind(frame, message);
        }
      }
      case DhcpMessage.NAK -> {
        if (state != State.SELECTING && state != State.BOUND && chosen) {
          lose(now);
          next =
              now + delay(); // A server that says no to its own offers is not to be asked all day.
        }
      }
      default -> {}
    }
  }

  private void bind(UdpFrame frame, DhcpMessage message) {
    DhcpOptions options = message.options();
    long seconds = options.seconds(DhcpOptions.LEASE_TIME);
    if (seconds == 0 || !IpAddresses.isHost(message.yourAddress())) {
      dropped++;
      return;
    }
    LeaseTimes times =
        LeaseTimes.of(
            options.seconds(DhcpOptions.RENEWAL_TIME),
            options.seconds(DhcpOptions.REBINDING_TIME),
            seconds);
    address = message.yourAddress();
    int from = options.getInt(DhcpOptions.SERVER);
    server = from == 0 ? server : from;
    serverMac = frame.source();
    state = State.BOUND;
    next = requested + times.renewal() * SECOND;
    rebinding = requested + times.rebinding() * SECOND;
    expiry = requested + times.expiry() * SECOND;
    forever = times.isForever();
    int mtu = options.getShort(DhcpOptions.MTU);
    lease =
        new NetworkConfig(
            device,
            List.of(new Prefix(IpAddresses.of(address), options.prefixLength())),
            options.routes(),
            options.addresses(DhcpOptions.NAME_SERVERS),
            options.search(),
            options.name(DhcpOptions.HOST_NAME),
            mtu < SMALLEST_MTU ? 0 : mtu,
            times);
  }

  /**
   * Sends and receives by the clock of this machine, until there is another lease, or none any
   * more, or time is over.
   *
   * @param nanos how long at most
   */
  void run(Port port, long nanos) throws IOException {
    byte[] frame = new byte[UdpFrame.MOST];
    NetworkConfig before = lease;
    long start = System.nanoTime();
    for (; ; ) {
      long now = System.nanoTime();
      byte[] out = poll(now);
      if (out != null) {
        port.send(out);
      }
      long left = nanos - (now - start);
      if (lease != before || left <= 0) {
        return;
      }
      int length = port.receive(frame, Math.min(left, untilNext(now)));
      if (length > 0) {
        receive(frame, length, System.nanoTime());
      }
    }
  }
}
