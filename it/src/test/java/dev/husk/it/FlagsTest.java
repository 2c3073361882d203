package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that touch the most, under JVM options that change what lies below Husk. */
final class FlagsTest {
  private static final List<String> PROGRAMS = List.of("Identity", "Interrupt", "Sync", "Odd");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseSerialGC",
        "-XX:+UseParallelGC",
        "-XX:+UseZGC",
        "-XX:+UseShenandoahGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:-UseCompressedOops",
        "-Xint",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:off",
        "-esa -ea",
        "-XX:+UnlockDiagnosticVMOptions -XX:+BytecodeVerificationLocal",
        "-Djdk.trackAllThreads=false",
        "-Djdk.virtualThreadScheduler.parallelism=1"
      })
  void behavesAsOnTheStockJvm(String flags) throws Exception {
    List<String> differences = new ArrayList<>();
    for (String program : PROGRAMS) {
      List<String> arguments = new ArrayList<>(List.of(flags.split(" ")));
      arguments.addAll(BehaviourTest.jvmArguments(program));
      Results<Transcript> results =
          Both.run(
              side ->
                  new ProgramRun(
                          side, "dev.husk.it.scenarios." + program + "Cases", "main", arguments)
                      .run());
      BehaviourTest.unexpected(program, results)
          .forEach(difference -> differences.add(program + " " + difference));
    }
    if (!differences.isEmpty()) {
      fail(String.join("\n", differences));
    }
  }
}
