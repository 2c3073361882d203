package dev.husk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int husk(String... args) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = line.execute(args);
    line.getOut().flush();
    return status;
  }

  @Test
  void helpTeaches() {
    assertEquals(0, husk());
    for (String command :
        new String[] {"husk demo", "husk run -- -jar app.jar", "husk bench", "husk memory PID"}) {
      assertTrue(out.toString().contains(command), out.toString());
    }
  }

  @Test
  void version() {
    assertEquals(0, husk("--version"));
    assertTrue(out.toString().matches("(?s)husk \\d+\\.\\d+\\.\\d+.*JDK 25.*"), out.toString());
  }

  @Test
  void benchWithoutANameListsThem() {
    assertEquals(0, husk("bench"));
    assertTrue(out.toString().contains("  pingpong  "), out.toString());
  }

  @Test
  void optionsAreTheAgents() {
    assertEquals(0, husk("options"));
    assertTrue(out.toString().contains("carriers=N"), out.toString());
  }

  @Test
  void anUnknownBenchmarkIsNamedAndTheOthersAreListed() {
    assertEquals(2, husk("bench", "pingpang"));
    assertTrue(err.toString().contains("'pingpang'; there are: pingpong,"), err.toString());
  }

  @Test
  void whereTheAppsOwnOptionsGoIsSaid() {
    assertEquals(2, husk("pack", "app.jar", "-o", "app.img", "--root-dir", "/tmp"));
    assertEquals(
        """
        husk: Unknown option: '--root-dir'
        What is the app's stands behind '--'.
        'husk pack --help' explains husk pack.
        """,
        err.toString());
  }

  @Test
  void wrongNumbersSayWhatIsRight() {
    assertEquals(2, husk("bench", "pingpong", "--stock", "--rounds=0"));
    assertTrue(err.toString().contains("--rounds=0: give a number from 1"), err.toString());
  }

  @Test
  void aMissingAgentSaysWhereItWasLookedFor() {
    assertEquals(1, husk("run", "--agent=/nowhere/husk.jar", "--", "-version"));
    assertTrue(
        err.toString().contains("there is no agent at /nowhere/husk.jar; give --agent"),
        err.toString());
  }
}
