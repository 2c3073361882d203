package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the option pcap writes, tshark reads: whole connections with right checksums. */
final class CaptureTest {
  private static final String PROGRAM = "dev.husk.it.scenarios.CapturedProgram";

  @TempDir Path folder;

  @Test
  void tsharkReadsTheConversations() throws Exception {
    Side.requireAgent();
    requireTshark();
    Path file = folder.resolve("a.pcap");
    List<String> out = new ArrayList<>();
    try (Child child =
        Child.start(Side.HUSK, List.of("-Dhusk.pcap=" + file), out::add, PROGRAM, new String[0])) {
      assertTrue(child.ends(60_000), () -> "no end: " + child.err());
      assertEquals(0, child.process().exitValue(), () -> child.err().toString());
    }
    // Two TCP connections and a datagram by each of IPv4 and IPv6.
    assertEquals(List.of("0", "1", "2", "3"), distinct(file, "tcp", "tcp.stream"));
    assertEquals(2, lines(file, "udp", "udp.length").size());
    for (String wrong :
        new String[] {
          "tcp.analysis.retransmission",
          "tcp.analysis.lost_segment",
          "tcp.analysis.out_of_order",
          "tcp.analysis.ack_lost_segment",
          "tcp.checksum.status == 0",
          "udp.checksum.status == 0",
          "ip.checksum.status == 0",
          "_ws.malformed"
        }) {
      assertEquals(List.of(), lines(file, wrong, "frame.number"), wrong);
    }
    for (int stream = 0; stream < 4; stream++) {
      String tcp = "tcp.stream == " + stream;
      assertEquals(2, lines(file, tcp + " && tcp.flags.syn == 1", "frame.number").size());
      assertEquals(2, lines(file, tcp + " && tcp.flags.fin == 1", "frame.number").size());
      List<String> text =
          run("-r", file.toString(), "-q", "-z", "follow,tcp,ascii," + stream).stream()
              .filter(line -> line.contains("you do") || line.contains("Fine"))
              .toList();
      assertEquals("How do you do?", text.get(0).strip());
      assertEquals("Fine, thanks.", text.get(1).strip());
      long bytes =
          lines(file, tcp, "tcp.len").stream().mapToLong(line -> Long.parseLong(line)).sum();
      assertEquals(14 + 13 + 200_000, bytes);
    }
  }

  @Test
  void aFileThatCannotBeWrittenStopsTheStart() throws Exception {
    Side.requireAgent();
    Path file = folder.resolve("no such folder/a.pcap");
    try (Child child =
        Child.start(
            Side.HUSK, List.of("-Dhusk.pcap=" + file), line -> {}, PROGRAM, new String[0])) {
      assertTrue(child.ends(60_000));
      assertEquals(1, child.process().exitValue());
      assertEquals(List.of(), child.out());
      assertTrue(
          child.err().stream().anyMatch(line -> line.startsWith("husk: pcap=" + file)),
          () -> child.err().toString());
    }
  }

  private static void requireTshark() throws InterruptedException {
    try {
      run("--version");
    } catch (IOException e) {
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail("tshark is missing", e);
      }
      assumeTrue(false, "tshark is missing");
    }
  }

  private static List<String> distinct(Path file, String filter, String field)
      throws IOException, InterruptedException {
    return lines(file, filter, field).stream().distinct().toList();
  }

  private static List<String> lines(Path file, String filter, String field)
      throws IOException, InterruptedException {
    return run(
        "-r",
        file.toString(),
        "-o",
        "tcp.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
        "-o",
        "ip.check_checksum:TRUE",
        "-Y",
        filter,
        "-T",
        "fields",
        "-e",
        field);
  }

  private static List<String> run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tshark"));
    command.addAll(List.of(arguments));
    Path err = Files.createTempFile("tshark", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = out.lines().filter(line -> !line.isBlank()).toList();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), Files.readString(err));
      return lines;
    } finally {
      process.destroy();
      Files.delete(err);
    }
  }
}
