package java.lang;

import java.util.concurrent.Executor;

/**
 * What the scheduler calls of {@code java.lang} that isn't public. A class in the package calls it
 * as it is, at no cost; each method handle would cost a millisecond or two of every start.
 */
public final class HuskLang {
  private HuskLang() {}

  /** A virtual thread with a scheduler of its own. */
  public static Thread newVirtualThread(
      Executor scheduler, String name, int characteristics, Runnable task) {
    return ThreadBuilders.newVirtualThread(scheduler, name, characteristics, task);
  }

  /** The state, of whatever kind of thread. */
  public static Thread.State threadState(Thread thread) {
    return thread.threadState();
  }

  /** Sleeps; the thread is virtual and the current one. */
  public static void sleepNanos(Object thread, long nanos) throws InterruptedException {
    ((VirtualThread) thread).sleepNanos(nanos);
  }

  /**
   * The address of a symbol that a library of the boot loader, or one it depends on, exports; or 0.
   */
  public static long findNative(String symbol) {
    return ClassLoader.findNative(null, HuskLang.class, symbol, null);
  }
}
