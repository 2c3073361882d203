package dev.husk.start;

import java.util.Map;

/** The threads group to management tools: {@code dev.husk:type=Threads}. */
public interface ThreadsMXBean {
  /** The name it is registered by. */
  String NAME = "dev.husk:type=Threads";

  /** Threads of the app that ran, or run, on the scheduler. */
  long getThreadsServed();

  /** Those that run now. */
  int getThreadsLive();

  /** Threads that stayed on the platform, by reason. */
  Map<String, Long> getThreadsLeftToPlatform();

  /** Runs of a thread on a core. */
  long getSwitches();

  /** Threads that a core took from another's queue. */
  long getSteals();

  /** Cores that were given to another carrier because theirs was stuck in a thread. */
  long getHandOffs();

  /** Timed parks, waits and sleeps. */
  long getTimersArmed();

  /** Those of them that lasted their time. */
  long getTimersExpired();

  /** Those that are to end yet. */
  int getTimersPending();

  /** Times that a core had nothing to do and its carrier slept. */
  long getSleeps();

  /** Times that a core was woken by another, or by a thread that is on none. */
  long getWakeUps();

  /** Times that a socket went to another core's epoll set, after its thread or its packets. */
  long getDescriptorMoves();

  /** Platform threads that run the app's, spares included. */
  int getCarriers();

  /** Cores that the scheduler uses. */
  int getCores();

  /**
   * Whether the VM tells native agents (profilers, debuggers) of each switch, which costs about 110
   * ns each; it does so once there may be one.
   */
  boolean isMountNotices();

  /** Names, states and stacks of the threads on the scheduler, as text. */
  String threadDump();
}
