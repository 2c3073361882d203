package dev.husk.scheduler;

/**
 * The threads that went into {@code Object.wait} on one core lately, so that the core can let a
 * notified one go on without the JDK's unblocker thread. Owner of the core only.
 *
 * <p>Implementation notes. {@code notify} moves the waiter's state from WAIT to BLOCKED. When the
 * notifier leaves the monitor the VM puts the waiter on a list, marks it ({@code onWaitingList}),
 * and wakes the unblocker, which takes the list and calls {@code unblock()} on each. That call
 * needs nothing from the list: it makes a BLOCKED thread runnable by a compare-and-set, and a
 * thread that was made runnable too early just fails to enter the monitor and blocks again. So
 * after a run that notified, the core calls it for those of its waiters that are BLOCKED and
 * marked; the unblocker comes later and finds nothing to do. While a thread is still on the VM's
 * list it isn't put there again and nobody is woken for it, which spares the notifier a system
 * call; should the core miss it, the unblocker, which has yet to come by, doesn't.
 */
final class Waiters {
  private static final int BLOCKED = 13;
  private static final int WAIT = 16;
  private static final int TIMED_WAIT = 18;

  /** Older ones are left to the unblocker; a power of two. */
  private static final int SIZE = 32;

  private final Task[] recent = new Task[SIZE];
  private int next;
  private int count;

  /** Notes where a task that has just stopped running stands. */
  void note(Task task) {
    Thread thread = task.thread();
    if (thread == null) {
      return;
    }
    int state = Jdk.U.getInt(thread, Jdk.VIRTUAL_STATE);
    if (state == WAIT || state == TIMED_WAIT || state == BLOCKED) {
      if (state == BLOCKED) {
        task.blocks++;
      }
      int slot = next++ & (SIZE - 1);
      recent[slot] = task;
      if (count < SIZE) {
        count++;
      }
    }
  }

  /**
   * Makes the notified ones runnable.
   *
   * @return whether some are notified and can't go on yet, because the monitor is still held
   */
  boolean unblock() {
    boolean again = false;
    int left = count;
    for (int i = next - 1; left > 0; i--, left--) {
      int slot = i & (SIZE - 1);
      Task task = recent[slot];
      if (task == null) {
        continue;
      }
      Thread thread = task.thread();
      int state = thread == null ? 0 : Jdk.U.getIntVolatile(thread, Jdk.VIRTUAL_STATE);
      if (state == BLOCKED) {
        if (Jdk.U.getBooleanVolatile(thread, Jdk.ON_WAITING_LIST)) {
          recent[slot] = null;
          unblock(thread);
        } else {
          again = true;
        }
      } else if (state != WAIT && state != TIMED_WAIT) {
        recent[slot] = null;
      }
    }
    return again;
  }

  private static void unblock(Thread thread) {
    try {
      Jdk.Unblock.UNBLOCK.invokeExact((Object) thread);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Drops those that don't wait; before a sleep, so that no finished thread is kept reachable. */
  void forgetOthers() {
    for (int i = 0; i < count; i++) {
      Task task = recent[i];
      Thread thread = task == null ? null : task.thread();
      int state = thread == null ? 0 : Jdk.U.getIntVolatile(thread, Jdk.VIRTUAL_STATE);
      if (state != WAIT && state != TIMED_WAIT && state != BLOCKED) {
        recent[i] = null;
      }
    }
  }
}
