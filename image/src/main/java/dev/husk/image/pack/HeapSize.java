package dev.husk.image.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How large the heap of an image's JVM may become. The JVM's own rule, a quarter, is for machines
 * that run other things, too. Here half is the heap's: the other half is for the kernel, the root
 * file system, which lies in memory, and what a JVM has beside its heap.
 */
public final class HeapSize {
  private static final String PERCENTAGE = "-XX:MaxRAMPercentage=";
  private static final String DEFAULT = PERCENTAGE + "50";

  /** What says it in other ways. */
  private static final List<String> BYTES = List.of("-Xmx", "-XX:MaxHeapSize=");

  /** Where a JVM, or the java command, finds options beside its command line. */
  private static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private HeapSize() {}

  /**
   * Options of a JVM, with one for its heap unless one of them is.
   *
   * @param environment of the JVM, which takes options from there, too
   */
  public static List<String> in(List<String> options, Map<String, String> environment) {
    if (all(options, environment).stream().anyMatch(HeapSize::isOne)) {
      return options;
    }
    List<String> all = new ArrayList<>(List.of(DEFAULT));
    all.addAll(options);
    return all;
  }

  /** Options of a JVM with those that its environment adds. */
  static List<String> all(List<String> options, Map<String, String> environment) {
    Stream<String> others =
        VARIABLES.stream()
            .flatMap(name -> Stream.of(environment.getOrDefault(name, "").split("\\s+")));
    return Stream.concat(options.stream(), others).toList();
  }

  /** What a JVM's options say of its heap, for people; empty if nothing. */
  public static Optional<String> words(List<String> options) {
    String percentage = null;
    for (String option : options.reversed()) {
      for (String bytes : BYTES) {
        if (option.startsWith(bytes)) {
          // Whatever its place, it is stronger than a share.
          return Optional.of("up to " + option.substring(bytes.length()));
        }
      }
      if (percentage == null && option.startsWith(PERCENTAGE)) {
        percentage = option.substring(PERCENTAGE.length());
      }
    }
    return Optional.ofNullable(percentage)
        .map(
            share ->
                "up to "
                    + share
                    + " % of memory; the rest is for the kernel, the root file system and what the"
                    + " JVM has beside its heap");
  }

  private static boolean isOne(String option) {
    return option.startsWith(PERCENTAGE) || BYTES.stream().anyMatch(option::startsWith);
  }
}
