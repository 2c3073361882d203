package dev.husk.scheduler;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads that wait for each other in a circle, by monitors and by the synchronizers of
 * {@code java.util.concurrent}, among facades and platform threads alike. The VM's own search knows
 * platform threads only, and not even them where a facade is part of the circle.
 *
 * <p>Implementation notes. The VM stops the world for it; this looks at one thread after another. A
 * circle that is seen in this way may never have been there at one instant. So the threads of a
 * circle are looked at again: one that has not run in between waited at the instant between the two
 * looks, and so did all others of the circle.
 */
final class Deadlocks {
  private Deadlocks() {}

  /** What one thread waits for. */
  private static final class Wait {
    final Thread thread;
    final Object lock;
    final int runs;
    final Snapshot snapshot;
    @Nullable Thread owner;

    Wait(Thread thread, Object lock, int runs, Snapshot snapshot) {
      this.thread = thread;
      this.lock = lock;
      this.runs = runs;
      this.snapshot = snapshot;
    }
  }

  /**
   * The threads of all circles, or null if there are none.
   *
   * @param synchronizers whether to look at those too, not just at monitors
   */
  static Thread @Nullable [] find(boolean synchronizers) {
    IdentityHashMap<Thread, Wait> waits = new IdentityHashMap<>();
    for (Thread thread : ThreadSeams.getThreads()) {
      Wait wait = look(thread, synchronizers);
      if (wait != null) {
        waits.put(thread, wait);
      }
    }
    for (Wait wait : waits.values()) {
      wait.owner = owner(wait, waits);
    }
    ArrayList<Thread> found = new ArrayList<>();
    IdentityHashMap<Thread, Boolean> seen = new IdentityHashMap<>();
    for (Thread start : waits.keySet()) {
      ArrayList<Thread> path = new ArrayList<>();
      Thread thread = start;
      while (thread != null && seen.put(thread, Boolean.TRUE) == null) {
        path.add(thread);
        Wait wait = waits.get(thread);
        thread = wait == null ? null : wait.owner;
      }
      int from = thread == null ? -1 : path.indexOf(thread);
      if (from >= 0 && stillThere(path, from, waits, synchronizers)) {
        found.addAll(path.subList(from, path.size()));
      }
    }
    return found.isEmpty() ? null : found.toArray(new Thread[0]);
  }

  private static @Nullable Wait look(Thread thread, boolean synchronizers) {
    // Snapshots of all threads would be dear: those that can't be in a circle are most of them.
    Thread.State state = thread.getState();
    if (state != Thread.State.BLOCKED
        && !(synchronizers
            && (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING))) {
      // For monitors alone, a holder that is parked ends the chain.
      return null;
    }
    Facade facade = ThreadSlot.facade(thread);
    int runs = facade == null ? 0 : facade.runs;
    Snapshot snapshot = Snapshot.of(thread);
    if (snapshot == null) {
      return null;
    }
    Object lock = snapshot.monitorAwaited();
    if (lock == null && synchronizers && state == Thread.State.WAITING) {
      lock = snapshot.synchronizerAwaited();
    }
    return lock == null ? null : new Wait(thread, lock, runs, snapshot);
  }

  private static @Nullable Thread owner(Wait wait, IdentityHashMap<Thread, Wait> waits) {
    if (wait.lock == wait.snapshot.synchronizerAwaited()) {
      return Snapshot.ownerOf(wait.lock);
    }
    // One that holds the monitor and is part of a circle waits too.
    for (Wait other : waits.values()) {
      if (other.snapshot.holds(wait.lock)) {
        return other.thread;
      }
    }
    return null;
  }

  private static boolean stillThere(
      ArrayList<Thread> path,
      int from,
      IdentityHashMap<Thread, Wait> waits,
      boolean synchronizers) {
    IdentityHashMap<Thread, Wait> again = new IdentityHashMap<>();
    for (int i = from; i < path.size(); i++) {
      Thread thread = path.get(i);
      Wait before = waits.get(thread);
      Wait now = look(thread, synchronizers);
      if (now == null || now.lock != before.lock || now.runs != before.runs) {
        return false;
      }
      again.put(thread, now);
    }
    for (Wait wait : again.values()) {
      if (owner(wait, again) != waits.get(wait.thread).owner) {
        return false;
      }
    }
    return true;
  }
}
