package dev.husk.runtime.config;

import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the user has set, checked and complete. Immutable.
 *
 * <p>An option is written {@code key=value} in the agent's argument, separated from the next by a
 * comma, or {@code husk.key=value} as a system property; the agent's argument wins. A value with a
 * comma in it goes into double quotes. A key alone means {@code key=on}.
 */
public final class Options {
  /** How much Husk says. */
  public enum Log {
    /** Warnings only. */
    OFF,
    /** What Husk took over and what it left alone, and why. */
    INFO,
    /** Each call site and each thread. */
    DEBUG
  }

  /** Who serves off-heap memory. */
  public enum Memory {
    /** The C library. */
    OFF,
    /** Husk. */
    ON,
    /** Husk, which looks for what the program does wrong with it. */
    CHECKED
  }

  /** The pages that off-heap memory is made of. */
  public enum Pages {
    /** Huge ones for those who use much, where the system offers them. */
    AUTO,
    /** Huge ones from the start, where the system offers them. */
    HUGE,
    /** No huge ones. */
    SMALL
  }

  private static final String PREFIX = "husk.";
  private static final String HELP_HINT = " (-javaagent:husk.jar=help explains all options)";
  private static final int MAX_CARRIERS = 1024;
  private static final int MAX_SPARES = 32_768;
  private static final long DEFAULT_SLICE = 10_000_000;
  private static final long MIN_SLICE = 100_000;
  private static final long MAX_SLICE = 60_000_000_000L;
  private static final int DEFAULT_SPARES = 256;

  /** Beyond every limit, and far from an overflow when multiplied by ten. */
  private static final long MAX_NUMBER = 1_000_000_000_000L;

  private final boolean help;
  private final Log log;
  private final @Nullable String logFile;
  private final boolean stats;
  private final int carriers;
  private final boolean threads;
  private final boolean main;
  private final NamePatterns exclude;
  private final boolean sockets;
  private final PortRanges kernelPorts;
  private final @Nullable String pcap;
  private final Memory memory;
  private final Pages memoryPages;
  private final boolean memoryShared;
  private final long sliceNanos;
  private final int spares;

  private Options(Source source) throws OptionException {
    help = source.flag(Key.HELP, false);
    log = source.log();
    logFile = source.text(Key.LOG_FILE);
    stats = source.flag(Key.STATS, false);
    carriers =
        source.count(
            Key.CARRIERS,
            Math.min(Runtime.getRuntime().availableProcessors(), MAX_CARRIERS),
            1,
            MAX_CARRIERS);
    threads = source.flag(Key.THREADS, true);
    main = source.flag(Key.MAIN, true);
    exclude = source.patterns(Key.EXCLUDE);
    sockets = source.flag(Key.SOCKETS, true);
    kernelPorts = source.ports(Key.KERNEL_PORTS);
    pcap = source.text(Key.PCAP);
    memory = source.memory();
    memoryPages = source.pages();
    memoryShared = source.flag(Key.MEMORY_SHARED, false);
    sliceNanos = source.duration(Key.SLICE, DEFAULT_SLICE, MIN_SLICE, MAX_SLICE);
    spares = source.count(Key.SPARES, DEFAULT_SPARES, 0, MAX_SPARES);
  }

  /**
   * Reads the options.
   *
   * @param agentArgs what follows {@code -javaagent:husk.jar=}, or null
   * @param properties the system properties; those whose name starts with {@code husk.} are options
   * @throws OptionException for an unknown key or an impossible value, with a message of one line
   *     that names the nearest valid one
   */
  public static Options parse(@Nullable String agentArgs, Properties properties)
      throws OptionException {
    Source source = new Source();
    source.readProperties(properties);
    if (agentArgs != null) {
      source.readArguments(agentArgs);
    }
    return new Options(source);
  }

  /** A page for the user: how to write options, and all of them. */
  public static String help() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        Husk runs an app's threads on its own scheduler, one carrier per processor, and keeps
        connections within the JVM in the process.

          java -javaagent:husk.jar -jar app.jar
          java -javaagent:husk.jar=stats,carriers=2,exclude=io.netty.* -jar app.jar
          java -Dhusk.log=info -javaagent:husk.jar -jar app.jar

        Options are key=value, separated by commas, or system properties -Dhusk.key=value; where both
        are given the agent's argument wins. A key alone means key=on. A value with a comma in it goes
        into double quotes. The shell needs quotes around an argument that contains ';' or '*'.

        """);
    for (Key key : Key.all()) {
      out.append("  ").append(key.key);
      if (!key.form.isEmpty()) {
        out.append('=').append(key.form);
      }
      out.append("  (default: ").append(key.standard).append(")\n");
      wrap(key.text, "      ", 100, out);
    }
    return out.toString();
  }

  private static void wrap(String text, String indent, int width, StringBuilder out) {
    int from = 0;
    while (from < text.length()) {
      int end = Math.min(text.length(), from + width - indent.length());
      if (end < text.length()) {
        end = text.lastIndexOf(' ', end);
      }
      out.append(indent).append(text, from, end).append('\n');
      from = end + 1;
    }
  }

  /** Whether the user asks for {@link #help()} instead of a run. */
  public boolean isHelp() {
    return help;
  }

  /** How much to log. */
  public Log log() {
    return log;
  }

  /** The file that the log goes to, as the user wrote it, or null for stderr. */
  public @Nullable String logFile() {
    return logFile;
  }

  /** Whether to print the counters at exit. */
  public boolean stats() {
    return stats;
  }

  /** The number of carriers, at least 1. */
  public int carriers() {
    return carriers;
  }

  /** Whether the threads that the app starts run on Husk's scheduler. */
  public boolean threads() {
    return threads;
  }

  /** Whether {@code main} does, too; never true without {@link #threads()}. */
  public boolean main() {
    return main && threads;
  }

  /** The names of threads, and the classes of threads and tasks, that stay on the platform. */
  public NamePatterns exclude() {
    return exclude;
  }

  /**
   * Whether connections within this JVM stay in the process; never true without {@link #threads()}.
   */
  public boolean sockets() {
    return sockets && threads;
  }

  /** The ports whose connections stay on the kernel's loopback all the same. */
  public PortRanges kernelPorts() {
    return kernelPorts;
  }

  /** The file for what stays in the process, as the user wrote it, or null for none. */
  public @Nullable String pcap() {
    return pcap;
  }

  /** Who serves off-heap memory. */
  public Memory memory() {
    return memory;
  }

  /** The pages that off-heap memory is made of. */
  public Pages memoryPages() {
    return memoryPages;
  }

  /** Whether off-heap memory comes from one shared file; never true without {@link #memory()}. */
  public boolean memoryShared() {
    return memoryShared && memory != Memory.OFF;
  }

  /** How long a thread may run while others wait for its carrier, in nanoseconds. */
  public long sliceNanos() {
    return sliceNanos;
  }

  /** The greatest number of spare carriers; 0 means none. */
  public int spares() {
    return spares;
  }

  /** All options as the agent's argument would have them, for the log. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append("log=").append(Words.lower(log.name()));
    if (logFile != null) {
      out.append(",log.file=").append('"').append(logFile).append('"');
    }
    out.append(",stats=").append(stats ? "on" : "off");
    out.append(",carriers=").append(carriers);
    out.append(",threads=").append(threads ? "on" : "off");
    out.append(",main=").append(main() ? "on" : "off");
    if (!exclude.isEmpty()) {
      out.append(",exclude=").append('"').append(exclude).append('"');
    }
    out.append(",sockets=").append(sockets() ? "on" : "off");
    if (!kernelPorts.isEmpty()) {
      out.append(",kernel.ports=").append(kernelPorts);
    }
    if (pcap != null) {
      out.append(",pcap=").append('"').append(pcap).append('"');
    }
    out.append(",memory=").append(Words.lower(memory.name()));
    if (memoryPages != Pages.AUTO) {
      out.append(",memory.pages=").append(Words.lower(memoryPages.name()));
    }
    if (memoryShared()) {
      out.append(",memory.shared=on");
    }
    out.append(",slice=").append(sliceNanos / 1000).append("us");
    out.append(",spares=").append(spares);
    return out.toString();
  }

  /** The values as they were written, each with the place where it was. */
  private static final class Source {
    private final @Nullable String[] values = new @Nullable String[Key.all().length];

    /** For messages: {@code -Dhusk.slice=5} or {@code slice=5}, as the user wrote it. */
    private final @Nullable String[] written = new @Nullable String[Key.all().length];

    void readProperties(Properties properties) throws OptionException {
      for (String name : properties.stringPropertyNames()) {
        if (name.startsWith(PREFIX)) {
          String word = name.substring(PREFIX.length());
          String value = properties.getProperty(name);
          Key key = Key.of(word);
          if (key == null) {
            throw unknown("-D" + name, word, "-D" + PREFIX, "");
          }
          // -Dhusk.stats without a value gives the empty string.
          set(key, value, value.isEmpty() ? "-D" + name : "-D" + name + "=" + value);
        }
      }
    }

    void readArguments(String arguments) throws OptionException {
      boolean[] seen = new boolean[Key.all().length];
      Key previous = null;
      int from = 0;
      while (from < arguments.length()) {
        int end = end(arguments, from);
        String item = arguments.substring(from, end).strip();
        from = end + 1;
        if (item.isEmpty()) {
          continue;
        }
        int equals = item.indexOf('=');
        String word = (equals < 0 ? item : item.substring(0, equals)).strip();
        Key key = Key.of(word);
        if (key == null) {
          throw unknown(
              item,
              word,
              "",
              previous == Key.EXCLUDE
                  ? "; several patterns are separated by ';', as in exclude=a;b"
                  : "");
        }
        if (seen[key.ordinal()]) {
          throw new OptionException(
              item
                  + ": "
                  + key.key
                  + " is there twice; leave one"
                  + (key == Key.EXCLUDE ? ", as in exclude=a;b" : ""));
        }
        seen[key.ordinal()] = true;
        previous = key;
        if (equals < 0 && !key.standsAlone()) {
          throw new OptionException(
              item + ": a value is missing, as in " + key.key + "=" + key.form + HELP_HINT);
        }
        set(key, equals < 0 ? "" : unquote(item.substring(equals + 1).strip()), item);
      }
    }

    /**
     * The end of the item that starts at {@code from}: a comma outside quotes, or the end of all.
     */
    private static int end(String arguments, int from) throws OptionException {
      boolean quoted = false;
      for (int i = from; i < arguments.length(); i++) {
        char c = arguments.charAt(i);
        if (c == '"') {
          quoted = !quoted;
        } else if (c == ',' && !quoted) {
          return i;
        }
      }
      if (quoted) {
        throw new OptionException(
            arguments.substring(from) + ": the closing quote is missing; add a \" at its end");
      }
      return arguments.length();
    }

    private static String unquote(String value) {
      return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
          ? value.substring(1, value.length() - 1)
          : value;
    }

    private static OptionException unknown(
        String written, String word, String prefix, String remark) {
      StringBuilder message = new StringBuilder();
      message.append(written).append(": there's no option ").append(prefix).append(word);
      Key near = Key.near(word);
      if (near != null) {
        message.append("; did you mean ").append(prefix).append(near.key);
        message.append(near.form.isEmpty() ? "" : "=" + near.form).append('?');
      } else if (!remark.isEmpty()) {
        message.append(remark);
      } else {
        message.append("; there are");
        for (Key key : Key.all()) {
          message.append(key.ordinal() == 0 ? " " : ", ").append(key.key);
        }
      }
      return new OptionException(message.append(HELP_HINT).toString());
    }

    private void set(Key key, String value, String text) {
      values[key.ordinal()] = value;
      written[key.ordinal()] = text;
    }

    private OptionException wrong(Key key, String what) {
      return new OptionException(written[key.ordinal()] + ": " + what + HELP_HINT);
    }

    boolean flag(Key key, boolean standard) throws OptionException {
      String value = values[key.ordinal()];
      if (value == null) {
        return standard;
      }
      switch (Words.lower(value)) {
        case "", "on", "true", "yes":
          return true;
        case "off", "false", "no":
          return false;
        default:
          throw noSuchWord(key, "on or off", "on", "off", "true", "false");
      }
    }

    Log log() throws OptionException {
      String value = values[Key.LOG.ordinal()];
      if (value == null) {
        return Log.OFF;
      }
      switch (Words.lower(value)) {
        case "off":
          return Log.OFF;
        case "", "info":
          return Log.INFO;
        case "debug":
          return Log.DEBUG;
        default:
          throw noSuchWord(Key.LOG, "off, info or debug", "off", "info", "debug");
      }
    }

    /** What to throw for a word that is none of those an option takes, which a text lists. */
    private OptionException noSuchWord(Key key, String list, String... words) {
      String near = Words.nearest(Words.lower(values[key.ordinal()]), words);
      return wrong(
          key, key.key + " is " + list + (near == null ? "" : "; did you mean " + near + "?"));
    }

    Memory memory() throws OptionException {
      String value = values[Key.MEMORY.ordinal()];
      if (value == null) {
        return Memory.ON;
      }
      switch (Words.lower(value)) {
        case "off", "false", "no":
          return Memory.OFF;
        case "", "on", "true", "yes":
          return Memory.ON;
        case "checked":
          return Memory.CHECKED;
        default:
          throw noSuchWord(Key.MEMORY, "on, off or checked", "on", "off", "checked");
      }
    }

    Pages pages() throws OptionException {
      String value = values[Key.MEMORY_PAGES.ordinal()];
      if (value == null) {
        return Pages.AUTO;
      }
      switch (Words.lower(value)) {
        case "auto":
          return Pages.AUTO;
        case "huge":
          return Pages.HUGE;
        case "small":
          return Pages.SMALL;
        default:
          throw noSuchWord(Key.MEMORY_PAGES, "auto, huge or small", "auto", "huge", "small");
      }
    }

    @Nullable String text(Key key) throws OptionException {
      String value = values[key.ordinal()];
      if (value != null && value.isEmpty()) {
        throw wrong(key, "a value is missing, as in " + key.key + "=" + key.form);
      }
      return value;
    }

    /** An empty list is allowed: it takes back what a system property excludes. */
    NamePatterns patterns(Key key) {
      String value = values[key.ordinal()];
      return NamePatterns.parse(value == null ? "" : value);
    }

    /** An empty list is allowed, as for patterns. */
    PortRanges ports(Key key) throws OptionException {
      String value = values[key.ordinal()];
      PortRanges ports = PortRanges.parse(value == null ? "" : value);
      if (ports == null) {
        throw wrong(key, key.key + " is a list of ports from 1 to 65535, as in 8080;9000-9099");
      }
      return ports;
    }

    int count(Key key, int standard, int min, int max) throws OptionException {
      String value = values[key.ordinal()];
      if (value == null) {
        return standard;
      }
      long number = number(value);
      if (number < 0) {
        throw wrong(key, key.key + " is a whole number, as in " + key.key + "=" + standard);
      }
      if (number < min || number > max) {
        throw wrong(
            key,
            key.key
                + " is from "
                + min
                + " to "
                + max
                + "; the nearest is "
                + key.key
                + "="
                + (number < min ? min : max));
      }
      return (int) number;
    }

    long duration(Key key, long standard, long min, long max) throws OptionException {
      String value = values[key.ordinal()];
      if (value == null) {
        return standard;
      }
      int digits = 0;
      while (digits < value.length() && isDigit(value.charAt(digits))) {
        digits++;
      }
      long number = number(value.substring(0, digits));
      String unit = value.substring(digits).strip();
      if (number < 0 || unit.startsWith(".")) {
        throw wrong(
            key, key.key + " is a whole number and a unit (us, ms, s), as in " + key.key + "=10ms");
      }
      long nanos;
      switch (unit) {
        case "us":
          nanos = 1_000;
          break;
        case "ms":
          nanos = 1_000_000;
          break;
        case "s":
          nanos = 1_000_000_000;
          break;
        default:
          throw wrong(
              key,
              (unit.isEmpty() ? "the unit is missing" : "'" + unit + "' is none of us, ms and s")
                  + "; did you mean "
                  + key.key
                  + "="
                  + number
                  + nearestUnit(unit)
                  + "?");
      }
      long time = number > max / nanos ? Long.MAX_VALUE : number * nanos;
      if (time < min || time > max) {
        throw wrong(
            key,
            key.key
                + " is from "
                + min / 1_000
                + "us to "
                + max / 1_000_000_000
                + "s; the nearest is "
                + key.key
                + "="
                + (time < min ? min / 1_000 + "us" : max / 1_000_000_000 + "s"));
      }
      return time;
    }

    private static String nearestUnit(String unit) {
      String lower = Words.lower(unit);
      if (lower.startsWith("s")) {
        return "s";
      }
      return lower.startsWith("u") || lower.startsWith("µ") || lower.startsWith("mic")
          ? "us"
          : "ms";
    }

    /** The value of decimal digits, capped at a number no option takes, or -1 for anything else. */
    private static long number(String digits) {
      if (digits.isEmpty()) {
        return -1;
      }
      long number = 0;
      for (int i = 0; i < digits.length(); i++) {
        if (!isDigit(digits.charAt(i))) {
          return -1;
        }
        number = Math.min(number * 10 + (digits.charAt(i) - '0'), MAX_NUMBER);
      }
      return number;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}
