package dev.husk.ab;

import java.io.IOException;

/**
 * A run can't go on, by nobody's fault of those who are measured: the engine is gone, the disk is
 * full, the first variant doesn't even start. The message says why and what to do.
 */
public final class BrokenRunException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Results results;

  BrokenRunException(String message, Throwable cause, Results results) {
    super(message, cause);
    this.results = results;
  }

  /** What was measured before, marked as partial. */
  public Results results() {
    return results;
  }
}
