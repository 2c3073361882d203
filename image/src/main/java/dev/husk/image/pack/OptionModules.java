package dev.husk.image.pack;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Modules of the JDK that options of the JVM need: without them it wouldn't start, or would speak
 * another language.
 */
final class OptionModules {
  private static final String ADDED = "--add-modules=";

  private static final Map<String, String> NEEDED =
      Map.of(
          "-XX:StartFlightRecording", "jdk.jfr",
          "-XX:FlightRecorderOptions", "jdk.jfr",
          "-Dcom.sun.management.jmxremote", "jdk.management.agent",
          "-Dcom.sun.management.config.file", "jdk.management.agent",
          "-Duser.language=", "jdk.localedata",
          "-javaagent:", "java.instrument");

  private OptionModules() {}

  /**
   * These modules.
   *
   * @param environment of the JVM, which takes options from there, too
   */
  static SortedSet<String> of(List<String> options, Map<String, String> environment) {
    SortedSet<String> modules = new TreeSet<>();
    for (String option : HeapSize.all(options, environment)) {
      NEEDED.forEach(
          (prefix, module) -> {
            if (option.startsWith(prefix)) {
              modules.add(module);
            }
          });
      if (option.startsWith(ADDED)) {
        for (String name : option.substring(ADDED.length()).split(",")) {
          // ALL-SYSTEM and its kin stand for what is there.
          if (!name.startsWith("ALL-")) {
            modules.add(name);
          }
        }
      }
    }
    return modules;
  }
}
