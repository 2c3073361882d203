package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.husk.it.Both.Results;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A thread dump shows the program's threads under their names, with their stacks. */
final class ThreadDumpTest {
  private static final List<String> EXPECTED =
      List.of(
          "main",
          "parked-worker",
          "sleeping-worker",
          "blocked-worker",
          "running-worker",
          "waiting-worker",
          "renamed-worker",
          "parksInHere");

  @Test
  void dumpToFileShowsNames() throws Exception {
    Results<Map<String, Boolean>> results = Both.run(side -> found(side, "Thread.dump_to_file"));
    assertEquals(results.stock(), results.husk());
  }

  @Test
  void jsonDumpShowsNames() throws Exception {
    Results<Map<String, Boolean>> results =
        Both.run(side -> found(side, "Thread.dump_to_file -format=json"));
    assertEquals(results.stock(), results.husk());
  }

  @Test
  void threadPrintAndSignalQuit() throws Exception {
    // What Thread.print can't show the text dump must: here the JVM must only survive both.
    try (Child child = start(Side.HUSK)) {
      child.jcmd("Thread.print", "-l");
      child.signal("QUIT");
      assertNotNull(child.line("Full thread dump", 10_000), "no dump on SIGQUIT");
      Thread.sleep(100);
      assertEquals(true, child.process().isAlive());
    }
  }

  private static Map<String, Boolean> found(Side side, String command) throws Exception {
    try (Child child = start(side)) {
      java.nio.file.Path file = java.nio.file.Files.createTempFile("husk-it", ".dump");
      String[] words = (command + " -overwrite " + file).split(" ");
      child.jcmd(words);
      String text = java.nio.file.Files.readString(file);
      java.nio.file.Files.delete(file);
      Map<String, Boolean> found = new TreeMap<>();
      for (String name : EXPECTED) {
        found.put(name, text.contains(name));
      }
      return found;
    }
  }

  private static Child start(Side side) throws InterruptedException {
    Side.requireAgent();
    Child child = Child.start(side, List.of(), "dev.husk.it.scenarios.DumpedProgram");
    assertNotNull(child.line("ready", 20_000), () -> "not ready: " + child.err());
    return child;
  }
}
