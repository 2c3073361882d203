package dev.husk.scheduler;

import dev.husk.runtime.thread.HolderThread;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.NativeThread;

/**
 * A platform thread that runs virtual threads: drives a core, or waits as a spare for one, or
 * serves a single task that keeps blocking its carrier.
 *
 * <p>The phase says who may touch the core's state. {@link #SCHEDULING}: this carrier. {@link
 * #RUNNING}: nobody but the {@link SliceMonitor}, and that only to take the core away by a
 * compare-and-set to {@link #LOST}. Code that a task runs and that needs the core (an unpark) goes
 * from RUNNING to SCHEDULING and back, so it can never work on a core that is another's by then.
 */
final class Carrier extends HolderThread {
  static final int SCHEDULING = 0;
  static final int RUNNING = 1;
  static final int LOST = 2;

  /** Short runs after which a task with a carrier of its own goes back to the cores. */
  private static final int RUNS_TO_REJOIN = 256;

  /** A mask: one loss of the core is forgotten for that many runs that kept it, and one more. */
  private static final int RUNS_TO_FORGIVE = 63;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long PHASE = U.objectFieldOffset(Carrier.class, "phase");

  private static final int PHASE_BITS = 3;

  /**
   * The phase, and above it the number of the current turn at driving a core: a look at the phase
   * that is out of date can't take a later core away.
   */
  private volatile int phase = LOST;

  /** The number of this turn, shifted above the phase. This carrier only. */
  private int turn;

  /** The core it drives; meaningful while the phase isn't LOST. Written before the hand-over. */
  private @Nullable Core core;

  /** Its entry among the spares while it waits as one. */
  Scheduler.@Nullable Spare spare;

  /** What a spare was woken for: a core, or a task to serve. Written by the waker, then unpark. */
  volatile @Nullable Core assigned;

  volatile @Nullable Task assignedTask;

  /** When the current run began, {@link System#nanoTime()}; read by the monitor. */
  volatile long runStart;

  /**
   * The current run has had its slice and others wait: its task is to yield where it can, see
   * {@link #yieldIfAsked}. Set by the monitor, cleared by this carrier.
   */
  volatile boolean yieldAsked;

  /** Its CPU clock; null where the kernel doesn't tell. Written by this carrier. */
  volatile @Nullable CarrierClock clock;

  /** The run that has had its slice, by {@link #runStart}, and when that was seen. Monitor only. */
  long overdueRun;

  long overdueAt;

  /** The CPU clock then, and at the last look since. Monitor only. */
  long overdueCpu;

  long lastCpu;

  /** The current task has become runnable again at the end of its run. This carrier only. */
  boolean again;

  /** The current run has called notify. This carrier only. */
  boolean notified;

  /** What {@code sun.nio.ch} knows it by, to signal it. Written by this carrier. */
  long nativeThread;

  /** The task that it runs; read racily for placement and dumps. */
  @Nullable Task current;

  /** The last readings of {@link Usage}, -1 before the first. Written by this carrier. */
  long cpuBase = -1;

  long bytesBase = -1;

  /** Time of the runs since the last reading of the CPU clock that were too short for one. */
  long shortRuns;

  Carrier(ThreadGroup group, int number, long stackSize) {
    super(group, "husk-carrier-" + number, stackSize, false);
    setDaemon(true);
  }

  /** The core that the calling carrier may use after {@link #enter}, or null. */
  @Nullable Core core() {
    return core;
  }

  /** The phase and the turn, for {@link #loseCore}. */
  int phaseWord() {
    return phase;
  }

  boolean isRunning() {
    return isRunning(phase);
  }

  static boolean isRunning(int phaseWord) {
    return (phaseWord & PHASE_BITS) == RUNNING;
  }

  /**
   * Gets the core for scheduling work in the middle of a run. This carrier only.
   *
   * @return RUNNING or SCHEDULING, to be given to {@link #leave}; LOST when it has no core
   */
  int enter() {
    int word = phase;
    int phase = word & PHASE_BITS;
    if (phase != RUNNING) {
      return phase;
    }
    return U.compareAndSetInt(this, PHASE, word, turn | SCHEDULING) ? RUNNING : LOST;
  }

  /** Ends what {@link #enter} began. */
  void leave(int entered) {
    if (entered == RUNNING) {
      U.putIntRelease(this, PHASE, turn | RUNNING);
    }
  }

  /**
   * A point at which the current thread lets others run if it has had its slice. A server's thread
   * that always finds work comes by here often, and needn't lose its core.
   */
  static void yieldIfAsked() {
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier && carrier.yieldAsked) {
      carrier.yieldAsked = false;
      Thread.yield();
    }
  }

  /**
   * Takes the core from this carrier if it is still in the run that {@code word} was read in; any
   * thread.
   */
  boolean loseCore(int word) {
    return (word & PHASE_BITS) == RUNNING
        && U.compareAndSetInt(this, PHASE, word, (word & ~PHASE_BITS) | LOST);
  }

  @Override
  public void run() {
    nativeThread = NativeThread.current();
    clock = CarrierClock.ofThisThread();
    for (; ; ) {
      Core core = assigned;
      if (core != null) {
        assigned = null;
        this.core = core;
        turn += PHASE_BITS + 1;
        phase = turn | SCHEDULING;
        core.epoll.open();
        core.taken();
        drive(core);
        // The core is another's now.
        this.core = null;
      }
      Task task = assignedTask;
      if (task != null) {
        assignedTask = null;
        serve(task);
      }
      if (!Scheduler.waitAsSpare(this)) {
        return;
      }
    }
  }

  /**
   * Runs tasks until the core is lost.
   *
   * <p>What a turn calls rarely isn't inlined, here and where the seams lead out of the app's
   * methods: a compiler that works for the app's sake shouldn't have to compile Husk's code again
   * in each of its callers.
   */
  private void drive(Core core) {
    while (turn(core)) {}
  }

  /** Runs one task, or looks for one; false when the core was lost. */
  @DontInline
  private boolean turn(Core core) {
    core.runTimers();
    if (core.isPollDue()) {
      core.polled();
      if (core.epoll.registered() != 0) {
        core.poll();
      }
      Scheduler.takeInjected(core);
    }
    Task task = core.queue.next();
    if (task == null) {
      Scheduler.takeInjected(core);
      task = core.queue.next();
      if (task == null) {
        if (!core.linger() && !Scheduler.steal(core)) {
          core.sleep();
        }
        return true;
      }
    }
    if (task.losses >= Scheduler.LOSSES_FOR_OWN_CARRIER && Scheduler.giveOwnCarrier(task)) {
      return true;
    }
    return runOn(core, task);
  }

  /** Runs a task on the core; false when the core was lost meanwhile. */
  private boolean runOn(Core core, Task task) {
    task.home = core;
    current = task;
    long start = core.now;
    runStart = start;
    if (yieldAsked) {
      yieldAsked = false;
    }
    core.switches++;
    if (SlowCases.on) {
      SlowCases.starts(core, task, start);
    }
    U.putIntRelease(this, PHASE, turn | RUNNING);
    if (!SliceMonitor.isArmed() && core.needsCarrier()) {
      SliceMonitor.arm();
    }
    task.continuation.run();
    boolean kept = U.compareAndSetInt(this, PHASE, turn | RUNNING, turn | SCHEDULING);
    long now = System.nanoTime();
    long ran = now - start;
    book(task, ran);
    long charged = task.charge(ran);
    boolean again = this.again;
    this.again = false;
    if (!kept) {
      // Owed to whichever core it comes to next; this one's clock is another carrier's now.
      task.virtualTime += charged;
      if (again) {
        Scheduler.inject(task);
      }
      return false;
    }
    core.now = now;
    core.meanRun += (task.meanRun - core.meanRun) >> 3;
    core.queue.consumed(task, charged);
    if (task.losses != 0 && (task.runs & RUNS_TO_FORGIVE) == 0) {
      task.losses--;
    }
    if (again) {
      core.add(task);
    } else {
      core.waiters.note(task);
    }
    if (notified) {
      notified = core.waiters.unblock();
    }
    return true;
  }

  private void book(Task task, long ran) {
    current = null;
    task.consumed += ran;
    task.runs++;
    if (Usage.on) {
      Usage.ran(this, task, ran);
    }
  }

  /**
   * Serves one task that kept losing its core, as a platform thread would, until it has calmed
   * down.
   */
  private void serve(Task task) {
    int calm = 0;
    for (; ; ) {
      while (!task.takeSummons()) {
        if (task.isOver()) {
          return;
        }
        U.park(false, 0);
      }
      if (calm > RUNS_TO_REJOIN) {
        // It is runnable and in nobody else's hands: nobody reads `own` meanwhile.
        task.losses = 0;
        task.own = null;
        Scheduler.submit(task);
        return;
      }
      long start = System.nanoTime();
      runStart = start;
      current = task;
      task.continuation.run();
      long ran = System.nanoTime() - start;
      book(task, ran);
      calm = ran < 1_000_000 ? calm + 1 : 0;
      if (task.isOver()) {
        return;
      }
    }
  }
}
