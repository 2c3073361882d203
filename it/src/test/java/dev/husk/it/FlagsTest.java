package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs that touch the most, under JVM options that change what lies below Husk. */
final class FlagsTest {
  private static final List<String> PROGRAMS = List.of("Identity", "Interrupt", "Sync", "Odd");

  private static final List<String> FLAGS =
      List.of(
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
          "-Djdk.virtualThreadScheduler.parallelism=1");

  /** Each with all programs in a long run, and with two of them, taking turns, in a short one. */
  static Stream<Arguments> flags() {
    return IntStream.range(0, FLAGS.size())
        .mapToObj(
            i -> {
              List<String> programs =
                  Boolean.getBoolean("husk.long")
                      ? PROGRAMS
                      : List.of(
                          PROGRAMS.get(i % PROGRAMS.size()),
                          PROGRAMS.get((i + 1) % PROGRAMS.size()));
              return Arguments.of(FLAGS.get(i), programs);
            });
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("flags")
  void behavesAsOnTheStockJvm(String flags, List<String> programs) throws Exception {
    List<String> differences = new ArrayList<>();
    for (String program : programs) {
      List<String> arguments = new ArrayList<>(List.of(flags.split(" ")));
      arguments.addAll(BehaviourTest.jvmArguments(program));
      Results<Transcript> results = Both.run(side -> program(side, program, arguments).run());
      Again.lasting(
              BehaviourTest.unexpected(program, results),
              Side.HUSK,
              (side, only) -> program(side, program, arguments).run(only))
          .forEach(difference -> differences.add(program + " " + difference));
    }
    if (!differences.isEmpty()) {
      fail(String.join("\n", differences));
    }
  }

  private static ProgramRun program(Side side, String name, List<String> arguments) {
    return new ProgramRun(side, "dev.husk.it.scenarios." + name + "Cases", "main", arguments);
  }
}
