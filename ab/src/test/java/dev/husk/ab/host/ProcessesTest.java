package dev.husk.ab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Variant;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessesTest {
  @TempDir Path directory;
  private final Processes host = new Processes();

  @AfterEach
  void endApps() {
    host.close();
  }

  private App start(String... args) throws Exception {
    return host.start(Launches.of(directory, Launches.command(args)));
  }

  @Test
  void theFirstPortIsFoundAndAnswers() throws Exception {
    long before = System.nanoTime();
    App app = start("listen", "wait");
    assertTrue(app.startedNanos() - before >= 0 && app.startedNanos() - System.nanoTime() < 0);
    InetSocketAddress address = Launches.awaitAddress(app);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals("hello", reply);
    }
    assertTrue(app.loopbackBytes() > 0);
    assertTrue(app.isAlive());
    assertEquals(1, app.pids().size());
  }

  @Test
  void aSecondPortIsFoundByItsNumberAndTheFirstStaysTheFirst() throws Exception {
    App app = start("listen", "say:one", "listen", "wait");
    Launches.await(() -> ports(app).size() == 2, "two ports");
    List<Integer> ports = ports(app);
    InetSocketAddress second = app.address(ports.get(1));
    assertEquals(ports.get(1), second.getPort());
    assertEquals(ports.get(0), app.address(0).getPort());
    assertNull(app.address(1));
  }

  private static List<Integer> ports(App app) throws IOException {
    return Files.readAllLines(app.log()).stream()
        .filter(line -> line.startsWith("listening on "))
        .map(line -> Integer.parseInt(line.substring("listening on ".length())))
        .toList();
  }

  @Test
  void theWholeTreeEnds() throws Exception {
    // The sleeper has a session of its own and no parent left, the shell ignores what asks it.
    List<String> java = Launches.command("listen", "wait");
    java.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
    Path script = directory.resolve("app.sh");
    Files.writeString(
        script, "(setsid sleep 1000 &)\nsleep 1001 &\n" + String.join(" ", java) + "\n");
    App app = host.start(Launches.of(directory, List.of("sh", script.toString())));
    Launches.awaitAddress(app);
    List<Long> pids = app.pids();
    assertEquals(4, pids.size(), pids::toString);
    app.close();
    assertFalse(app.isAlive());
    assertEquals(List.of(), app.pids());
    for (long pid : pids) {
      assertFalse(runs(pid), "" + pid);
    }
    assertTrue(
        Files.readString(app.log()).contains("Picked up JAVA_TOOL_OPTIONS"), "options of a script");
    assertTrue(Files.readString(app.gcLog()).contains("Using Serial"));
  }

  @Test
  void whatAsksNicelyIsIgnoredAndSoItIsKilled() throws Exception {
    App app =
        host.start(
            Launches.of(directory, List.of("sh", "-c", "trap '' TERM; echo up; sleep 1000")));
    Launches.awaitLog(app, "up");
    long before = System.nanoTime();
    app.close();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before);
    assertTrue(seconds >= 9 && seconds < 15, seconds + " s");
    assertEquals("exit status 137 (SIGKILL); it said:\n  up", app.ending());
  }

  @Test
  void anEndIsToldWithItsStatusAndTheEndOfTheLog() throws Exception {
    App app = start("say:no database", "exit:3");
    Launches.await(() -> !app.isAlive(), "its end");
    assertEquals("exit status 3; it said:\n  no database", app.ending());
    assertNull(app.address(0));
    assertEquals(List.of(), app.pids());
    assertEquals(-1, app.loopbackBytes());
  }

  @Test
  void aKillBySomebodyElseIsTold() throws Exception {
    App app = start("say:up", "wait");
    Launches.awaitLog(app, "up");
    assertEquals("still running; it said:\n  up", app.ending());
    ProcessHandle.of(app.pids().getFirst()).orElseThrow().destroyForcibly();
    Launches.await(() -> !app.isAlive(), "its end");
    assertEquals("exit status 137 (SIGKILL), by somebody else; it said:\n  up", app.ending());
  }

  @Test
  void aVariantsAdditionsReachTheJvm() throws Exception {
    Launches.makeAgent(directory.resolve("agent.jar"));
    Variant variant =
        new Variant(
            "husk", true, "stats=5", null, List.of("-XX:+UseParallelGC"), Map.of("COLOUR", "red"));
    List<String> command =
        Launches.command("variable:COLOUR", "variable:JAVA_TOOL_OPTIONS", "wait");
    command.remove("-XX:+UseSerialGC");
    App app = host.start(Launches.of(directory, command, variant));
    Launches.awaitLog(app, "JAVA_TOOL");
    assertEquals(
        "agent stats=5\nCOLOUR=red\nJAVA_TOOL_OPTIONS=null\n", Files.readString(app.log()));
    assertTrue(Files.readString(app.gcLog()).contains("Using Parallel"));
    assertTrue(Files.readString(app.gcLog()).contains("[pagesize"));
  }

  @Test
  void aCommandAsItIsHasNothingAddedAndTheSessionOfThisProgram() throws Exception {
    List<String> command = Launches.command("variable:JAVA_TOOL_OPTIONS", "listen", "wait");
    command.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
    App app = host.start(command, directory);
    Launches.awaitAddress(app);
    assertTrue(Files.readString(app.log()).startsWith("JAVA_TOOL_OPTIONS=null\n"));
    assertFalse(Files.exists(app.gcLog()));
    long pid = app.pids().getFirst();
    assertEquals(
        ProcessStat.of(ProcessHandle.current().pid()).session(), ProcessStat.of(pid).session());
    app.close();
    assertFalse(runs(pid));
  }

  @Test
  void aCommandIsRunToItsEnd() throws Exception {
    assertEquals(
        List.of("one", "two"),
        host.run(List.of("sh", "-c", "echo one; echo two >&2"), directory, Duration.ofSeconds(20)));
    assertFails(
        "ended with exit status 3; it said:\n  no", "echo no; exit 3", Duration.ofSeconds(20));
    assertFails(
        "still runs after 1 s; it was ended; it said:\n  up",
        "echo up; sleep 1000",
        Duration.ofSeconds(1));
  }

  private void assertFails(String why, String script, Duration limit) {
    IOException e =
        assertThrows(
            IOException.class, () -> host.run(List.of("sh", "-c", script), directory, limit));
    assertEquals(why, e.getMessage());
  }

  @Test
  void aSetOfProcessorsHolds() throws Exception {
    App app =
        host.start(
            Launches.limited(
                Launches.of(directory, Launches.command("say:up", "wait")),
                new Launch.Limits(0, "0", 0)));
    Launches.awaitLog(app, "up");
    String status = Files.readString(Path.of("/proc/" + app.pids().getFirst() + "/status"));
    assertTrue(status.contains("Cpus_allowed_list:\t0\n"), status);
  }

  @Test
  void whatNeedsContainersIsSaid() {
    Launch launch = Launches.of(directory, Launches.command());
    IOException failure =
        assertThrows(
            IOException.class,
            () -> host.start(Launches.limited(launch, new Launch.Limits(1.5, "", 0))));
    assertTrue(failure.getMessage().contains("needs containers"), failure.getMessage());
  }

  @Test
  void aMissingProgramOrJdkIsSaid() {
    assertEquals(
        "'/no/such/app.sh' is not a program of this machine; give its path",
        assertThrows(
                IOException.class,
                () -> host.start(Launches.of(directory, List.of("/no/such/app.sh"))))
            .getMessage());
    Variant variant = Variant.parse("old=jdk:/no/jdk");
    assertEquals(
        "variant 'old': no JDK at /no/jdk, it has no bin/java",
        assertThrows(
                IOException.class,
                () -> host.start(Launches.of(directory, Launches.command(), variant)))
            .getMessage());
  }

  @Test
  void nothingOutlivesAKilledParent() throws Exception {
    Process parent = startParent();
    List<Long> pids = pidsFrom(parent);
    parent.destroyForcibly().waitFor();
    awaitEnd(pids);
  }

  @Test
  void nothingOutlivesAnInterruptedParent() throws Exception {
    Process parent = startParent();
    List<Long> pids = pidsFrom(parent);
    new ProcessBuilder("kill", "-INT", Long.toString(parent.pid())).start().waitFor();
    awaitEnd(pids);
    assertTrue(parent.waitFor(5, TimeUnit.SECONDS));
    assertNotEquals(0, parent.exitValue());
  }

  private Process startParent() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            TestParent.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Long> pidsFrom(Process parent) throws IOException {
    BufferedReader reader = parent.inputReader();
    String line = reader.readLine();
    List<Long> pids = new ArrayList<>();
    for (String word : line.split(" ")) {
      pids.add(Long.parseLong(word));
    }
    assertEquals(3, pids.size(), line);
    return pids;
  }

  private static void awaitEnd(List<Long> pids) throws Exception {
    Launches.await(() -> pids.stream().noneMatch(ProcessesTest::runs), "the end of " + pids);
  }

  private static boolean runs(long pid) {
    try {
      return ProcessStat.of(pid).isAlive(); // Whom init hasn't reaped yet has a stat, too.
    } catch (IOException e) {
      return false;
    }
  }
}
