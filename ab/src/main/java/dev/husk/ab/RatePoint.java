package dev.husk.ab;

import dev.husk.ab.load.DriverState;

/**
 * What one offered rate gave: a point of the curve of latency against throughput.
 *
 * @param offered requests a second that were due, 0 for a closed loop
 * @param achieved correct replies a second
 * @param p50 median latency, ms, from when a request was due
 * @param p99 99 % were at most this, ms
 * @param p999 99.9 % were at most this, ms
 * @param max the longest, ms
 * @param errors requests without a correct reply
 * @param driver how the driver did; where it was the limit, this says nothing about the app
 */
public record RatePoint(
    double offered,
    double achieved,
    double p50,
    double p99,
    double p999,
    double max,
    long errors,
    DriverState driver) {
  /** Whether the driver itself was the limit. */
  public boolean driverLimited() {
    return driver.isLimit();
  }
}
