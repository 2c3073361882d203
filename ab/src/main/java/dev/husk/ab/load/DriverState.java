package dev.husk.ab.load;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How the driver did in a run.
 *
 * @param latenessMillis 99 % of the requests were sent at most so long after they were due and a
 *     connection was free for them, ms; 0 in a closed loop
 * @param busiest the part of one processor that its busiest thread had, 0 to 1; 0 where unknown
 * @param waiting the part of the time in which its threads could have run and had no processor, 0
 *     to 1; NaN where unknown
 * @param limit why it, not the app, was the limit, in words; null where it wasn't
 */
public record DriverState(
    double latenessMillis, double busiest, double waiting, @Nullable String limit)
    implements Serializable {
  /** Never late, never busy. */
  public static final DriverState IDLE = new DriverState(0, 0, 0, null);

  /** Whether it was the limit, so that the run says little about the app. */
  public boolean isLimit() {
    return limit != null;
  }
}
