package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;

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

/**
 * Connections within a JVM behave on Husk's two paths, in the process and on the kernel's loopback,
 * as they do on the stock JVM.
 */
final class LoopbackTest {
  private static final Path REPORTS = Path.of("target", "behaviour");

  /**
   * Programs whose cases run in {@code main} and in a virtual thread, and in a long run in a
   * started thread, too, which differs from {@code main} in how it comes to the scheduler only.
   */
  private static final List<String> PROGRAMS =
      List.of(
          "Loopback",
          "LoopbackChannel",
          "Selector",
          "Level",
          "Async",
          "Bind",
          "Datagram",
          "Transfer",
          "Pipe",
          "Close");

  private static final List<String> WHERE =
      Boolean.getBoolean("husk.long")
          ? List.of("main", "thread", "virtual")
          : List.of("main", "virtual");

  /** Programs that start processes or are large: once. */
  private static final List<String> IN_MAIN = List.of("Neighbour", "LoopbackCrowd");

  /**
   * Cases that differ in the process, with the reason; one that no longer differs fails, so that
   * the list stays true.
   */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "Bind",
          Set.of(
              // No connection stays behind in TIME_WAIT, nor on the kernel's side of the port.
              "rebindAfterClose"),
          "LoopbackCrowd",
          Set.of(
              // Accepted connections within the process take no descriptor of the kernel's.
              "outOfDescriptors"));

  static Stream<Arguments> programs() {
    return Stream.concat(
        PROGRAMS.stream().flatMap(name -> WHERE.stream().map(where -> Arguments.of(name, where))),
        IN_MAIN.stream().map(name -> Arguments.of(name, "main")));
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("programs")
  void behavesAsOnTheStockJvm(String name, String where) throws Exception {
    Map<Side, Transcript> results = Both.runOnAllPaths(side -> program(side, name, where).run());
    Transcript stock = results.get(Side.STOCK);
    List<String> all = new ArrayList<>();
    for (Side side : List.of(Side.IN_PROCESS, Side.KERNEL)) {
      Set<String> known = side == Side.KERNEL ? Set.of() : KNOWN.getOrDefault(name, Set.of());
      List<String> differences =
          Again.lasting(
              unexpected(stock, results.get(side), known),
              side,
              (each, only) -> program(each, name, where).run(only));
      differences.forEach(difference -> all.add(side + " " + difference));
    }
    Files.createDirectories(REPORTS);
    Files.write(REPORTS.resolve(name + "-" + where + ".differences.txt"), all);
    if (!all.isEmpty()) {
      fail(
          all.size()
              + " differences in "
              + stock.entries().size()
              + " cases\n"
              + String.join("\n", all));
    }
  }

  private static ProgramRun program(Side side, String name, String where) {
    return new ProgramRun(side, "dev.husk.it.scenarios." + name + "Cases", where, List.of());
  }

  private static List<String> unexpected(Transcript stock, Transcript husk, Set<String> known) {
    List<String> differences = new ArrayList<>(stock.differences(husk));
    if (stock.entries().size() < 2) {
      differences.add("~all: the program ran no case on stock: " + stock.entries());
    }
    if (!System.getProperty("husk.it.peer", "husk").equals("stock")) {
      for (String each : known) {
        if (!differences.removeIf(difference -> difference.startsWith(each + ":"))) {
          differences.add(each + ": known to differ, and doesn't any more");
        }
      }
    }
    return differences;
  }
}
