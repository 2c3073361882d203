package dev.husk.netpath;

import dev.husk.scheduler.Endpoint;

/** A selector's {@code wakeup()}, in the process: the eventfd that the JDK has for it rests. */
final class Wakeup extends Endpoint {
  private volatile boolean set;

  @Override
  public int poll() {
    return set ? IN : 0;
  }

  /** Any thread. */
  void set() {
    // Volatile, with a full fence behind it.
    set = true;
    changed(IN);
  }

  void reset() {
    set = false;
  }
}
