package dev.husk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class AbCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  /** Nothing here comes so far as to run it. */
  private Path agent;

  @BeforeEach
  void makeAgent() throws IOException {
    agent = Files.createFile(directory.resolve("husk.jar"));
  }

  private int ab(String... arguments) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 3];
    all[0] = "ab";
    all[1] = "--agent=" + agent;
    all[2] = "--out=" + directory.resolve("out");
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return line.execute(all);
  }

  @Test
  void helpTeaches() {
    assertEquals(0, ab("--help"));
    for (String word : new String[] {"husk ab -- java -jar app.jar", "--variant", "--url"}) {
      assertTrue(out.toString().contains(word), out.toString());
    }
  }

  @Test
  void withoutAnAppItSaysHowToGiveOne() {
    assertEquals(2, ab());
    assertTrue(err.toString().contains("husk ab -- java -jar app.jar"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds=0, --rounds=0: give a number from 1",
    "--memory=2, --memory=2: give a size such as 512m",
    "--variant=a=UseZGC, 'UseZGC' is neither husk",
    "--variant=-x, a variant is name=options",
    "'--warm-up=9,3', the longest warm-up is shorter",
    "--latency-limit=0, latency limit",
    "--url=https://localhost/, https",
    "--load=smtp, 'give http, echo, jdbc, or a command'",
    "--connections=0, connections: 0",
    "--cpus=2, leave out --processes",
    "--cpus=-1, --cpus=-1.0: give a number such as 1.5",
    "--cpuset=all, --cpuset=all: give a list such as",
    "--rate=-4, --rate=-4.0: give requests a second",
    "--variant=a=jdk:/no/jdk, 'no JDK at /no/jdk, it has no bin/java'",
  })
  void wrongOptionsSayWhatIsRight(String option, String words) {
    assertEquals(2, ab("--processes", option, "--", "java", "App"));
    assertTrue(err.toString().contains(words), err.toString());
  }

  /** It comes as far as the app, which can't be started. */
  @Test
  void figuresOfAnUnknownToolArePickedByPattern() {
    assertNotEquals(
        0,
        ab(
            "--processes",
            "--load=./load {port}",
            "--figure=served:req/s=served ([0-9]+)",
            "--",
            "/no/java",
            "App"));
    assertTrue(err.toString().contains("/no/java"), err.toString());
  }

  @Test
  void theAppsCommandNeedsNoDashes() {
    assertNotEquals(0, ab("--processes", "/no/java", "-jar", "app.jar", "--rounds=0"));
    assertTrue(err.toString().contains("/no/java"), err.toString());
  }

  @Test
  void aRunThatBreaksOffWritesAReportNevertheless() throws IOException {
    assertEquals(1, ab("--processes", "--", "/no/java", "App"));
    String report = Files.readString(directory.resolve("out/results.json"));
    assertTrue(report.contains("\"complete\" : false"), report);
    assertTrue(report.contains("The run broke off after 0 of 10 measurements"), report);
  }

  @Test
  void aPlaceForReportsThatIsNoneIsToldAtOnce() throws IOException {
    Files.createFile(directory.resolve("out"));
    assertEquals(1, ab("--processes", "--", "java", "App"));
    assertTrue(err.toString().contains("that isn't a directory"), err.toString());
  }

  @Test
  void aRateAndAClosedLoopExcludeEachOther() {
    assertEquals(2, ab("--processes", "--closed", "--rate=5", "--", "java", "App"));
    assertTrue(err.toString().contains("give one of the two"), err.toString());
  }
}
