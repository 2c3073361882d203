package dev.husk.runtime.tool;

/**
 * Told when the app, or a tool, first needs what the JDK has for management: nothing of it is
 * loaded, nor asked, before.
 */
public interface ToolObserver {
  /** Somebody has asked for the platform's MBean server for the first time, and gets it now. */
  void mbeanServerCreated();

  /** The first flight recording starts, or the first one after the last has ended. */
  void recordingStarts();

  /** The last flight recording has ended. */
  void recordingEnds();
}
