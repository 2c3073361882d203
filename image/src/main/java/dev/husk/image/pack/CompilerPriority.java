package dev.husk.image.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The priority of the JIT compilers in a guest with one processor. There they would take half of it
 * from a start for stubs and code that nothing waits for yet, the second compiler in its first
 * moment above all. So they get what is left over, until {@link
 * dev.husk.image.init.InitPlan#alone() init} makes all threads equal.
 */
final class CompilerPriority {
  private static final int LOWEST = 19; // as of nice(2)

  // java.lang.Thread
  private static final int MIN_PRIORITY = 1;
  private static final int MAX_PRIORITY = 10;

  private CompilerPriority() {}

  /**
   * The JVM's options for it; none where its own options speak of priorities.
   *
   * @param environment of the JVM, which takes options from there, too
   */
  static List<String> lowest(List<String> options, Map<String, String> environment) {
    if (HeapSize.all(options, environment).stream().anyMatch(CompilerPriority::isOne)) {
      return List.of();
    }
    List<String> lowest =
        new ArrayList<>(
            List.of("-XX:ThreadPriorityPolicy=1", "-XX:CompilerThreadPriority=" + LOWEST));
    // The policy lets Java's priorities have an effect, which they have nowhere else on Linux.
    for (int priority = MIN_PRIORITY; priority <= MAX_PRIORITY; priority++) {
      lowest.add("-XX:JavaPriority" + priority + "_To_OSPriority=0");
    }
    return lowest;
  }

  private static boolean isOne(String option) {
    return option.startsWith("-XX:") && option.contains("Priorit");
  }
}
