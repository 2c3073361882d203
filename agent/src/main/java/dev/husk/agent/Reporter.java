package dev.husk.agent;

import dev.husk.scheduler.Observer;

/**
 * Takes what the scheduler tells to the JDK's management and flight recorder. Loaded at every
 * start, so it names their classes where they are needed only.
 */
final class Reporter implements Observer {
  private final Log log;

  Reporter(Log log) {
    this.log = log;
  }

  @Override
  public void mbeanServerCreated() {
    try {
      ThreadsBean.register();
    } catch (Exception | LinkageError e) {
      // A catch of what it throws, by name, would load that class at every start.
      log.warn("no MXBean of Husk's: " + e);
    }
  }

  @Override
  public boolean recordingStarts() {
    try {
      SlowCaseEvents.register();
      return true;
    } catch (RuntimeException | LinkageError e) {
      log.warn("no events of Husk's in the flight recording: " + e);
      return false;
    }
  }

  @Override
  public void handedOff(Thread thread, String carrier, long ran, String reason) {
    SlowCaseEvents.handedOff(thread, carrier, ran, reason);
  }

  @Override
  public void gotOwnCarrier(Thread thread, String carrier, int losses) {
    SlowCaseEvents.gotOwnCarrier(thread, carrier, losses);
  }

  @Override
  public void waitedLong(Thread thread, int core, long nanos) {
    SlowCaseEvents.waitedLong(thread, core, nanos);
  }

  @Override
  public void timerLate(int core, long nanos) {
    SlowCaseEvents.timerLate(core, nanos);
  }
}
