package dev.husk.scheduler;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of all virtual threads of this JVM.
 *
 * <p>A carrier's loop is: timers that are due, run queue, descriptors that are ready, the queue
 * shared by all cores, stealing, and one blocking wait until the next deadline or event. A thread
 * that is woken by a thread on a carrier is queued on that carrier's core, so threads that talk to
 * each other come together; a sleeping core is woken to steal only when the newcomer would wait
 * longer than that wake-up takes. Wake-ups from threads that aren't on a carrier go through {@link
 * #injected}.
 */
final class Scheduler {
  /** What it takes to wake a sleeping core, ns: measured at 25 µs and more. */
  private static final long WAKE_COST = 25_000;

  /** Core losses after which a task gets a carrier of its own. */
  static final int LOSSES_FOR_OWN_CARRIER = 4;

  /** How long a spare carrier waits before it ends, ns. */
  private static final long SPARE_LIFE = 30_000_000_000L;

  private static final int MOST_STOLEN = 32;
  private static final int MOST_INJECTED = 8;

  /** Runnable tasks from threads that own no core; any core takes them. */
  static final ConcurrentLinkedQueue<Task> injected = new ConcurrentLinkedQueue<>();

  /** Cores that sleep and that nobody is waking yet. */
  static final AtomicInteger sleepers = new AtomicInteger();

  static final AtomicInteger handOffs = new AtomicInteger();
  static final AtomicInteger wakeUps = new AtomicInteger();

  /** Descriptors that went from one core's epoll set to another's. */
  static final AtomicInteger moves = new AtomicInteger();

  private static final AtomicInteger carriers = new AtomicInteger();
  private static final AtomicInteger carrierNumber = new AtomicInteger();

  /** Carriers without a core, most recently used first; an entry is claimed by its own state. */
  private static final ConcurrentLinkedDeque<Spare> spares = new ConcurrentLinkedDeque<>();

  static Core[] cores = new Core[0];
  static long slice;
  private static int mostCarriers;
  private static long stackSize;
  private static ThreadGroup group;

  private Scheduler() {}

  /**
   * Sets the scheduler up; no thread is started before the first task.
   *
   * @param coreCount carriers that run at a time
   * @param sliceNanos how long a task may run while others wait
   * @param spareCount carriers there may be beyond one per core
   * @param carrierStackSize bytes, 0 for the JVM's default
   */
  static void configure(int coreCount, long sliceNanos, int spareCount, long carrierStackSize) {
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    group = top;
    slice = sliceNanos;
    mostCarriers = coreCount + spareCount;
    stackSize = carrierStackSize;
    Core[] all = new Core[coreCount];
    for (int i = 0; i < coreCount; i++) {
      all[i] = new Core(i, sliceNanos);
    }
    cores = all;
    for (Core core : all) {
      core.startAsleep();
    }
    SliceMonitor.prepare(group);
  }

  // Queueing

  /** Makes a task run. Any thread; a virtual one must have its continuation pinned. */
  @DontInline
  static void submit(Task task) {
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier) {
      int entered = carrier.enter();
      if (entered != Carrier.LOST) {
        try {
          if (entered == Carrier.RUNNING && carrier.current == task) {
            // It yields, or was woken on its way out: queued once its run is booked.
            carrier.again = true;
            return;
          }
          Core core = carrier.core();
          core.add(task);
          if (entered == Carrier.RUNNING) {
            if (sleepers.getPlain() > 0) {
              spread(core, carrier);
            }
            if (!SliceMonitor.isArmed()) {
              SliceMonitor.arm();
            }
          }
        } finally {
          carrier.leave(entered);
        }
        return;
      }
    }
    inject(task);
  }

  @DontInline
  static void inject(Task task) {
    task.queuedAt = SlowCases.on ? System.nanoTime() : 0;
    injected.offer(task);
    if (sleepers.get() > 0) {
      Core home = task.home;
      if ((home != null && home.wake()) || wakeSleeper()) {
        wakeUps.getAndIncrement();
        return;
      }
    }
    SliceMonitor.arm();
  }

  /** Wakes a sleeping core if the task queued last would otherwise wait longer than that takes. */
  private static void spread(Core core, Carrier carrier) {
    Task current = carrier.current;
    int size = core.queue.size();
    long wait = (size - 1) * core.meanRun;
    long mean = current == null ? 0 : current.meanRun;
    if (mean > 0) {
      wait += mean;
    }
    if (wait <= WAKE_COST) {
      // The mean says soon. Where there is no history, or more than one was woken, look at the
      // clock.
      if ((mean > 0 && size == 1) || System.nanoTime() - carrier.runStart <= WAKE_COST) {
        return;
      }
    }
    if (wakeSleeper()) {
      wakeUps.getAndIncrement();
    }
  }

  /** The same after descriptors or timers made tasks runnable, before any of them runs. */
  static void spread(Core core) {
    if (sleepers.getPlain() > 0 && core.queue.size() > 1 && core.backlog() > WAKE_COST) {
      if (wakeSleeper()) {
        wakeUps.getAndIncrement();
      }
    }
  }

  /** Wakes a sleeping core, to steal from one whose run takes longer than that already. */
  static void wakeHelper(long running) {
    if (running > WAKE_COST && sleepers.get() > 0 && wakeSleeper()) {
      wakeUps.getAndIncrement();
    }
  }

  @DontInline
  private static boolean wakeSleeper() {
    for (Core core : cores) {
      if (core.isSleeping() && core.wake()) {
        return true;
      }
    }
    return false;
  }

  /** Moves some of the shared queue to a core; its owner only. */
  static void takeInjected(Core core) {
    for (int i = 0; i < MOST_INJECTED; i++) {
      Task task = injected.poll();
      if (task == null) {
        return;
      }
      core.add(task);
    }
    if (!injected.isEmpty() && sleepers.get() > 0) {
      wakeSleeper();
    }
  }

  /**
   * Whether a core may be given another descriptor: not when it has half as much again as its
   * share, for then it would be robbed of the threads and the descriptors would follow them back.
   */
  static boolean mayTakeMore(Core core) {
    int all = 0;
    for (Core each : cores) {
      all += each.epoll.registered();
    }
    return core.epoll.registered() <= all * 3L / (2L * cores.length) + 1;
  }

  // Stealing

  /**
   * Whether what waits on a core will wait longer than another core takes to come for it: by the
   * mean of its runs, or because its carrier hasn't switched for so long, be it in a long run or
   * off its processor.
   */
  private static boolean isStealable(Core victim, long now) {
    int size = victim.queue.size();
    return size != 0 && (size * victim.meanRun > WAKE_COST || now - victim.now > WAKE_COST);
  }

  /** What {@link #look} finds on the other cores. */
  enum Others {
    /** Nothing waits. */
    IDLE,
    /** Something waits, and will be run soon, if the core's carrier isn't stopped meanwhile. */
    BUSY,
    /** Something is to be stolen. */
    STUCK
  }

  static Others look(Core thief) {
    Others found = Others.IDLE;
    long now = System.nanoTime();
    for (Core victim : cores) {
      if (victim != thief && !victim.queue.isEmpty()) {
        if (isStealable(victim, now)) {
          return Others.STUCK;
        }
        found = Others.BUSY;
      }
    }
    return found;
  }

  /**
   * Takes half of what waits on another core; true when there was something. Owner of the thief
   * only.
   */
  @DontInline
  static boolean steal(Core thief) {
    Core[] cores = Scheduler.cores;
    long now = System.nanoTime();
    thief.now = now;
    for (int i = 1; i < cores.length; i++) {
      int index = thief.id + i;
      Core victim = cores[index < cores.length ? index : index - cores.length];
      if (!isStealable(victim, now)) {
        continue;
      }
      int wanted = Math.min((victim.queue.size() + 1) >> 1, MOST_STOLEN);
      int stolen = 0;
      for (Task task; stolen < wanted && (task = victim.queue.steal()) != null; stolen++) {
        thief.add(task);
      }
      if (stolen > 0) {
        thief.steals += stolen;
        spread(thief);
        return true;
      }
    }
    return false;
  }

  // Timers

  /** Arms a timer on the calling carrier's core, or on another when it has none. */
  @DontInline
  static TimedPark schedule(Runnable expired, long nanos) {
    long now = System.nanoTime();
    // Deadlines are compared by difference: more than 146 years would wrap.
    long deadline = now + Math.min(nanos, Long.MAX_VALUE >> 1);
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier) {
      int entered = carrier.enter();
      if (entered != Carrier.LOST) {
        Core core = carrier.core();
        TimedPark timer = new TimedPark(deadline, expired, core);
        core.arm(timer);
        carrier.leave(entered);
        return timer;
      }
    }
    Core core = cores[Math.floorMod(Thread.currentThread().threadId(), cores.length)];
    TimedPark timer = new TimedPark(deadline, expired, core);
    core.post(timer);
    core.ensureDriven();
    return timer;
  }

  @DontInline
  static void cancel(TimedPark timer) {
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier) {
      int entered = carrier.enter();
      if (entered != Carrier.LOST) {
        boolean own = carrier.core() == timer.core;
        if (own) {
          // Not armed: expired, or still in the inbox, where the mark is seen.
          timer.core.disarm(timer);
          timer.cancelled = true;
        }
        carrier.leave(entered);
        if (own) {
          return;
        }
      }
    }
    if (!timer.cancelled && !timer.isExpired()) {
      timer.cancelled = true;
      timer.core.post(timer);
    }
  }

  // Carriers

  static final class Spare {
    final Carrier carrier;
    final AtomicInteger claimed = new AtomicInteger();

    Spare(Carrier carrier) {
      this.carrier = carrier;
    }
  }

  /** Starts the first carrier of a core. */
  static void startCarrier(Core core) {
    Carrier carrier = newCarrier();
    core.carrier = carrier;
    carrier.assigned = core;
    carrier.start();
  }

  private static Carrier newCarrier() {
    carriers.getAndIncrement();
    return new Carrier(group, carrierNumber.getAndIncrement(), stackSize);
  }

  /** A carrier without a core, claimed; null when there may be no more. */
  private static @Nullable Carrier claimSpare() {
    Spare spare;
    while ((spare = spares.pollFirst()) != null) {
      if (spare.claimed.compareAndSet(0, 1)) {
        return spare.carrier;
      }
    }
    return carriers.get() < mostCarriers ? newCarrier() : null;
  }

  private static void send(Carrier spare) {
    if (spare.getState() == Thread.State.NEW) {
      spare.start();
    } else {
      LockSupport.unpark(spare);
    }
  }

  /**
   * Gives the core of a carrier that is stuck in a run to a spare one. Any thread.
   *
   * @param word the stuck carrier's {@link Carrier#phaseWord}, read before it was found to be stuck
   * @return whether the core has a new carrier
   */
  static boolean handOff(Core core, Carrier stuck, int word) {
    Carrier spare = claimSpare();
    if (spare == null) {
      return false;
    }
    Task task = stuck.current;
    if (core.carrier != stuck || !stuck.loseCore(word)) {
      putBack(spare);
      return false;
    }
    if (task != null) {
      task.losses++;
    }
    handOffs.getAndIncrement();
    if (SlowCases.on) {
      SlowCases.handedOff(stuck, task);
    }
    core.carrier = spare;
    spare.assigned = core;
    send(spare);
    return true;
  }

  private static void putBack(Carrier claimed) {
    Spare spare = claimed.spare;
    if (spare == null) {
      // Made for this hand-off and never started.
      carriers.getAndDecrement();
    } else {
      spare.claimed.set(0);
      spares.addFirst(spare);
      // It may have been told to wait without limit meanwhile.
      LockSupport.unpark(claimed);
    }
  }

  /** The calling carrier is going to block in a call: somebody else drives its core meanwhile. */
  static void aboutToBlock() {
    if (Jdk.JLA.currentCarrierThread() instanceof Carrier carrier) {
      Core core = carrier.core();
      int word = carrier.phaseWord();
      if (Carrier.isRunning(word) && core.needsCarrier()) {
        handOff(core, carrier, word);
      }
    }
  }

  /** Gives a task a carrier of its own; the caller has it from a run queue. */
  static boolean giveOwnCarrier(Task task) {
    if (task.thread() == null) {
      return false;
    }
    Carrier spare = claimSpare();
    if (spare == null) {
      return false;
    }
    if (SlowCases.on) {
      SlowCases.gotOwnCarrier(spare, task);
    }
    task.own = spare;
    task.summon();
    spare.assignedTask = task;
    send(spare);
    return true;
  }

  /** Waits for a core or a task; false when there was none for so long that the carrier may end. */
  static boolean waitAsSpare(Carrier carrier) {
    Spare spare = new Spare(carrier);
    carrier.spare = spare;
    spares.addFirst(spare);
    long deadline = System.nanoTime() + SPARE_LIFE;
    for (; ; ) {
      if (carrier.assigned != null || carrier.assignedTask != null) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 && spare.claimed.compareAndSet(0, 1)) {
        spares.remove(spare);
        carriers.getAndDecrement();
        return false;
      }
      // Claimed but not assigned yet: the waker's unpark is on its way.
      Jdk.U.park(false, left > 0 ? left : 0);
    }
  }

  static int carriers() {
    return carriers.get();
  }
}
