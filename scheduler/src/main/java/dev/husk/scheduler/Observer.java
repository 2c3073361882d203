package dev.husk.scheduler;

/**
 * What the scheduler tells its driver of, which reaches the JDK's flight recorder as the boot
 * classes can't: they know {@code java.base} alone. Threads are given as the app knows them.
 *
 * <p>The methods are called by carriers, between two runs or in the middle of one: they must
 * neither park nor wait for a lock.
 */
public interface Observer {
  /**
   * A core was given to another carrier, because the one that drove it was stuck in a thread.
   *
   * @param carrier the stuck one
   * @param ran how long the thread had run, ns
   * @param reason {@code overrun} or {@code pinned}
   */
  void handedOff(Thread thread, String carrier, long ran, String reason);

  /** A thread got a carrier of its own, after it had lost its core so many times. */
  void gotOwnCarrier(Thread thread, String carrier, int losses);

  /** A runnable thread waited in a run queue for long. */
  void waitedLong(Thread thread, int core, long nanos);

  /** A timed park or wait ended late. */
  void timerLate(int core, long nanos);
}
