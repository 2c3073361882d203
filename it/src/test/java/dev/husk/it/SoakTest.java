package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
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

  @Test
  void connectionsLoseNothingAndLeaveNothing() throws Exception {
    connections(LONG ? 600 : 10, LONG ? 10_000 : 500, List.of("-Xmx1g"));
  }

  @Test
  void connectionsUnderMemoryPressure() throws Exception {
    connections(LONG ? 120 : 8, LONG ? 1_000 : 200, List.of("-Xmx48m", "-XX:+UseSerialGC"));
  }

  private static void connections(int seconds, int connections, List<String> jvmArguments)
      throws Exception {
    List<String> arguments = new ArrayList<>(jvmArguments);
    arguments.add("-Dhusk.stats=on");
    arguments.add("-Dhusk.exclude=platform-*");
    List<String> err =
        run(
            arguments,
            seconds + 120,
            "seed " + SEED,
            "ConnectionSoakProgram",
            Integer.toString(seconds),
            Integer.toString(connections),
            Long.toString(SEED));
    assertTrue(err.contains("husk: connections in the process, still open: 0"), err::toString);
    assertTrue(err.contains("husk: virtual descriptors open: 0"), err::toString);
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

  /** Runs a program that ends well, and returns its stderr. */
  private static List<String> run(
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
      return child.err();
    }
  }
}
