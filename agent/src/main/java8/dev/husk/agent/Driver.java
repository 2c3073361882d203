package dev.husk.agent;

import java.lang.instrument.Instrumentation;

/** What {@link Entry} calls once it knows that this JVM can be served. */
public interface Driver {
  /**
   * Starts Husk.
   *
   * @param args the agent's argument, or null
   * @param attached whether the app was running already
   * @throws IllegalArgumentException for a wrong option when attached
   */
  void start(String args, Instrumentation instrumentation, boolean attached) throws Exception;
}
