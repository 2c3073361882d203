package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of {@code scenarios} behave on Husk as they do on the stock JVM. */
final class BehaviourTest {
  private static final Path REPORTS = Path.of("target", "behaviour");

  /**
   * The programs; each runs its cases in a thread of its own, and in {@code main}: all in a long
   * run.
   */
  static final List<String> PROGRAMS =
      List.of(
          "Identity",
          "Life",
          "Interrupt",
          "Park",
          "Lock",
          "Sync",
          "Name",
          "Group",
          "Local",
          "Handler",
          "Pool",
          "Stack",
          "BigStack",
          "Management",
          "ClassInit",
          "Virtual",
          "Foreign",
          "Process",
          "Socket",
          "Channel",
          "Crowd",
          "Odd",
          "Jdk",
          "Loader");

  /**
   * The same of off-heap memory, with threads that Husk leaves to the platform among them; in a
   * long run once more in a virtual thread.
   */
  static final List<String> MEMORY_PROGRAMS =
      List.of(
          "Direct",
          "DirectThread",
          "Temporary",
          "Limit",
          "PageAligned",
          "Segment",
          "SegmentThread",
          "Unsafe");

  /** Those that run in {@code main} in a short run, too: they ask for what is special there. */
  private static final Set<String> IN_MAIN =
      Set.of("Identity", "Life", "Interrupt", "Name", "Group", "Local", "Handler", "Management");

  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  private static final String DIRECT_256M = "-XX:MaxDirectMemorySize=256m";

  /**
   * Cases that differ for a reason that docs/compatibility.md states; one that no longer differs
   * fails, so that the list stays true.
   */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          // The VM finds a thread's locks that nobody waits for by a walk of the heap, for platform
          // threads only.
          "Management", Set.of("infoWithLocks"),
          // The JVM shows hidden classes to no agent: they see the virtual thread.
          "Loader", Set.of("hiddenClass"),
          // A read that waits has given the segment's session back, as in any virtual thread.
          "SegmentThread", Set.of("closedWhileRead"),
          // Thread-local maps, read by reflection with java.lang opened, live on the virtual
          // thread.
          "Odd", Set.of("privateFields"));

  /** What a program's JVM needs to be told. */
  static List<String> jvmArguments(String program) {
    return switch (program) {
      case "BigStack" -> List.of("-Xss16m");
      case "Foreign", "Crowd" -> List.of(NATIVE_ACCESS);
      case "Odd" -> List.of(NATIVE_ACCESS, "--add-opens=java.base/java.lang=ALL-UNNAMED");
      // What is too large is so on every machine.
      case "Direct" ->
          List.of(DIRECT_256M, "--add-exports=java.base/jdk.internal.perf=ALL-UNNAMED");
      case "DirectThread" -> List.of(DIRECT_256M);
      case "Temporary" -> List.of("-Djdk.nio.maxCachedBufferSize=100000");
      case "Limit" -> List.of("-XX:MaxDirectMemorySize=64m", "-Xmx128m");
      case "PageAligned" ->
          List.of("-XX:MaxDirectMemorySize=16m", "-Dsun.nio.PageAlignDirectMemory=true");
      case "Segment", "SegmentThread" -> List.of(DIRECT_256M, NATIVE_ACCESS);
      case "Unsafe" -> List.of(NATIVE_ACCESS);
      default -> List.of();
    };
  }

  /** What differs and isn't known to, and what is known to differ and doesn't. */
  static List<String> unexpected(String program, Results<Transcript> results) {
    List<String> differences = new ArrayList<>(results.stock().differences(results.husk()));
    if (results.stock().entries().size() < 2) {
      differences.add("~all: the program ran no case on stock: " + results.stock().entries());
    }
    if (!System.getProperty("husk.it.peer", "husk").equals("stock")) {
      for (String known : KNOWN.getOrDefault(program, Set.of())) {
        if (!differences.removeIf(difference -> difference.startsWith(known + ":"))) {
          differences.add(known + ": known to differ, and doesn't any more");
        }
      }
    }
    return differences;
  }

  static Stream<Arguments> programs() {
    boolean all = Boolean.getBoolean("husk.long");
    Stream<Arguments> threads =
        PROGRAMS.stream()
            .flatMap(name -> Stream.of("main", "thread").map(where -> Arguments.of(name, where)))
            .filter(
                each ->
                    all
                        || each.get()[1].equals("thread")
                        || IN_MAIN.contains((String) each.get()[0]));
    Stream<Arguments> memory =
        MEMORY_PROGRAMS.stream()
            .flatMap(
                name ->
                    (all ? Stream.of("main", "thread", "virtual") : Stream.of("thread"))
                        .map(where -> Arguments.of(name, where)));
    return Stream.concat(threads, memory);
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("programs")
  void behavesAsOnTheStockJvm(String name, String where) throws Exception {
    Results<Transcript> results = Both.run(side -> program(side, name, where).run());
    List<String> differences =
        Again.lasting(
            unexpected(name, results),
            Side.HUSK,
            (side, only) -> program(side, name, where).run(only));
    report(name + "-" + where, results, differences);
    if (!differences.isEmpty()) {
      fail(
          differences.size()
              + " of "
              + results.stock().entries().size()
              + " cases differ\n"
              + String.join("\n", differences));
    }
  }

  private static ProgramRun program(Side side, String name, String where) {
    return new ProgramRun(
        side == Side.HUSK && MEMORY_PROGRAMS.contains(name) ? Side.MEMORY : side,
        "dev.husk.it.scenarios." + name + "Cases",
        where,
        jvmArguments(name));
  }

  private static void report(String name, Results<Transcript> results, List<String> differences)
      throws IOException {
    Files.createDirectories(REPORTS);
    List<String> lines = new ArrayList<>();
    for (var entry : results.stock().entries().entrySet()) {
      lines.add("#> " + entry.getKey());
      lines.addAll(entry.getValue().out());
      entry.getValue().err().forEach(line -> lines.add("! " + line));
    }
    Files.write(REPORTS.resolve(name + ".txt"), lines);
    Files.write(REPORTS.resolve(name + ".differences.txt"), differences);
  }
}
