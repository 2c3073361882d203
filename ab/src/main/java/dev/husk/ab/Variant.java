package dev.husk.ab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way to run the app.
 *
 * @param name what tables call it
 * @param husk whether Husk's agent is added
 * @param agentOptions what follows {@code =} after the agent's jar, "" for nothing
 * @param javaHome another JDK than the command's, null for that one
 * @param jvmArgs more arguments of the JVM
 * @param environment more environment variables
 */
public record Variant(
    String name,
    boolean husk,
    String agentOptions,
    @Nullable Path javaHome,
    List<String> jvmArgs,
    Map<String, String> environment) {

  /** The app as it is. */
  public static final Variant STOCK = new Variant("stock", false, "", null, List.of(), Map.of());

  /** The app on Husk. */
  public static final Variant HUSK = new Variant("husk", true, "", null, List.of(), Map.of());

  /**
   * Reads {@code name=options}: words separated by blanks, each {@code husk} or {@code
   * husk:options-of-the-agent}, {@code jdk:/path}, {@code env:NAME=VALUE}, or an argument of the
   * JVM, which starts with a dash.
   *
   * @throws IllegalArgumentException when it is none of these; the message says what was wrong
   */
  public static Variant parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._ -]*")) {
      throw new IllegalArgumentException(
          "'" + text + "': a variant is name=options, as in zgc=-XX:+UseZGC");
    }
    boolean husk = false;
    String agentOptions = "";
    Path javaHome = null;
    List<String> jvmArgs = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    String options = equals < 0 ? "" : text.substring(equals + 1).strip();
    for (String word : options.isEmpty() ? new String[0] : options.split("\\s+")) {
      if (word.equals("husk")) {
        husk = true;
      } else if (word.startsWith("husk:")) {
        husk = true;
        agentOptions = word.substring("husk:".length());
      } else if (word.startsWith("jdk:")) {
        javaHome = Path.of(word.substring("jdk:".length()));
      } else if (word.startsWith("env:") && word.indexOf('=') > "env:".length()) {
        environment.put(
            word.substring("env:".length(), word.indexOf('=')),
            word.substring(word.indexOf('=') + 1));
      } else if (word.startsWith("-")) {
        jvmArgs.add(word);
      } else {
        throw new IllegalArgumentException(
            "variant '"
                + name
                + "': '"
                + word
                + "' is neither husk, husk:OPTIONS, jdk:PATH, env:NAME=VALUE nor a JVM argument");
      }
    }
    return new Variant(
        name, husk, agentOptions, javaHome, List.copyOf(jvmArgs), Map.copyOf(environment));
  }

  /** What it adds to the app's command, in words. */
  public String describe() {
    List<String> words = new ArrayList<>();
    if (javaHome != null) {
      words.add("JDK " + javaHome);
    }
    if (husk) {
      words.add("-javaagent:husk.jar" + (agentOptions.isEmpty() ? "" : "=" + agentOptions));
    }
    words.addAll(jvmArgs);
    environment.forEach((key, value) -> words.add(key + "=" + value));
    return words.isEmpty() ? "the app as it is" : String.join(" ", words);
  }
}
