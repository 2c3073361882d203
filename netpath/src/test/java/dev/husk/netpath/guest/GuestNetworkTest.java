package dev.husk.netpath.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A guest's start in a network namespace of its own: this machine's kernel is told by netlink, a
 * dnsmasq in a second namespace gives leases, and {@code ip} says what came of it.
 */
@Timeout(60)
final class GuestNetworkTest {
  private static final String MAC = "52:54:00:12:34:56";
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  @TempDir Path root;

  private final Deque<Process> processes = new ArrayDeque<>();
  private Process guest;
  private Process network;

  @BeforeAll
  static void findTools() throws Exception {
    require("0".equals(output("id", "-u").strip()), "root, who may make network namespaces");
    for (String tool : List.of("unshare", "nsenter", "ip", "dnsmasq")) {
      String found = output("sh", "-c", "PATH=$PATH:/usr/sbin command -v " + tool);
      require(!found.isBlank(), tool + " (Debian: util-linux, iproute2, dnsmasq-base)");
    }
    require(!output("unshare", "--net", "id").isBlank(), "network namespaces");
  }

  private static void require(boolean there, String what) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertTrue(there, () -> "needs " + what);
    }
    assumeTrue(there, () -> "needs " + what);
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    while (!processes.isEmpty()) {
      Process process = processes.pop();
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    return output;
  }

  /** What runs in the network namespace of a process. */
  private static String[] in(Process process, String command) {
    List<String> whole = new ArrayList<>(List.of("nsenter", "-t", "" + process.pid(), "-n"));
    whole.addAll(List.of(command.split(" ")));
    return whole.toArray(new String[0]);
  }

  private String ip(String command) throws Exception {
    return run(in(guest, "ip " + command));
  }

  private Process start(String name, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(root.resolve(name + ".out").toFile())
            .redirectError(root.resolve(name + ".err").toFile())
            .start();
    processes.push(process);
    return process;
  }

  private String text(String file) throws IOException {
    return Files.readString(root.resolve(file));
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE;
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - end < 0, () -> "the guest said: " + guestErrors());
      Thread.sleep(20);
    }
  }

  private void await(String file, String part) throws Exception {
    await(() -> text(file).contains(part));
  }

  private String guestErrors() {
    try {
      return text("guest.err");
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void startGuest(String commandLine) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "--net", "--uts"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!argument.startsWith("-javaagent:")) {
        command.add(argument);
      }
    }
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xlog:class+load:file=" + root.resolve("classes"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(GuestProgram.class.getName(), commandLine, root + "/etc"));
    guest = start("guest", command);
    await("guest.out", "ready");
  }

  /** Gives the guest a device, whose other end is in a namespace of its own, at 10.77.0.1. */
  private void plugIn() throws Exception {
    network = start("network", List.of("unshare", "--net", "sh", "-c", "echo here; sleep 100"));
    await("network.out", "here");
    run(
        in(
            network,
            "ip link add s0 type veth peer name eth0 address " + MAC + " netns " + guest.pid()));
    run(in(network, "ip addr add 10.77.0.1/24 dev s0"));
    run(in(network, "ip link set s0 up"));
  }

  /** Starts a DHCP server that gives the guest an address below 10.77.0. */
  private Process startServer(String name, int address, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            Arrays.asList(
                in(
                    network,
                    "dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root"
                        + " --interface=s0 --bind-dynamic --no-ping --dhcp-authoritative"
                        + " --log-facility=- --log-dhcp --pid-file="
                        + " --dhcp-range=10.77.0.0,static,255.255.255.0,2m"
                        + " --dhcp-host="
                        + MAC
                        + ",10.77.0."
                        + address
                        + ",web7,2m"
                        + " --dhcp-leasefile="
                        + root.resolve(name + ".leases"))));
    command.addAll(List.of(more));
    return start(name, command);
  }

  private void letGuestStart() throws Exception {
    OutputStream in = guest.getOutputStream();
    in.write('\n');
    in.flush();
    await("guest.out", "started");
  }

  @Test
  void aLeaseOfDnsmasq() throws Exception {
    startGuest("quiet husk.dns=10.77.0.3 husk.wait=15");
    plugIn();
    startServer(
        "server",
        55,
        "--dhcp-option=option:router,10.77.0.1",
        "--dhcp-option=option:dns-server,10.77.0.9",
        "--dhcp-option=option:domain-search,svc.example.org,example.org",
        "--dhcp-option=option:mtu,1400",
        "--dhcp-option=121,0.0.0.0/0,10.77.0.1,10.99.0.0/16,10.77.0.2,10.98.7.0/24,0.0.0.0");
    letGuestStart();
    assertEquals("", text("guest.err"));

    String addresses = ip("-o -4 addr show dev eth0");
    assertTrue(
        addresses.contains("inet 10.77.0.55/24 brd 10.77.0.255 scope global dynamic eth0"),
        addresses);
    String routes = ip("-4 route show");
    for (String route :
        List.of(
            "default via 10.77.0.1 dev eth0 proto dhcp",
            "10.77.0.0/24 dev eth0 proto kernel scope link src 10.77.0.55",
            "10.98.7.0/24 dev eth0 proto dhcp scope link",
            "10.99.0.0/16 via 10.77.0.2 dev eth0 proto dhcp")) {
      assertTrue(routes.contains(route), routes);
    }
    String links = ip("-o link show");
    assertTrue(links.contains("eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400"), links);
    assertTrue(links.contains("lo: <LOOPBACK,UP,LOWER_UP>"), links);
    assertEquals(
        "nameserver 10.77.0.3\nsearch svc.example.org example.org\n", text("etc/resolv.conf"));
    assertTrue(text("etc/hosts").contains("10.77.0.55 web7.svc.example.org web7 "));
    assertEquals("web7", run("nsenter", "-t", "" + guest.pid(), "-u", "uname", "-n").strip());

    // The socket for frames is closed, and records are linked nowhere on the way.
    String packets = run(in(guest, "cat /proc/net/packet"));
    assertEquals(1, packets.lines().count(), packets);
    String classes = text("classes");
    String loaded =
        classes.substring(
            classes.indexOf(GuestBoot.class.getName() + " "),
            classes.indexOf(GuestProgram.class.getName() + "$Started"));
    assertTrue(loaded.contains(DhcpClient.class.getName()));
    for (String dear : List.of("ObjectMethods", "Lambda", "java.util.regex")) {
      assertFalse(loaded.contains(dear), dear);
    }
  }

  @Test
  void aLeaseIsRenewedAndReplaced() throws Exception {
    startGuest("husk.wait=15");
    plugIn();
    String[] soon = {"--dhcp-option=option:T1,3", "--dhcp-option=option:T2,6"};
    Process server = startServer("server", 55, soon);
    letGuestStart();
    assertEquals("", text("guest.err"));
    String start = text("server.err");
    assertTrue(start.contains("DHCPACK(s0) 10.77.0.55"), start);
    await(() -> text("server.err").substring(start.length()).contains("DHCPACK(s0) 10.77.0.55"));
    assertFalse(text("server.err").substring(start.length()).contains("DHCPDISCOVER"));
    assertTrue(ip("-4 addr show dev eth0").contains("inet 10.77.0.55/24"));
    server.destroy();
    server.waitFor();

    // The next one says no to the old address, and gives another.
    startServer("second", 66, soon);
    await("guest.err", "eth0 (" + MAC + "): the address is 10.77.0.66/24 now");
    await("second.err", "DHCPNAK(s0) 10.77.0.55");
    await(() -> ip("-4 addr show dev eth0").contains("10.77.0.66/24"));
    assertFalse(ip("-4 addr show dev eth0").contains("10.77.0.55"));
  }

  @Test
  void aServerThatComesLate() throws Exception {
    startGuest("husk.wait=1");
    plugIn();
    letGuestStart();
    assertEquals(
        "husk: network: no DHCP answer in 1 s on eth0 (" + MAC + "); starting without an address\n",
        text("guest.err"));
    startServer("server", 55, "--dhcp-option=option:router,10.77.0.1");
    await("guest.err", "husk: network: eth0 (" + MAC + "): the address is 10.77.0.55/24 now\n");
  }

  @Test
  void addressesOfTheCommandLine() throws Exception {
    startGuest(
        "husk.ip=10.1.2.3/32 husk.gateway=169.254.1.1 husk.ip6=fd00:77::15/64"
            + " husk.gateway6=fd00:77::1 husk.hostname=web8 husk.mtu=99999 husk.dns=10.1.1.1");
    plugIn();
    letGuestStart();
    assertEquals(
        "husk: network: husk.mtu=99999 is left out: not a number from 68 to 65535\n",
        text("guest.err"));
    String addresses = ip("-o addr show dev eth0");
    assertTrue(addresses.contains("inet 10.1.2.3/32 scope global eth0"), addresses);
    assertTrue(addresses.contains("inet6 fd00:77::15/64 scope global nodad"), addresses);
    String routes = ip("route show");
    assertTrue(routes.contains("default via 169.254.1.1 dev eth0 proto static onlink"), routes);
    String routes6 = ip("-6 route show");
    assertTrue(routes6.contains("default via fd00:77::1 dev eth0 proto static"), routes6);
    String settings = "/proc/sys/net/ipv6/conf/eth0/";
    assertEquals("0", run(in(guest, "cat " + settings + "autoconf")).strip());
    assertEquals("0", run(in(guest, "cat " + settings + "accept_ra")).strip());
    assertTrue(text("etc/hosts").contains("10.1.2.3 web8 "));
  }

  @Test
  void aRefusalIsToldAndTheRestIsDone() throws Exception {
    startGuest("husk.ip=10.77.0.9/24 husk.gateway=10.77.0.255 husk.dns=10.77.0.1");
    plugIn();
    letGuestStart();
    assertEquals(
        "husk: network: eth0: route to 0.0.0.0/0 via 10.77.0.255: EINVAL\n", text("guest.err"));
    assertTrue(ip("-4 addr show dev eth0").contains("inet 10.77.0.9/24"));
    assertEquals("nameserver 10.77.0.1\n", text("etc/resolv.conf"));
  }

  @Test
  void aHostWithoutDevice() throws Exception {
    startGuest("husk.net=dhcp husk.hostname=web9");
    letGuestStart();
    assertEquals(
        "husk: network: there is no Ethernet device; starting with loopback only\n",
        text("guest.err"));
    assertTrue(ip("-4 addr show dev lo").contains("inet 127.0.0.1/8"));
    assertTrue(text("etc/hosts").contains("127.0.1.1 web9 "));
  }

  @Test
  void aDeviceThatIsToBeLeftAlone() throws Exception {
    startGuest("husk.net=none");
    plugIn();
    letGuestStart();
    assertEquals("", text("guest.err"));
    assertFalse(ip("-o link show dev eth0").contains("UP"));
    assertTrue(ip("-4 addr show dev lo").contains("inet 127.0.0.1/8"));
  }
}
