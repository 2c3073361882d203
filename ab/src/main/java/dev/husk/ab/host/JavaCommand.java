package dev.husk.ab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A launch's command with a variant's additions. They go right behind the launcher where the
 * command's first word is {@code java} or the path of one, and into {@code JAVA_TOOL_OPTIONS} where
 * it is a script or an image, since the JVM is started by somebody else then.
 *
 * @param words the command
 * @param environment what it gets, on top of what it inherits
 * @param javaHome the JDK, null where the command hides it
 */
record JavaCommand(List<String> words, Map<String, String> environment, @Nullable Path javaHome) {
  private static final String TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";

  /**
   * Puts one together.
   *
   * @param agent where the app finds Husk's jar
   * @param gcLog the file of the log of garbage collection, {@code %p} for the process's number
   * @throws IOException when there is no JDK where the launch says
   */
  static JavaCommand of(Launch launch, String agent, String gcLog) throws IOException {
    List<String> additions = additions(launch, agent, gcLog);
    Map<String, String> environment = new HashMap<>(launch.environment());
    environment.putAll(launch.variant().environment());
    List<String> words = new ArrayList<>(launch.command());
    Path javaHome = null;
    if (launch.image() == null && isJava(launch.command())) {
      javaHome = javaHome(launch);
      if (javaHome != null) {
        words.set(0, javaHome.resolve("bin/java").toString());
      }
      words.addAll(1, additions);
    } else {
      List<String> options = new ArrayList<>();
      if (environment.containsKey(TOOL_OPTIONS)) {
        options.add(environment.get(TOOL_OPTIONS));
      }
      additions.forEach(word -> options.add(quote(word)));
      environment.put(TOOL_OPTIONS, String.join(" ", options));
      if (launch.variant().javaHome() != null && launch.image() == null) {
        javaHome = jdk(launch, launch.variant().javaHome());
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put(
            "PATH", javaHome.resolve("bin") + ":" + System.getenv().getOrDefault("PATH", ""));
      }
    }
    return new JavaCommand(words, environment, javaHome);
  }

  /** Whether a command starts with {@code java} itself. */
  static boolean isJava(List<String> command) {
    return !command.isEmpty() && Path.of(command.getFirst()).endsWith("java");
  }

  /**
   * The JDK that runs a command which starts with {@code java}: the variant's, else that of the
   * path, else, for the bare word, the one that runs this program; null for a path to something
   * that only calls itself java.
   */
  private static @Nullable Path javaHome(Launch launch) throws IOException {
    Path named = launch.variant().javaHome();
    if (named != null) {
      return jdk(launch, named);
    }
    String launcher = launch.command().getFirst();
    if (launcher.equals("java")) {
      return Path.of(System.getProperty("java.home"));
    }
    Path program = Programs.find(launcher);
    if (program == null) {
      throw new IOException("'" + launcher + "' is not a program; give the path of a JDK's java");
    }
    // /usr/bin/java is a link into the JDK.
    Path bin = program.toRealPath().getParent();
    return bin.endsWith("bin") && Files.exists(bin.resolveSibling("release"))
        ? bin.getParent()
        : null;
  }

  private static Path jdk(Launch launch, Path home) throws IOException {
    Path absolute = home.toAbsolutePath().normalize();
    if (Programs.find(absolute.resolve("bin/java").toString()) == null) {
      throw new IOException(
          "variant '%s': no JDK at %s, it has no bin/java"
              .formatted(launch.variant().name(), absolute));
    }
    return absolute;
  }

  private static List<String> additions(Launch launch, String agent, String gcLog)
      throws IOException {
    if (gcLog.replace(Logs.GC, "").matches(".*[%\"'].*")) {
      throw new IOException(
          gcLog + ": a JVM can't write a log into a directory with %, \" or ' in its name");
    }
    List<String> additions = new ArrayList<>();
    if (launch.variant().husk()) {
      String options = launch.variant().agentOptions();
      additions.add("-javaagent:" + agent + (options.isEmpty() ? "" : "=" + options));
    }
    additions.addAll(launch.variant().jvmArgs());
    // The range of the heap is in what is logged of page sizes. Without a count of 0, the log is
    // begun anew after 20 MB.
    additions.add("-Xlog:gc*,pagesize:file=\"" + gcLog + "\":uptimemillis,tags:filecount=0");
    return additions;
  }

  /** A word as the JVM reads it from its options variable, where blanks separate words. */
  private static String quote(String word) {
    if (!word.matches(".*[\\s\"'].*")) {
      return word;
    }
    // A part in single quotes may hold double ones, and the other way round.
    return "'" + word.replace("'", "'\"'\"'") + "'";
  }
}
