package dev.husk.it.second;

import java.lang.instrument.Instrumentation;

/** An agent that is attached while the app runs, and transforms nothing. */
public final class LaterAgent {
  private LaterAgent() {}

  public static void agentmain(String options, Instrumentation instrumentation) {
    // The VM has noticed that an agent came; there is no more to do.
  }
}
