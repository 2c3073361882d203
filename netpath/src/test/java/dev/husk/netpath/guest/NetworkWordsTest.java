package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.netpath.guest.NetworkWords.Mode;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkWordsTest {
  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  private static NetworkConfig over(String commandLine) {
    NetworkWords words = new NetworkWords(commandLine);
    assertEquals(List.of(), words.problems());
    return words.over(NetworkConfig.none("eth0"));
  }

  @Test
  void nothingSaidIsDhcp() {
    NetworkWords words = new NetworkWords("console=ttyS0 quiet husk.main=app.Main\n");
    assertEquals(Mode.DHCP, words.mode());
    assertEquals(10, words.waitSeconds());
    assertFalse(words.asksForNetwork());
    assertEquals(List.of(), words.problems());
  }

  @Test
  void staticWords() {
    String line =
        "quiet husk.ip=10.0.2.15/24 husk.gateway=10.0.2.2 husk.dns=10.0.2.3,fec0::3"
            + " husk.ip6=fec0::15/64 husk.gateway6=fec0::2 husk.hostname=web husk.mtu=1400\n";
    NetworkWords words = new NetworkWords(line);
    assertEquals(Mode.STATIC, words.mode());
    assertTrue(words.asksForNetwork());
    assertTrue(words.replacesAdvertisedAddresses());
    assertTrue(words.replacesAdvertisedRouters());
    NetworkConfig config = over(line);
    assertEquals("[10.0.2.15/24, fec0:0:0:0:0:0:0:15/64]", config.addresses().toString());
    assertEquals(
        "[0.0.0.0/0 via 10.0.2.2, 0:0:0:0:0:0:0:0/0 via fec0:0:0:0:0:0:0:2]",
        config.routes().toString());
    assertEquals(List.of(address("10.0.2.3"), address("fec0::3")), config.nameServers());
    assertEquals("web", config.hostName());
    assertEquals(1400, config.mtu());
    assertNull(config.lease());
  }

  @Test
  void wordsGoBeforeALease() {
    NetworkConfig lease =
        new NetworkConfig(
            "eth0",
            List.of(new Prefix(address("10.0.2.15"), 24)),
            List.of(
                Route.byDefault(address("10.0.2.2")),
                new Route(new Prefix(address("10.9.0.0"), 16), null)),
            List.of(address("10.0.2.3")),
            List.of("example.org"),
            "given",
            1500,
            LeaseTimes.of(0, 0, 3600));
    assertEquals(lease, new NetworkWords("").over(lease));
    NetworkWords words =
        new NetworkWords("husk.gateway=10.0.2.9 husk.dns=1.1.1.1 husk.hostname=own husk.mtu=1280");
    assertEquals(Mode.DHCP, words.mode());
    NetworkConfig both = words.over(lease);
    assertEquals(lease.addresses(), both.addresses());
    assertEquals("[10.9.0.0/16 on the link, 0.0.0.0/0 via 10.0.2.9]", both.routes().toString());
    assertEquals(List.of(address("1.1.1.1")), both.nameServers());
    assertEquals(List.of("example.org"), both.search());
    assertEquals("own", both.hostName());
    assertEquals(1280, both.mtu());
    assertEquals(lease.lease(), both.lease());
  }

  @Test
  void anIpv6AddressAloneLeavesIpv4ToDhcp() {
    NetworkWords words = new NetworkWords("husk.ip6=fec0::15/64");
    assertEquals(Mode.DHCP, words.mode());
    assertTrue(words.replacesAdvertisedAddresses());
    assertFalse(words.replacesAdvertisedRouters());
  }

  @Test
  void whatIsForInitIsntForUs() {
    assertEquals(Mode.DHCP, new NetworkWords("husk.wait=3 -- husk.net=none").mode());
    assertEquals(3, new NetworkWords("husk.wait=3 -- husk.wait=5").waitSeconds());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "husk.net=dhpc | husk.net=dhpc is left out: it is one of dhcp, static and none;"
            + " did you mean husk.net=dhcp?",
        "husk.net=bridge | husk.net=bridge is left out: it is one of dhcp, static and none",
        "husk.gatway=10.0.2.2 | husk.gatway=10.0.2.2 is left out: did you mean husk.gateway?",
        "husk.ip=10.0.2.15 | husk.ip=10.0.2.15 is left out: not an address with its prefix"
            + " length, as in husk.ip=10.0.2.15/24",
        "husk.ip=10.0.2.300/24 | husk.ip=10.0.2.300/24 is left out: not an address with its"
            + " prefix length, as in husk.ip=10.0.2.15/24",
        "husk.ip=10.0.2.15/33 | husk.ip=10.0.2.15/33 is left out: not an address with its"
            + " prefix length, as in husk.ip=10.0.2.15/24",
        "husk.ip6=10.0.2.15/24 | husk.ip6=10.0.2.15/24 is left out: not an address with its"
            + " prefix length, as in husk.ip6=fec0::15/64",
        "husk.gateway=router | husk.gateway=router is left out: not an address of IPv4, as in"
            + " husk.gateway=10.0.2.2",
        "husk.gateway=10.2 | husk.gateway=10.2 is left out: not an address of IPv4, as in"
            + " husk.gateway=10.0.2.2",
        "husk.gateway6=fe80::1%eth0 | husk.gateway6=fe80::1%eth0 is left out: not an address of"
            + " IPv6, as in husk.gateway6=fec0::2",
        "husk.dns=1.1.1.1,x | husk.dns=1.1.1.1,x: \"x\" is left out: not an address, as in"
            + " husk.dns=10.0.2.3,1.1.1.1",
        "husk.mtu=1 | husk.mtu=1 is left out: not a number from 68 to 65535",
        "husk.wait=soon | husk.wait=soon is left out: not a number from 0 to 3600",
        "husk.hostname=a;b | husk.hostname=a;b is left out: a name has letters, digits, hyphens"
            + " and dots only",
        "husk.net=static | husk.net=static needs an address, as in husk.ip=10.0.2.15/24",
        "husk.net=dhcp husk.ip=10.0.2.15/24 | husk.ip=10.0.2.15/24 is left out: husk.net=dhcp"
            + " asks a server for the address",
      })
  void aWrongWordIsTold(String commandLine, String problem) {
    NetworkWords words = new NetworkWords("husk.hostname=right " + commandLine);
    assertEquals(List.of(problem), words.problems());
    assertEquals("right", words.hostName());
  }
}
