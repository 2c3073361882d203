package dev.husk.ab;

import java.time.Duration;

/** Hears how a run goes; on the thread of the run. */
public interface Progress {
  /**
   * Something begins.
   *
   * @param round from 1; 0 for what comes before the first
   * @param variant who is measured
   * @param what in a few words
   * @param left about how long the whole run still takes
   */
  void begins(int round, String variant, String what, Duration left);

  /** A variant's round is over, well or not. */
  void ended(Round round);
}
