package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFilesTest {
  @TempDir Path root;
  private Path kernelName;

  @BeforeEach
  void makeKernelName() throws IOException {
    kernelName = root.resolve("hostname");
    Files.writeString(kernelName, "(none)\n");
  }

  private void write(NetworkConfig config) {
    new HostFiles(root.resolve("etc"), kernelName).write(config);
  }

  private String etc(String name) throws IOException {
    return Files.readString(root.resolve("etc").resolve(name));
  }

  private static NetworkConfig config(@Nullable String name, String... nameServers) {
    return new NetworkConfig(
        "eth0",
        List.of(new Prefix(InetAddress.ofLiteral("10.0.2.15"), 24)),
        List.of(),
        List.of(nameServers).stream().map(InetAddress::ofLiteral).toList(),
        List.of("example.org", "svc"),
        name,
        0,
        null);
  }

  @Test
  void allIsWritten() throws IOException {
    write(config("web", "10.0.2.3", "fec0::3", "1.1.1.1", "8.8.8.8"));
    assertEquals(
        """
        nameserver 10.0.2.3
        nameserver fec0:0:0:0:0:0:0:3
        nameserver 1.1.1.1
        search example.org svc
        """,
        etc("resolv.conf"));
    assertEquals(
        """
        127.0.0.1 localhost # husk
        ::1 localhost ip6-localhost ip6-loopback # husk
        10.0.2.15 web.example.org web # husk
        """,
        etc("hosts"));
    assertEquals("web", Files.readString(kernelName));
  }

  @Test
  void aNameWithDotsIsWhole() throws IOException {
    write(config("web.example.com"));
    assertEquals("10.0.2.15 web.example.com web # husk", etc("hosts").lines().toList().getLast());
  }

  @Test
  void aHostWithoutNetworkKnowsItsName() throws IOException {
    write(NetworkConfig.loopback(null));
    assertEquals("127.0.1.1 husk # husk", etc("hosts").lines().toList().getLast());
    assertEquals("husk", Files.readString(kernelName));
    assertFalse(Files.exists(root.resolve("etc/resolv.conf")));
  }

  @Test
  void theKernelsNameIsKept() throws IOException {
    Files.writeString(kernelName, "given\n");
    write(NetworkConfig.loopback(null));
    assertEquals("127.0.1.1 given # husk", etc("hosts").lines().toList().getLast());
    assertEquals("given\n", Files.readString(kernelName));
  }

  @Test
  void whatTheImageSaysStays() throws IOException {
    Path etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(etc.resolve("hosts"), "10.1.1.1 database\n");
    Files.writeString(etc.resolve("resolv.conf"), "nameserver 9.9.9.9\n");
    write(config("one"));
    write(config("two"));
    assertEquals(
        """
        127.0.0.1 localhost # husk
        ::1 localhost ip6-localhost ip6-loopback # husk
        10.0.2.15 two.example.org two # husk
        10.1.1.1 database
        """,
        etc("hosts"));
    assertEquals("nameserver 9.9.9.9\n", etc("resolv.conf"));
    try (var files = Files.list(etc)) {
      assertEquals(2, files.count());
    }
  }
}
