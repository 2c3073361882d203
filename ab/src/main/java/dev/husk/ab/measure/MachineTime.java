package dev.husk.ab.measure;

import dev.husk.ab.host.ProcessStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time of all processors since the machine was started, in ticks.
 *
 * @param all of all kinds
 * @param idle nothing to do, or waiting for a disk
 * @param stolen taken by the host of a virtual machine
 */
record MachineTime(long all, long idle, long stolen) {
  /** Reads {@code /proc/stat}. */
  static MachineTime now() {
    try {
      return parse(Files.readString(Path.of("/proc/stat")));
    } catch (IOException e) {
      throw new UncheckedIOException("the machine's CPU time can't be read", e);
    }
  }

  /** Reads the text of {@code /proc/stat}. */
  static MachineTime parse(String text) {
    // cpu user nice system idle iowait irq softirq steal guest guest_nice; the time of guests is in
    // user and nice, too.
    String[] fields = text.substring(0, text.indexOf('\n')).split(" +");
    long all = 0;
    for (int i = 1; i <= 8; i++) {
      all += Long.parseLong(fields[i]);
    }
    return new MachineTime(
        all, Long.parseLong(fields[4]) + Long.parseLong(fields[5]), Long.parseLong(fields[8]));
  }

  /**
   * The part of the machine's time since {@code before}, 0 to 1, that was neither idle nor the
   * known processes'; NaN when theirs is.
   */
  double otherSince(MachineTime before, double knownSeconds) {
    double busy = (all - before.all) - (idle - before.idle);
    double other = busy - knownSeconds * ProcessStat.TICKS_PER_SECOND;
    return all == before.all ? Double.NaN : Math.clamp(other / (all - before.all), 0, 1);
  }
}
