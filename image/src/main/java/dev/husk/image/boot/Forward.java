package dev.husk.image.boot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of the host that leads to a port of the guest.
 *
 * @param address the host's address that it is open on
 * @param host the host's TCP port
 * @param guest the guest's TCP port
 */
public record Forward(String address, int host, int guest) {
  private static final Pattern FORM = Pattern.compile("(?:([0-9.]+):)?([0-9]{1,5}):([0-9]{1,5})");
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Reads {@code [ADDRESS:]HOST:GUEST}; without an address the port is open to this machine alone.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static Forward parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          text + ": a port is [ADDRESS:]HOST:GUEST, such as 18080:8080");
    }
    String address = matcher.group(1);
    return new Forward(
        address == null ? LOOPBACK : address,
        port(text, matcher.group(2)),
        port(text, matcher.group(3)));
  }

  private static int port(String text, String number) {
    int port = Integer.parseInt(number);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(text + ": " + port + " is no port: 1 to 65535");
    }
    return port;
  }

  /** As QEMU's user network takes it. */
  String rule() {
    return "hostfwd=tcp:" + address + ":" + host + "-:" + guest;
  }
}
