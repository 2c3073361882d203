package dev.husk.agent;

import dev.husk.scheduler.Observer;
import java.lang.instrument.Instrumentation;
import java.util.List;

/**
 * Takes what the scheduler tells to the JDK's management and flight recorder. Loaded at every
 * start, so it names their classes where they are needed only.
 */
final class Reporter implements Observer {
  private final Log log;

  Reporter(Log log) {
    this.log = log;
  }

  /**
   * Someone may have made the platform's MBean server before the seam was in: a tool that attached
   * while the JVM started, or the app, where Husk is what attached.
   *
   * @param loaded classes that were there before the seams
   */
  void lookForManagement(List<Class<?>> loaded, Instrumentation instrumentation) {
    for (Class<?> type : loaded) {
      if (type.getName().equals("java.lang.management.ManagementFactory")) {
        try {
          ThreadsBean.registerWhereServerIs(instrumentation);
        } catch (Exception | LinkageError e) {
          log.warn("no MXBean of Husk's: " + e);
        }
      }
    }
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
