package dev.husk.ab.load;

import java.io.Serializable;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What every kind of load has in one run.
 *
 * @param address where the app is reached
 * @param rate requests a second, 0 for a closed loop
 * @param nanos how long requests are due
 * @param connections at most so many requests are under way
 * @param timeoutNanos for a connection to be made, for a reply, and for a request to wait
 * @param pinned whether the driver has processors of its own
 */
record Plan(
    InetSocketAddress address,
    double rate,
    long nanos,
    int connections,
    long timeoutNanos,
    boolean pinned)
    implements Serializable {

  static Plan of(InetSocketAddress address, double rate, Duration time, DriverOptions options) {
    if (!(rate >= 0 && rate <= 10_000_000)) {
      throw new IllegalArgumentException("rate: " + rate + " is not between 0 and 10,000,000");
    }
    if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("time: " + time + " is not between 0 and a day");
    }
    return new Plan(
        address,
        rate,
        time.toNanos(),
        options.connections(),
        options.timeout().toNanos(),
        !Driver.pinned(options.cpus()).isEmpty());
  }

  boolean isOpen() {
    return rate > 0;
  }

  /** How many requests are due in all; an open loop's. */
  long total() {
    return (long) Math.ceil(rate * nanos / 1e9);
  }

  /** When a request is due, after the start, ns. */
  long due(long number) {
    return (long) (number * 1e9 / rate);
  }
}
