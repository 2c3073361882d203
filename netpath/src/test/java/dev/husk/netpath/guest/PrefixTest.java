package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrefixTest {
  private static Prefix prefix(String text) {
    Prefix prefix = Prefix.parse(text);
    assertNotNull(prefix, text);
    return prefix;
  }

  private static boolean contains(String prefix, String address) {
    return prefix(prefix).contains(InetAddress.ofLiteral(address));
  }

  @Test
  void whatIsntOneIsNotRead() {
    for (String bad :
        List.of(
            "",
            "/",
            "10.0.2.15",
            "10.0.2.15/",
            "10.0.2.15/-1",
            "10.0.2.15/33",
            "10.0.2/24",
            "a/24",
            "::1/129",
            "[::1]/64",
            "fe80::1%lo/64",
            "10.0.2.15/24/24")) {
      assertNull(Prefix.parse(bad), bad);
    }
  }

  @Test
  void aNetworkContainsItsAddresses() {
    assertTrue(contains("10.0.2.15/24", "10.0.2.255"));
    assertFalse(contains("10.0.2.15/24", "10.0.3.1"));
    assertTrue(contains("10.0.2.15/23", "10.0.3.1"));
    assertFalse(contains("10.0.2.15/23", "10.0.4.1"));
    assertTrue(contains("200.0.0.0/1", "128.0.0.0"));
    assertFalse(contains("200.0.0.0/1", "127.0.0.0"));
    assertTrue(contains("0.0.0.0/0", "255.1.1.1"));
    assertTrue(contains("10.0.2.15/32", "10.0.2.15"));
    assertFalse(contains("10.0.2.15/32", "10.0.2.14"));
    assertTrue(contains("fec0::15/64", "fec0::ffff:1"));
    assertFalse(contains("fec0::15/64", "fec1::1"));
    assertFalse(contains("0.0.0.0/0", "::1"));
  }

  @Test
  void aNetworksAddressEndsInZeros() throws Exception {
    assertEquals("/10.0.2.0", network("10.0.2.15/24"));
    assertEquals("/10.0.2.8", network("10.0.2.15/29"));
    assertEquals("/10.0.2.15", network("10.0.2.15/32"));
    assertEquals("/0.0.0.0", network("10.0.2.15/0"));
    assertEquals("/fec0:0:0:0:0:0:0:0", network("fec0::15/64"));
  }

  private static String network(String text) throws Exception {
    return InetAddress.getByAddress(prefix(text).network()).toString();
  }
}
