package dev.husk.netpath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How long the kernel tries to connect to a listener that has no room: it drops the SYN, and the
 * client sends another each time that its timer has run out (tcp_timer.c). The timer starts with a
 * second; after as many that are alike as {@code tcp_syn_linear_timeouts} says it doubles each
 * time, and after {@code tcp_syn_retries} of those the client gives up.
 */
final class SynRetries {
  private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

  /** {@code TCP_SYN_RETRIES}. */
  private static final int DEFAULT_RETRIES = 6;

  /** {@code TCP_RTO_MAX}, seconds. */
  private static final long LONGEST = 120;

  /** 0 until somebody has asked. */
  private static volatile long nanos;

  private SynRetries() {}

  /** The kernel's limit, by its settings at the first call. */
  static long nanos() {
    long known = nanos;
    if (known == 0) {
      // Kernels before 6.5 have no linear timeouts.
      known =
          TimeUnit.SECONDS.toNanos(
              seconds(
                  setting("tcp_syn_retries", DEFAULT_RETRIES),
                  setting("tcp_syn_linear_timeouts", 0)));
      nanos = known;
    }
    return known;
  }

  /** Sets the limit, for tests. */
  static void setNanos(long limit) {
    nanos = limit;
  }

  static long seconds(int retries, int linearTimeouts) {
    long sum = linearTimeouts;
    long timeout = 1;
    for (int i = 0; i <= retries; i++) {
      sum += timeout;
      timeout = Math.min(timeout << 1, LONGEST);
    }
    return sum;
  }

  private static int setting(String name, int otherwise) {
    try {
      return Integer.parseInt(Files.readString(SETTINGS.resolve(name)).strip());
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }
}
