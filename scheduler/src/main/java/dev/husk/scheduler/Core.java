package dev.husk.scheduler;

import dev.husk.runtime.timer.Timer;
import dev.husk.runtime.timer.TimerHeap;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.Contended;
import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;

/**
 * The scheduling state of one core: run queue, timers, epoll set. One carrier at a time drives it;
 * the {@link SliceMonitor} gives it to another when that one is stuck in a task.
 *
 * <p>"Owner" below is the driving carrier while its phase is {@link Carrier#SCHEDULING}.
 */
final class Core {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long SLEEPING = U.objectFieldOffset(Core.class, "sleeping");
  private static final long INBOX = U.objectFieldOffset(Core.class, "inbox");

  /** Longest sleep, so that a deadline of centuries fits the system call's milliseconds. */
  private static final long LONGEST_SLEEP = 3_600_000_000_000L;

  /** How long to sleep before looking again whether a busy core gets on, ns. */
  private static final long HELP_INTERVAL = 1_000_000;

  /** Runs, and ns, between two looks at descriptors and the shared queue under a full own queue. */
  private static final int RUNS_PER_POLL = 61;

  private static final long POLL_INTERVAL = 500_000;

  /** Vain attempts to linger before it is tried only once in a while, and how often then. */
  private static final int MOST_VAIN = 3;

  private static final int VAIN_PAUSE = 32;

  /**
   * Others had the processor for as long as the kernel lets them, not for as long as a peer takes
   * for its next requests, ns: they compute. Lingering is left alone for twice as many sleeps as
   * the last time then.
   */
  private static final long LONG_LINGER = 1_000_000;

  private static final int LONGEST_PAUSE = 1 << 14;

  final int id;
  final RunQueue queue;
  final EpollSet epoll = new EpollSet(this);
  final Waiters waiters = new Waiters();
  private final TimerHeap timers = new TimerHeap();

  /**
   * The carrier that drives this core; null until first needed. Written at start and at hand-off.
   */
  volatile @Nullable Carrier carrier;

  /** The clock as of the last switch, {@link System#nanoTime()}. Owner; others read it racily. */
  long now;

  /**
   * Mean length of a run, ns, an exponential mean over about eight. Owner; others read it racily.
   */
  long meanRun;

  /**
   * The processor that the carrier was last seen on, -1 before. Written by the carrier, read
   * racily.
   */
  int cpu = -1;

  /** In {@link #taken}. Owner only. */
  private boolean late;

  private int runsSincePoll;

  /** Times in a row that {@link #linger} found nothing. */
  private int vainLingers;

  /** Calls of it that are not to try; how many there were after the last time that took long. */
  private int lingerPause;

  private int longPause = VAIN_PAUSE;
  private long lastPoll;

  /** 0 awake, 1 asleep or about to be, 2 asleep with a wake-up under way. */
  @Contended private volatile int sleeping;

  /**
   * Timers armed or cancelled by threads that don't own this core; a Treiber stack, taken whole.
   */
  private volatile @Nullable Posted inbox;

  // Counters: written by the owner, read racily by the statistics.
  long switches;
  long steals;
  long timersArmed;
  long timersExpired;
  long sleeps;
  long polls;

  Core(int id, long slice) {
    this.id = id;
    queue = new RunQueue(slice);
  }

  /** Queues a task here; owner only. */
  void add(Task task) {
    task.queuedAt = SlowCases.on ? System.nanoTime() : now;
    Core home = task.home;
    if (home != null && home != this) {
      queue.adopt(task, home.queue);
    } else if (late) {
      queue.addLate(task);
    } else {
      queue.add(task);
    }
  }

  /** Whether something is, or may become, due on this core while its carrier is stuck. */
  boolean needsCarrier() {
    return !queue.isEmpty()
        || timers.size() != 0
        || inbox != null
        || epoll.registered() != 0
        || !Scheduler.injected.isEmpty();
  }

  /** How long the last in the queue will wait if the mean holds, ns. Racy. */
  long backlog() {
    return queue.size() * Math.max(meanRun, 200);
  }

  // Timers

  /** Owner only. */
  void arm(TimedPark timer) {
    timersArmed++;
    timers.add(timer);
  }

  /** Owner only. */
  void disarm(TimedPark timer) {
    timers.remove(timer);
  }

  /** Hands a timer to the owner, to be armed or, once it is marked so, taken out; any thread. */
  void post(TimedPark timer) {
    Posted posted = new Posted(timer);
    Posted head;
    do {
      head = inbox;
      posted.next = head;
    } while (!U.compareAndSetReference(this, INBOX, head, posted));
  }

  @DontInline
  private void takeInbox() {
    Posted posted = (Posted) U.getAndSetReference(this, INBOX, null);
    for (; posted != null; posted = posted.next) {
      TimedPark timer = posted.timer;
      if (timer.cancelled) {
        timers.remove(timer);
      } else if (!timer.isArmed()) {
        arm(timer);
      }
    }
  }

  private static final class Posted {
    final TimedPark timer;
    @Nullable Posted next;

    Posted(TimedPark timer) {
      this.timer = timer;
    }
  }

  /** Expires what is due; owner only. */
  void runTimers() {
    if (inbox != null) {
      takeInbox();
    }
    if (timers.size() != 0) {
      expireTimers();
    }
  }

  @DontInline
  private void expireTimers() {
    TimedPark due;
    while ((due = (TimedPark) timers.pollDue(now)) != null) {
      if (!due.cancelled) {
        timersExpired++;
        if (SlowCases.on) {
          SlowCases.expires(this, due);
        }
        due.expire();
      }
    }
  }

  /** The timer that is due first, or null. Read racily: it may be gone already. */
  @Nullable Timer firstTimer() {
    return timers.peek();
  }

  int pendingTimers() {
    return timers.size();
  }

  // Sleep

  /**
   * Lets others run on this processor once, then looks again: where the peer shares it, its next
   * requests are there by then, and neither side pays for falling asleep and being woken. Tried
   * rarely while it doesn't help, and more rarely where somebody else computes on this processor:
   * one who yields to that waits for a whole slice of the kernel's, where one who sleeps is woken
   * at once. Owner only.
   *
   * @return whether something became ready
   */
  @DontInline
  boolean linger() {
    if (epoll.registered() == 0 || --lingerPause >= 0) {
      return false;
    }
    long start = System.nanoTime();
    Thread.yield();
    poll();
    now = System.nanoTime();
    boolean found = !queue.isEmpty();
    vainLingers = found ? 0 : vainLingers + 1;
    if (now - start > LONG_LINGER) {
      longPause = Math.min(longPause << 1, LONGEST_PAUSE);
      lingerPause = longPause;
    } else {
      longPause = Math.max(longPause >> 1, VAIN_PAUSE);
      lingerPause = vainLingers >= MOST_VAIN ? VAIN_PAUSE : 0;
    }
    return found;
  }

  /**
   * Sleeps until a descriptor is ready, a timer is due or somebody calls {@link #wake}, then queues
   * what became ready; owner only.
   */
  @DontInline
  void sleep() {
    queue.forgetConsumed();
    waiters.forgetOthers();
    sleeping = 1;
    Scheduler.sleepers.getAndIncrement();
    // A push that came before the store above is seen here; one that comes after sees the store.
    Scheduler.Others others = Scheduler.look(this);
    if (Scheduler.injected.isEmpty() && inbox == null && others != Scheduler.Others.STUCK) {
      TimedPark first = (TimedPark) timers.peek();
      long timeout =
          first == null
              ? -1
              : Math.max(0, Math.min(first.deadline - System.nanoTime(), LONGEST_SLEEP));
      if (others == Scheduler.Others.BUSY && (timeout < 0 || timeout > HELP_INTERVAL)) {
        timeout = HELP_INTERVAL;
      }
      sleeps++;
      epoll.await(timeout);
    }
    awake();
    now = System.nanoTime();
    cpu = Processors.current();
    polled();
    epoll.dispatch();
    Scheduler.spread(this);
  }

  private void awake() {
    if (sleeping != 2 && U.compareAndSetInt(this, SLEEPING, 1, 0)) {
      Scheduler.sleepers.getAndDecrement();
    } else {
      // The waker has taken it off the count.
      sleeping = 0;
    }
  }

  /**
   * Whether it is time to look at descriptors and the shared queue though the own queue isn't
   * empty; owner only.
   */
  boolean isPollDue() {
    return ++runsSincePoll >= RUNS_PER_POLL || now - lastPoll > POLL_INTERVAL;
  }

  /** Notes that the own queue was empty, which makes the core look everywhere; owner only. */
  void polled() {
    runsSincePoll = 0;
    lastPoll = now;
  }

  /** Queues what is ready, without sleeping; owner only. */
  @DontInline
  void poll() {
    polls++;
    epoll.await(0);
    epoll.dispatch();
    Scheduler.spread(this);
  }

  /** Wakes this core when it sleeps; true when this call did. Any thread. */
  boolean wake() {
    if (sleeping != 1 || !U.compareAndSetInt(this, SLEEPING, 1, 2)) {
      return false;
    }
    Scheduler.sleepers.getAndDecrement();
    if (carrier == null) {
      Scheduler.startCarrier(this);
    } else {
      epoll.wakeUp();
    }
    return true;
  }

  /** Sees to it that events for this core are noticed; for threads that don't run on it. */
  void ensureDriven() {
    if (!wake()) {
      SliceMonitor.arm();
    }
  }

  /** The same for a descriptor that was added, which a carrier that sleeps needn't be told of. */
  void ensurePolled() {
    if (carrier == null) {
      wake();
    } else if (sleeping == 0) {
      SliceMonitor.arm();
    }
  }

  /** Makes a core that no carrier drives yet count as asleep. */
  void startAsleep() {
    sleeping = 1;
    Scheduler.sleepers.getAndIncrement();
  }

  /**
   * Called by a carrier that takes over this core, before its first run. What became due while the
   * last carrier was stuck has waited for that already, and goes before those that only queue.
   */
  void taken() {
    sleeping = 0;
    now = System.nanoTime();
    late = true;
    runTimers();
    if (epoll.registered() != 0) {
      poll();
    }
    late = false;
  }

  boolean isSleeping() {
    return sleeping != 0;
  }
}
