package dev.husk.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a child JVM runs on. */
enum Side {
  STOCK,
  HUSK,

  /** Husk, with threads that it leaves alone where a case wants some. */
  IN_PROCESS("exclude=platform-*"),

  /** The same, with all connections on the kernel's loopback. */
  KERNEL("exclude=platform-*,kernel.ports=1-65535"),

  /** The same as in the process, with off-heap memory from Husk. */
  MEMORY("exclude=platform-*,memory=on"),

  /** The same without an agent, on a JDK that Husk is linked into. */
  LINKED("exclude=platform-*,memory=on");

  private static final Path AGENT = Path.of(System.getProperty("husk.agent.jar", "husk.jar"));

  /**
   * With {@code -Dhusk.it.peer=stock} both sides are the stock JVM: whatever differs then is a test
   * that isn't deterministic.
   */
  private static final boolean AGAINST_STOCK =
      System.getProperty("husk.it.peer", "husk").equals("stock");

  /** More options of the agent, as in {@code -Dhusk.it.options=stats=true,carriers=1}. */
  private static final String OPTIONS = System.getProperty("husk.it.options", "");

  private final String own;

  Side() {
    this("");
  }

  Side(String own) {
    this.own = own;
  }

  /** Skips the calling test when the agent isn't built, and fails it where that is an error. */
  static void requireAgent() {
    if (AGAINST_STOCK || Files.exists(AGENT)) {
      return;
    }
    String reason = AGENT + " is missing: build the agent module first";
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      fail(reason);
    }
    assumeTrue(false, reason);
  }

  /** The launcher of the JVM. */
  Path java() {
    Path home = this == LINKED ? LinkedJdk.home() : Path.of(System.getProperty("java.home"));
    return home.resolve("bin/java");
  }

  /** The agent's options as system properties. */
  private static List<String> linked(String options) {
    List<String> properties = new ArrayList<>();
    // A comma in a value stands before no key.
    for (String option : options.split(",(?=[a-z.]+=)")) {
      if (!option.isEmpty()) {
        properties.add("-Dhusk." + option);
      }
    }
    return properties;
  }

  /** The JVM arguments that make the difference. */
  List<String> arguments() {
    if (this == STOCK || AGAINST_STOCK) {
      return List.of();
    }
    String options = own + (own.isEmpty() || OPTIONS.isEmpty() ? "" : ",") + OPTIONS;
    if (this == LINKED) {
      return linked(options);
    }
    return List.of(
        "-javaagent:"
            + AGENT.toAbsolutePath().normalize()
            + (options.isEmpty() ? "" : "=" + options));
  }
}
