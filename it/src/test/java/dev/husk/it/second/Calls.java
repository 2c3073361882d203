package dev.husk.it.second;

import java.util.concurrent.atomic.AtomicBoolean;

/** Says once that an instrumented method ran. */
public final class Calls {
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Calls() {}

  public static void count() {
    if (SAID.compareAndSet(false, true)) {
      System.out.println("the second agent is at work");
    }
  }
}
