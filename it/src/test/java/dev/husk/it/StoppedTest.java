package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A process that gets no processor for a while (other processes, a limit of its container's) keeps
 * its threads where they are: nobody takes a core from a carrier that only waits for its processor.
 */
final class StoppedTest {
  private static final int STOPS = 20;

  /** Each would hand off both cores if the clock on the wall alone decided. */
  private static final int FEW = STOPS / 4;

  @Test
  void keepsCoresThroughStops() throws Exception {
    Side.requireAgent();
    try (Child child = Child.start(Side.HUSK, List.of(), "dev.husk.it.scenarios.StoppedProgram")) {
      assertNotNull(child.line("steady", 30_000), () -> "not steady: " + child.err());
      for (int i = 0; i < STOPS; i++) {
        child.signal("STOP");
        Thread.sleep(60);
        child.signal("CONT");
        Thread.sleep(40);
      }
      assertTrue(child.ends(60_000), () -> "no end: " + child.err());
      assertEquals(0, child.process().exitValue(), () -> child.err().toString());
      String line = child.line("handed off ", 0);
      assertNotNull(line);
      int handOffs = Integer.parseInt(line.substring("handed off ".length()));
      assertTrue(handOffs <= FEW, handOffs + " cores were handed off in " + STOPS + " stops");
    }
  }
}
