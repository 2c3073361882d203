package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.junit.AbOutcome;
import dev.husk.ab.junit.AbTest;
import dev.husk.examples.http.BlockingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code husk ab} as users call it, and the extension for tests. */
final class AbRunTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path directory;

  @BeforeAll
  static void requireAgent() {
    Side.requireAgent();
  }

  /** Four rounds can say that Husk is slower, and don't. */
  @AbTest(
      main = BlockingServer.class,
      rounds = 4,
      closedLoop = true,
      windowSeconds = 1,
      warmUpSeconds = {1, 3})
  void blockingServerIsNotSlower(AbOutcome outcome) {
    assertTrue(outcome.results().complete());
    assertEquals(4, outcome.results().good("stock").size());
    assertEquals(4, outcome.results().good("husk").size());
    assertTrue(Files.exists(outcome.directory().resolve("report.html")));
    outcome.assertNotSlower();
  }

  private Process husk(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(JAVA, "-cp", CLASS_PATH, "dev.husk.cli.Main"));
    command.add("ab");
    command.addAll(List.of("--processes", "--agent", System.getProperty("husk.agent.jar")));
    command.addAll(List.of("--out", directory.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("output"));
  }

  private static List<String> server() {
    return List.of("java", "-cp", CLASS_PATH, BlockingServer.class.getName());
  }

  @Test
  void oneRoundGivesATableAndBothReports() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--rounds=1", "--rate=2000", "--window=1", "--warm-up=1,1", "--env=A=b", "--"));
    arguments.addAll(server());
    Process husk = husk(arguments.toArray(String[]::new));
    assertTrue(husk.waitFor(120, TimeUnit.SECONDS), this::said);
    assertEquals(0, husk.exitValue(), this::said);
    String said = output();
    assertTrue(said.contains("latency p99"), said);
    assertTrue(said.contains("too few for a verdict"), said);
    assertTrue(Files.readString(directory.resolve("results.json")).contains("\"complete\" : true"));
    assertTrue(Files.exists(directory.resolve("report.html")));
  }

  @Test
  void anInterruptedRunLeavesAPartialReportAndNoProcess() throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--rounds=50", "--rate=1000", "--window=1", "--warm-up=1,1", "--"));
    arguments.addAll(server());
    Process husk = husk(arguments.toArray(String[]::new));
    for (int i = 0; i < 900 && !output().contains("round 1 of 50, stock: "); i++) {
      assertTrue(husk.isAlive(), this::said);
      Thread.sleep(100);
    }
    List<ProcessHandle> children = husk.descendants().toList();
    assertFalse(children.isEmpty(), this::said);
    new ProcessBuilder("kill", "-INT", Long.toString(husk.pid())).start().waitFor();
    assertTrue(husk.waitFor(40, TimeUnit.SECONDS), this::said);
    assertEquals(130, husk.exitValue(), this::said);
    assertTrue(output().contains("interrupted"), this::said);
    assertTrue(
        Files.readString(directory.resolve("results.json")).contains("\"complete\" : false"));
    for (ProcessHandle child : children) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void anAppThatDoesNotStartIsToldWithItsOwnWords() throws Exception {
    Process husk = husk("--rounds=1", "--", "java", "-cp", "nowhere", "NoSuchApp");
    assertTrue(husk.waitFor(60, TimeUnit.SECONDS), this::said);
    assertEquals(1, husk.exitValue(), this::said);
    String said = output();
    assertTrue(said.contains("could not be measured"), said);
    assertTrue(said.contains("NoSuchApp"), said);
  }

  private String said() {
    try {
      return output();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
