package dev.husk.start;

import dev.husk.allocator.HuskMemory;
import dev.husk.runtime.tool.ToolObserver;
import dev.husk.scheduler.HuskThreads;

/**
 * Takes what the groups tell to the JDK's management and flight recorder. Loaded at every start, so
 * it names their classes where they are needed only.
 */
public final class Reporter implements ToolObserver {
  private final boolean threads;

  private final Log log;

  /**
   * One of a JVM that Husk serves.
   *
   * @param threads whether the threads group is in
   */
  public Reporter(boolean threads, Log log) {
    this.threads = threads;
    this.log = log;
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
}
