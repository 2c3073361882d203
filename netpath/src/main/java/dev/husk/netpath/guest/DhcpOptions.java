package dev.husk.netpath.guest;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a DHCP message by their codes (RFC 2132). One whose value has a wrong form is as
 * good as none: servers that send one such are not to keep a guest off the network.
 */
final class DhcpOptions {
  static final int SUBNET_MASK = 1;
  static final int ROUTERS = 3;
  static final int NAME_SERVERS = 6;
  static final int HOST_NAME = 12;
  static final int DOMAIN = 15;
  static final int MTU = 26;
  static final int REQUESTED_ADDRESS = 50;
  static final int LEASE_TIME = 51;
  static final int OVERLOAD = 52;
  static final int MESSAGE_TYPE = 53;
  static final int SERVER = 54;
  static final int PARAMETERS = 55;
  static final int LONGEST_MESSAGE = 57;
  static final int RENEWAL_TIME = 58;
  static final int REBINDING_TIME = 59;
  static final int CLIENT_ID = 61;
  static final int SEARCH = 119;
  static final int CLASSLESS_ROUTES = 121;

  private static final int PAD = 0;
  private static final int END = 255;

  // Domain names (RFC 1035, section 4.1.4).
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;
  private static final int POINTER = 0xc0;

  private final byte[] @Nullable [] values = new byte[END][];

  /**
   * Adds what a field has. A code that comes again goes on with its value (RFC 3396).
   *
   * @param from its bytes from position to limit, of which all or those before the end are options
   */
  void parse(ByteBuffer from) throws MalformedPacketException {
    while (from.hasRemaining()) {
      int code = from.get() & 255;
      if (code == END) {
        return;
      }
      if (code == PAD) {
        continue;
      }
      int length = from.hasRemaining() ? from.get() & 255 : END;
      if (length > from.remaining()) {
        throw new MalformedPacketException(
            "DHCP: option " + code + " goes beyond its field, which has " + from.limit());
      }
      byte[] before = values[code];
      int start = before == null ? 0 : before.length;
      byte[] value = before == null ? new byte[length] : Arrays.copyOf(before, start + length);
      from.get(value, start, length);
      values[code] = value;
    }
  }

  /** Writes all, the message's type first: some servers look for it there. */
  void emit(ByteBuffer to) {
    emit(MESSAGE_TYPE, to);
    for (int code = 1; code < END; code++) {
      if (code != MESSAGE_TYPE) {
        emit(code, to);
      }
    }
    to.put((byte) END);
  }

  private void emit(int code, ByteBuffer to) {
    byte[] value = values[code];
    if (value == null) {
      return;
    }
    int from = 0;
    do {
      int length = Math.min(value.length - from, 255);
      to.put((byte) code).put((byte) length).put(value, from, length);
      from += length;
    } while (from < value.length);
  }

  byte @Nullable [] get(int code) {
    return values[code];
  }

  DhcpOptions put(int code, byte... value) {
    values[code] = value;
    return this;
  }

  DhcpOptions putInt(int code, int value) {
    return put(code, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  DhcpOptions putShort(int code, int value) {
    return put(code, (byte) (value >> 8), (byte) value);
  }

  /** The message's type, 0 where it says none. */
  int messageType() {
    byte[] value = values[MESSAGE_TYPE];
    return value == null || value.length != 1 ? 0 : value[0];
  }

  /** A 16-bit number, 0 where there is none. */
  int getShort(int code) {
    byte[] value = values[code];
    return value == null || value.length != Short.BYTES
        ? 0
        : (value[0] & 255) << 8 | value[1] & 255;
  }

  /** An address or a number of seconds, 0 where there is none. */
  int getInt(int code) {
    byte[] value = values[code];
    return value == null || value.length != Integer.BYTES ? 0 : ByteBuffer.wrap(value).getInt();
  }

  /** A time in seconds, 0 where there is none. */
  long seconds(int code) {
    return getInt(code) & 0xffff_ffffL;
  }

  /** Addresses of hosts, the preferred first. */
  List<InetAddress> addresses(int code) {
    byte[] value = values[code];
    List<InetAddress> all = new ArrayList<>();
    if (value != null && value.length % Integer.BYTES == 0) {
      for (ByteBuffer in = ByteBuffer.wrap(value); in.hasRemaining(); ) {
        int address = in.getInt();
        if (IpAddresses.isHost(address)) {
          all.add(IpAddresses.of(address));
        }
      }
    }
    return all;
  }

  /**
   * The prefix length that the mask says. Without a mask 32: everybody else is behind the gateway.
   */
  int prefixLength() {
    int mask = getInt(SUBNET_MASK);
    int length = Integer.numberOfLeadingZeros(~mask);
    return mask == 0 || mask << length != 0 && length < 32 ? 32 : length;
  }

  /** The classless routes, or where there are none the first router's (RFC 3442). */
  List<Route> routes() {
    List<Route> classless = classlessRoutes();
    List<InetAddress> routers = addresses(ROUTERS);
    return !classless.isEmpty() || routers.isEmpty()
        ? classless
        : List.of(Route.byDefault(routers.getFirst()));
  }

  private List<Route> classlessRoutes() {
    byte[] value = values[CLASSLESS_ROUTES];
    List<Route> routes = new ArrayList<>();
    if (value == null) {
      return routes;
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    while (in.hasRemaining()) {
      int length = in.get() & 255;
      int significant = (length + 7) / 8;
      if (length > 32 || in.remaining() < significant + Integer.BYTES) {
        return List.of();
      }
      int network = 0;
      for (int i = 0; i < significant; i++) {
        network |= (in.get() & 255) << 24 - 8 * i;
      }
      int gateway = in.getInt();
      routes.add(
          new Route(
              new Prefix(IpAddresses.of(network), length),
              gateway == 0 ? null : IpAddresses.of(gateway)));
    }
    return routes;
  }

  /** The domains in which names are looked for (RFC 3397), or else the one of the network. */
  List<String> search() {
    List<String> names = searchNames();
    String domain = name(DOMAIN);
    return !names.isEmpty() || domain == null ? names : List.of(domain);
  }

  /** Names in the form of DNS, in which a later one may end in an earlier one's tail. */
  private List<String> searchNames() {
    byte[] value = values[SEARCH];
    List<String> names = new ArrayList<>();
    for (int start = 0; value != null && start < value.length; ) {
      StringBuilder name = new StringBuilder();
      int next = 0; // after this name, known at its end or its first pointer
      int at = start;
      while (value[at] != 0) {
        int length = value[at] & 255;
        if (length >= POINTER) {
          int target = at + 1 < value.length ? (length & 0x3f) << 8 | value[at + 1] & 255 : at;
          // Backwards only; with the limit of a name's length no chain of them is endless.
          if (target >= at) {
            return List.of();
          }
          next = next == 0 ? at + 2 : next;
          at = target;
        } else {
          if (length > LONGEST_LABEL || at + 1 + length >= value.length) {
            return List.of();
          }
          name.append(name.isEmpty() ? "" : ".");
          name.append(new String(value, at + 1, length, StandardCharsets.ISO_8859_1));
          at += 1 + length;
        }
        if (name.length() > LONGEST_NAME) {
          return List.of();
        }
      }
      if (!isName(name)) {
        return List.of();
      }
      names.add(name.toString());
      start = next == 0 ? at + 1 : next;
    }
    return names;
  }

  /** A name of a host or domain; null where it is none. */
  @Nullable String name(int code) {
    byte[] value = values[code];
    if (value == null) {
      return null;
    }
    int length = value.length;
    while (length > 0 && value[length - 1] == 0) {
      length--; // Some servers end it as C does (RFC 2132, section 2).
    }
    String name = new String(value, 0, length, StandardCharsets.ISO_8859_1);
    return isName(name) ? name : null;
  }

  /** Names go into files: what isn't a letter, digit, hyphen or dot could say there anything. */
  static boolean isName(CharSequence name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!alphanumeric && c != '_' && (i == 0 || c != '-' && c != '.')) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= LONGEST_NAME;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DhcpOptions options && Arrays.deepEquals(values, options.values);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values);
  }
}
