package dev.husk.ab.load;

import java.time.Duration;

/**
 * How the driver works, whatever it sends.
 *
 * @param connections how many are kept open to the app
 * @param timeout for a connection to be made, and for a reply; a request that is due waits for a
 *     free connection at most as long
 * @param cpus the processors the driver runs on, as {@code taskset -c} takes them; "" for any
 */
public record DriverOptions(int connections, Duration timeout, String cpus) {
  /** 64 connections, 10 s, and processors of its own where the machine has enough of them. */
  public static final DriverOptions DEFAULT =
      new DriverOptions(
          64,
          Duration.ofSeconds(10),
          Loads.suggestDriverCpus(Runtime.getRuntime().availableProcessors()));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one makes no sense
   */
  public DriverOptions {
    if (connections < 1 || connections > 60_000) {
      throw new IllegalArgumentException(
          "connections: " + connections + " is not between 1 and 60000");
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0
        || timeout.compareTo(Duration.ofMinutes(30)) > 0) {
      throw new IllegalArgumentException("timeout: " + timeout + " is not between 1 ms and 30 min");
    }
    if (!cpus.matches("[0-9,-]*")) {
      throw new IllegalArgumentException(
          "driver processors: '" + cpus + "' is not a list such as 3 or 6-7");
    }
  }

  public DriverOptions withConnections(int number) {
    return new DriverOptions(number, timeout, cpus);
  }

  public DriverOptions withTimeout(Duration limit) {
    return new DriverOptions(connections, limit, cpus);
  }

  public DriverOptions withCpus(String list) {
    return new DriverOptions(connections, timeout, list);
  }
}
