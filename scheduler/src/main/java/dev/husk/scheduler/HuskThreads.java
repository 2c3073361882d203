package dev.husk.scheduler;

import dev.husk.runtime.config.Options;

/** The threads group as the driver (agent or linked image) sees it: set up, check, open. */
public final class HuskThreads {
  /** As deep as a thread of the JVM's default size, with room for what lies below a thread's run(). */
  private static final long STACK_MARGIN = 64 << 10;

  private HuskThreads() {}

  /**
   * Sets the scheduler up. Called before the seams go in; no thread is started.
   *
   * @param defaultStackSize the JVM's {@code ThreadStackSize}, bytes
   */
  public static void prepare(Options options, long defaultStackSize) {
    Placement.configure(options.exclude(), defaultStackSize);
    Scheduler.configure(
        options.carriers(),
        options.sliceNanos(),
        options.spares(),
        defaultStackSize + STACK_MARGIN);
    // Loaded now, because loading them in the middle of a switch would recurse.
    load(Facade.class, Facade.Live.class, TimedPark.class, Descriptors.class, Continuations.class);
  }

  private static void load(Class<?>... classes) {
    for (Class<?> type : classes) {
      Jdk.U.ensureClassInitialized(type);
    }
  }

  /**
   * Checks that a virtual thread runs on the scheduler; called once the seams are in.
   *
   * @return false when it didn't within the time
   */
  public static boolean check(long millis) throws InterruptedException {
    Thread probe = Thread.ofVirtual().unstarted(new Probe());
    probe.start();
    probe.join(millis);
    return !probe.isAlive() && Probe.ranOnCarrier;
  }

  /** From now on started threads go to the scheduler. */
  public static void open(boolean runMain) {
    if (runMain) {
      MainSeams.enable();
    }
    Placement.open();
  }

  private static final class Probe implements Runnable {
    static volatile boolean ranOnCarrier;

    @Override
    public void run() {
      ranOnCarrier = Jdk.JLA.currentCarrierThread() instanceof Carrier;
    }
  }
}
