package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DhcpMessageTest {
  private static final MacAddress MAC = new MacAddress(0x5254_0012_3456L);

  private static DhcpMessage reply(DhcpOptions options) {
    return new DhcpMessage(true, 0x1234_5678, 3, 0, 0x0a00_020f, MAC, options);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static DhcpOptions option(int code, String digits) {
    return new DhcpOptions().put(code, hex(digits));
  }

  private static DhcpOptions text(int code, String text) {
    return new DhcpOptions().put(code, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Route route(String prefix, String gateway) {
    Prefix destination = Prefix.parse(prefix);
    return new Route(destination, gateway == null ? null : InetAddress.ofLiteral(gateway));
  }

  @Test
  void parseIsTheInverseOfEmit() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 1_000; round++) {
      DhcpOptions options = new DhcpOptions();
      for (int i = random.nextInt(6); i > 0; i--) {
        // Long ones are split.
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(280) : random.nextInt(9)];
        random.nextBytes(value);
        int code = 1 + random.nextInt(254);
        options.put(code == DhcpOptions.OVERLOAD ? 1 : code, value);
      }
      DhcpMessage message =
          new DhcpMessage(
              random.nextBoolean(),
              random.nextInt(),
              random.nextInt(1 << 16),
              random.nextInt(),
              random.nextInt(),
              new MacAddress(random.nextLong() >>> 16),
              options);
      assertEquals(message, DhcpMessage.parse(message.emit()));
    }
  }

  @Test
  void aShortMessageHasTheLengthOfBootp() {
    assertEquals(300, reply(new DhcpOptions()).emit().remaining());
  }

  @Test
  void optionsGoOnInTheFixedFields() throws Exception {
    ByteBuffer bytes = reply(option(DhcpOptions.OVERLOAD, "03")).emit();
    bytes.put(108, hex("0c0177" + "ff")); // file: a host name, "w"
    bytes.put(44, hex("0c026562" + "ff")); // server's name: more of it, "eb"
    DhcpMessage message = DhcpMessage.parse(bytes);
    assertEquals("web", message.options().name(DhcpOptions.HOST_NAME));
  }

  @Test
  void malformedOnesAreRefused() {
    ByteBuffer good = reply(option(DhcpOptions.SERVER, "0a000202")).emit();
    byte[] bytes = new byte[good.limit()];
    good.get(0, bytes);
    for (int at : new int[] {0, 1, 2, 236, 239}) {
      ByteBuffer bad = ByteBuffer.wrap(bytes.clone());
      bad.put(at, (byte) 98);
      assertThrows(MalformedPacketException.class, () -> DhcpMessage.parse(bad), "byte " + at);
    }
    assertThrows(MalformedPacketException.class, () -> DhcpMessage.parse(good.slice(0, 239)));
    assertThrows(MalformedPacketException.class, () -> DhcpMessage.parse(good.slice(0, 245)));
    assertThrows(MalformedPacketException.class, () -> DhcpMessage.parse(good.slice(0, 241)));
  }

  @Test
  void aMaskBecomesAPrefixLength() {
    assertEquals(24, option(DhcpOptions.SUBNET_MASK, "ffffff00").prefixLength());
    assertEquals(32, option(DhcpOptions.SUBNET_MASK, "ffffffff").prefixLength());
    assertEquals(9, option(DhcpOptions.SUBNET_MASK, "ff800000").prefixLength());
    // With holes, of no length, missing: nobody is on the link.
    assertEquals(32, option(DhcpOptions.SUBNET_MASK, "ff00ff00").prefixLength());
    assertEquals(32, option(DhcpOptions.SUBNET_MASK, "00000000").prefixLength());
    assertEquals(32, option(DhcpOptions.SUBNET_MASK, "ffff00").prefixLength());
    assertEquals(32, new DhcpOptions().prefixLength());
  }

  /** The encodings are those of RFC 3442's own table. */
  @Test
  void classlessRoutesComeBeforeRouters() {
    DhcpOptions options = option(DhcpOptions.ROUTERS, "0a000001");
    assertEquals(List.of(route("0.0.0.0/0", "10.0.0.1")), options.routes());
    options.put(
        DhcpOptions.CLASSLESS_ROUTES,
        hex(
            "000a000002" // 0.0.0.0/0
                + "080a0a000003" // 10/8
                + "110a11000a000004" // 10.17.0.0/17
                + "190a198100" // 10.25.129.0/25 ...
                + "00000000" // ... on the link
                + "200a198181" // 10.25.129.129/32
                + "0a000005"));
    assertEquals(
        List.of(
            route("0.0.0.0/0", "10.0.0.2"),
            route("10.0.0.0/8", "10.0.0.3"),
            route("10.17.0.0/17", "10.0.0.4"),
            route("10.25.129.0/25", null),
            route("10.25.129.129/32", "10.0.0.5")),
        options.routes());
    for (String bad : List.of("21", "200a1981810a0000", "180a000a000001", "ff")) {
      options.put(DhcpOptions.CLASSLESS_ROUTES, hex(bad));
      assertEquals(List.of(route("0.0.0.0/0", "10.0.0.1")), options.routes(), bad);
    }
  }

  @Test
  void addressesAreThoseOfHosts() {
    DhcpOptions options = option(DhcpOptions.NAME_SERVERS, "0a000203" + "00000000" + "01010101");
    assertEquals(
        List.of(InetAddress.ofLiteral("10.0.2.3"), InetAddress.ofLiteral("1.1.1.1")),
        options.addresses(DhcpOptions.NAME_SERVERS));
    options.put(DhcpOptions.NAME_SERVERS, hex("0a00020301"));
    assertEquals(List.of(), options.addresses(DhcpOptions.NAME_SERVERS));
  }

  /** The example of RFC 3397, section 2. */
  @Test
  void searchListsAreCompressed() {
    String eng = "03656e67" + "056170706c65" + "03636f6d" + "00";
    DhcpOptions options = option(DhcpOptions.SEARCH, eng + "096d61726b6574696e67" + "c004");
    assertEquals(List.of("eng.apple.com", "marketing.apple.com"), options.search());
  }

  @Test
  void aDomainIsSearchedWhereThereIsNoListThatMakesSense() {
    DhcpOptions options = text(DhcpOptions.DOMAIN, "example.org\0");
    assertEquals(List.of("example.org"), options.search());
    // A pointer to itself, forwards, beyond, half of one; a label without end; a loop; an odd name.
    for (String bad :
        List.of(
            "c000",
            "c00200",
            "01c0",
            "c0",
            "0461",
            "0161c000",
            "01610161c000",
            "010a00",
            "00",
            "4061")) {
      options.put(DhcpOptions.SEARCH, hex(bad));
      assertEquals(List.of("example.org"), options.search(), bad);
    }
  }

  @Test
  void aNameCanSayNothingElseInAFile() {
    assertEquals("web-1", text(DhcpOptions.HOST_NAME, "web-1").name(DhcpOptions.HOST_NAME));
    for (String bad : List.of("", "\0", "a b", "a\nnameserver 6.6.6.6", "-a", ".a", "a/b", "é")) {
      assertNull(text(DhcpOptions.HOST_NAME, bad).name(DhcpOptions.HOST_NAME), bad);
    }
  }

  @Test
  void theTypeComesFirst() {
    ByteBuffer bytes =
        reply(option(DhcpOptions.SUBNET_MASK, "ffffff00").put(DhcpOptions.MESSAGE_TYPE, (byte) 5))
            .emit();
    byte[] start = new byte[9];
    bytes.get(240, start);
    assertArrayEquals(hex("350105" + "0104ffffff00"), start);
  }
}
