package dev.husk.scheduler;

import dev.husk.runtime.config.Options;
import java.io.File;
import java.util.function.Function;
import jdk.internal.misc.VM;
import org.jspecify.annotations.Nullable;

/** The threads group as the driver (agent or linked image) sees it: set up, check, open. */
public final class HuskThreads {
  /**
   * As deep as a thread of the JVM's default size, with room for what lies below a thread's run().
   */
  private static final long STACK_MARGIN = 64 << 10;

  private HuskThreads() {}

  /**
   * Defines Husk's classes in {@code java.base}, which application classes and the scheduler call.
   *
   * @param classFiles gives the class file of an internal name; in a linked image the classes are
   *     there already
   */
  public static void defineInBase(Function<String, byte @Nullable []> classFiles) {
    InBase.define(classFiles);
  }

  /**
   * Defines those of them that sockets need. Called by each class of seams of the sockets group: a
   * program without a socket doesn't pay for them.
   */
  public static void defineInBaseForSockets() {
    InBase.defineForSockets();
  }

  /** Sets the scheduler up. Called before the seams go in; no thread is started. */
  public static void prepare(Options options) {
    long defaultStackSize = StackSize.ofThreads();
    Placement.configure(options.exclude(), defaultStackSize);
    Scheduler.configure(
        options.carriers(),
        options.sliceNanos(),
        options.spares(),
        defaultStackSize + STACK_MARGIN);
    // Loaded now, because loading them in the middle of a switch would recurse.
    load(Facade.class, Facade.Live.class, TimedPark.class, Descriptors.class, Continuations.class);
    load(SlowCases.class, Usage.class);
    // It takes the root of all groups from the carrier that it is first used on: ours have none.
    load(Jdk.find("java.lang.Thread$Constants"));
  }

  /**
   * Turns the VM's notices to native agents off where none can miss them, see {@link MountNotices}.
   * Called at the JVM's start, before the first virtual thread.
   *
   * @param huskJar the Java agent that Husk comes with
   * @return null, or why they stay on
   */
  public static @Nullable String turnOffMountNotices(File huskJar) {
    return MountNotices.turnOff(huskJar);
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
    Thread probe = new Thread(new Probe(), "husk-probe");
    probe.setDaemon(true);
    Facade.start(probe);
    probe.join(millis);
    return !probe.isAlive() && Probe.ranOnCarrier;
  }

  /**
   * Whether this JVM writes an AOT cache when it ends. JDK 25.0.3 crashes doing so once {@code
   * Thread} has been rewritten, and rewritten classes drop out of the cache anyway.
   */
  public static boolean isTraining() {
    String[] arguments = VM.getRuntimeArguments();
    if (arguments != null) {
      for (String argument : arguments) {
        if (argument.startsWith("-XX:AOTCacheOutput=")
            || argument.equals("-XX:AOTMode=record")
            || argument.equals("-XX:AOTMode=create")) {
          return true;
        }
      }
    }
    return false;
  }

  /** From now on started threads go to the scheduler. */
  public static void open(boolean runMain) {
    if (runMain) {
      MainSeams.enable();
    }
    Placement.open();
    ExitHook.register();
  }

  /** Puts back what the seams, now out again, have kept from the JDK. */
  public static void giveUp() {
    DefaultScheduler.restore();
  }

  /** Sets who is told of slow cases, while {@link #recording} says so. */
  public static void observe(Observer observer) {
    SlowCases.observe(observer);
  }

  /** Whether somebody records slow cases from now on. */
  public static void recording(boolean runs) {
    SlowCases.recording(runs);
  }

  /** All counters, a line each: for people. */
  public static String statistics() {
    StringBuilder out = new StringBuilder();
    line(out, "threads served", Placement.served());
    for (Placement.Reason reason : Placement.Reason.values()) {
      long left = Placement.left(reason);
      if (left != 0) {
        line(out, "threads left to the platform, " + reason.text, left);
      }
    }
    long switches = 0;
    long steals = 0;
    long timers = 0;
    long expired = 0;
    long sleeps = 0;
    for (Core core : Scheduler.cores) {
      switches += core.switches;
      steals += core.steals;
      timers += core.timersArmed;
      expired += core.timersExpired;
      sleeps += core.sleeps;
    }
    line(out, "switches", switches);
    line(out, "steals", steals);
    line(out, "hand-offs", Scheduler.handOffs.get());
    line(out, "timers armed", timers);
    line(out, "timers expired", expired);
    line(out, "sleeps", sleeps);
    line(out, "wake-ups of other cores", Scheduler.wakeUps.get());
    line(out, "descriptors moved to another core", Scheduler.moves.get());
    line(out, "carriers", Scheduler.carriers());
    return out.toString();
  }

  private static void line(StringBuilder out, String name, long value) {
    out.append("husk: ").append(name).append(": ").append(value).append('\n');
  }

  private static final class Probe implements Runnable {
    static volatile boolean ranOnCarrier;

    @Override
    public void run() {
      ranOnCarrier = Jdk.JLA.currentCarrierThread() instanceof Carrier;
    }
  }
}
