package dev.husk.runtime.thread;

import org.jspecify.annotations.Nullable;

/** A platform thread with room for what the allocator keeps for it: a field, for the fast path. */
public abstract class HolderThread extends Thread {
  /** Read and written by the thread itself only. */
  public @Nullable Object held;

  /** As {@code Thread} has it. */
  protected HolderThread(
      ThreadGroup group, String name, long stackSize, boolean inheritThreadLocals) {
    super(group, null, name, stackSize, inheritThreadLocals);
  }
}
