package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import jdk.internal.vm.annotation.Hidden;

/**
 * The seams that tell a core that one of its threads has notified another.
 *
 * <p>The VM hands a virtual thread that may enter a monitor again to the JDK's one unblocker
 * thread, which takes tens of microseconds to wake. A carrier can do the same at once: see {@link
 * Waiters}.
 */
public final class MonitorSeams {
  private MonitorSeams() {}

  @Replaces(
      type = "java.lang.Object",
      method = "notify",
      in = {"java.util.Timer", "java.util.TimerThread"},
      optional = true,
      group = THREADS)
  @Hidden
  public static void notify(Object monitor) {
    monitor.notify();
    noteNotify();
  }

  @Replaces(
      type = "java.lang.Object",
      method = "notifyAll",
      in = {"java.io.PipedInputStream", "java.io.PipedReader"},
      optional = true,
      group = THREADS)
  @Hidden
  public static void notifyAll(Object monitor) {
    monitor.notifyAll();
    noteNotify();
  }

  /** The current run has notified somebody: its core looks at its waiters afterwards. */
  static void noteNotify() {
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier) {
      carrier.notified = true;
    }
  }
}
