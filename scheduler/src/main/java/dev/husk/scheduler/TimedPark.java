package dev.husk.scheduler;

import dev.husk.runtime.timer.Timer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A virtual thread's timed park or timed wait: what the JDK's {@code schedule} returns, and its
 * place in the timers of a core.
 *
 * <p>Only the core's owner touches the heap. A cancellation from elsewhere marks the timer and
 * hands it to the core, which takes it out when it comes by; nobody is woken for that.
 */
final class TimedPark extends Timer implements Future<Object> {
  private final Runnable expired;
  final Core core;

  /** Set by whoever cancels; read by the owner before it arms or expires the timer. */
  volatile boolean cancelled;

  /** Set by the owner when it expires the timer. */
  private volatile boolean expiredNow;

  TimedPark(long deadline, Runnable expired, Core core) {
    super(deadline);
    this.expired = expired;
    this.core = core;
  }

  boolean isExpired() {
    return expiredNow;
  }

  /**
   * Lets the thread go on; it may do so before its wake-up, which the JDK's states take care of.
   */
  void expire() {
    expiredNow = true;
    expired.run();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    Scheduler.cancel(this);
    return true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean isDone() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object get() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object get(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
