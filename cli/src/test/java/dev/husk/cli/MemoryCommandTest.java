package dev.husk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class MemoryCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int memory(String... arguments) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 1];
    all[0] = "memory";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int status = line.execute(all);
    line.getOut().flush();
    return status;
  }

  @Test
  void helpTeaches() {
    assertEquals(0, memory("--help"));
    for (String word : new String[] {"husk memory 12345 --top 30", "as jcmd", "memory=checked"}) {
      assertTrue(out.toString().contains(word), out.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--top=5, give a PID",
    "--top=-1 1, --top=-1: give a number from 0 to 1000",
    "--top=many 1, is not an int",
    "app, is not a long",
    "1 2, Unmatched argument",
  })
  void wrongUsageSaysWhatIsRight(String arguments, String words) {
    assertEquals(2, memory(arguments.split(" ", -1)));
    assertTrue(err.toString().contains(words), err.toString());
    assertTrue(err.toString().contains("'husk memory --help' explains"), err.toString());
  }

  @Test
  void aProcessThatIsNotThereIsTold() {
    assertEquals(1, memory("2147483647"));
    assertTrue(err.toString().contains("there is no process 2147483647"), err.toString());
  }

  @Test
  void theCommandItselfHasNothing() {
    assertEquals(1, memory(Long.toString(ProcessHandle.current().pid())));
    assertTrue(err.toString().contains("is this command itself"), err.toString());
  }

  /** And lives on: attaching would have sent it a signal. */
  @Test
  void aProcessThatIsNoJvmIsTold() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      assertEquals(1, memory(Long.toString(process.pid())));
      assertTrue(
          err.toString().contains("process " + process.pid() + " isn't a JVM"), err.toString());
      assertTrue(process.isAlive());
    } finally {
      process.destroyForcibly();
    }
  }
}
