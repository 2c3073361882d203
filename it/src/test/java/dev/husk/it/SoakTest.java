package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Random threads for a while: none is lost and nothing is left behind. */
final class SoakTest {
  private static final boolean LONG = Boolean.getBoolean("husk.long");
  private static final long SEED = Long.getLong("husk.it.seed", 20_261_123);

  @Test
  void noThreadIsLost() throws Exception {
    soak(LONG ? 600 : 12, LONG ? 20_000 : 2_000, List.of("-Xmx1g"));
  }

  @Test
  void aHundredThousandAtOnce() throws Exception {
    // More than the kernel gives a process by default, so only Husk can do it.
    if (LONG) {
      soak(120, 100_000, List.of("-Xmx4g"));
    }
  }

  @Test
  void aFloodOfTimersStarvesNobody() throws Exception {
    int sleepers = LONG ? 50_000 : 20_000;
    int seconds = LONG ? 60 : 10;
    run(
        List.of("-Xmx2g"),
        seconds + 60,
        sleepers + " sleepers",
        "FloodProgram",
        Integer.toString(seconds),
        Integer.toString(sleepers),
        "5000");
  }

  private static void soak(int seconds, int alive, List<String> jvmArguments) throws Exception {
    run(
        jvmArguments,
        seconds + 120,
        "seed " + SEED,
        "SoakProgram",
        Integer.toString(seconds),
        Integer.toString(alive),
        Long.toString(SEED));
  }

  private static void run(
      List<String> jvmArguments, int limitSeconds, String what, String program, String... arguments)
      throws Exception {
    Side.requireAgent();
    try (Child child =
        Child.start(Side.HUSK, jvmArguments, "dev.husk.it.scenarios." + program, arguments)) {
      if (!child.ends(TimeUnit.SECONDS.toMillis(limitSeconds))) {
        fail(what + " hangs\n" + String.join("\n", child.out()) + "\n" + child.threadDump());
      }
      String output =
          what + "\n" + String.join("\n", child.out()) + "\n" + String.join("\n", child.err());
      assertEquals(0, child.process().exitValue(), output);
      assertTrue(child.out().getLast().endsWith(" passed"), output);
    }
  }
}
