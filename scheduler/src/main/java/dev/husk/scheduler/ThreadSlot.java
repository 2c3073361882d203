package dev.husk.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * What each {@code Thread} is given as its {@code interruptLock}, which is a plain object in the
 * JDK: the same size and the same lock, with a reference to the facade of a thread that runs on the
 * scheduler. So a {@code Thread} leads to its facade without a map and without a new field.
 */
final class ThreadSlot {
  /** Written once, before the thread is started. */
  @Nullable Facade facade;

  /** The facade of a thread, or null for one that runs on the platform, or is virtual. */
  static @Nullable Facade facade(Thread thread) {
    Object slot = Jdk.U.getReference(thread, Jdk.INTERRUPT_LOCK);
    return slot instanceof ThreadSlot own ? own.facade : Facade.ofEarly(thread);
  }
}
