package dev.husk.agent;

import dev.husk.allocator.HuskMemory;
import dev.husk.runtime.tool.ToolObserver;
import dev.husk.scheduler.HuskThreads;
import dev.husk.scheduler.Observer;
import java.lang.instrument.Instrumentation;
import java.util.List;

/**
 * Takes what the groups tell to the JDK's management and flight recorder. Loaded at every start, so
 * it names their classes where they are needed only.
 */
final class Reporter implements ToolObserver, Observer {
  /** Whether the threads group is in. */
  private final boolean threads;

  private final Log log;

  Reporter(boolean threads, Log log) {
    this.threads = threads;
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
          Beans.registerWhereServerIs(threads, HuskMemory.isOn(), instrumentation);
        } catch (Exception | LinkageError e) {
          log.warn("no MXBean of Husk's: " + e);
        }
      }
    }
  }

  @Override
  public void mbeanServerCreated() {
    try {
      Beans.register(threads, HuskMemory.isOn());
    } catch (Exception | LinkageError e) {
      // A catch of what it throws, by name, would load that class at every start.
      log.warn("no MXBean of Husk's: " + e);
    }
  }

  @Override
  public void recordingStarts() {
    try {
      if (threads) {
        SlowCaseEvents.register();
        HuskThreads.recording(true);
      }
      if (HuskMemory.isOn()) {
        MemoryEvents.register();
      }
    } catch (RuntimeException | LinkageError e) {
      log.warn("no events of Husk's in the flight recording: " + e);
    }
  }

  @Override
  public void recordingEnds() {
    // Memory's slow paths are rare: there the recorder itself is asked whether one is recorded.
    if (threads) {
      HuskThreads.recording(false);
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
