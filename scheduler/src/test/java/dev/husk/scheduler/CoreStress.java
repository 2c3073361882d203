package dev.husk.scheduler;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * jcstress tests of {@link Core}: the timers' inbox, and sleep against wake. {@code StressTest}
 * runs them.
 *
 * <p>Producers and the waking are the real thing. The sleeper is, where it needn't sleep; where it
 * would, {@link #announceSleep} does what {@link Core#sleep} does before it looks for work.
 */
public final class CoreStress {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long SLEEPING = U.objectFieldOffset(Core.class, "sleeping");
  private static final long INBOX = U.objectFieldOffset(Core.class, "inbox");
  private static final long EPOLL = U.objectFieldOffset(Core.class, "epoll");
  private static final long FAR = Long.MAX_VALUE >> 1;

  /** For all cores: what a wake-up writes to it, nobody reads. */
  private static final EpollSet EPOLL_SET = new Core(1, 10_000_000).epoll;

  private static final Carrier CARRIER = new Carrier(new ThreadGroup("stress"), 0, 0);

  static {
    EPOLL_SET.open();
  }

  private CoreStress() {}

  private static Core core() {
    Core core = new Core(0, 10_000_000);
    core.carrier = CARRIER;
    U.putReference(core, EPOLL, EPOLL_SET);
    return core;
  }

  private static TimedPark timer(Core core) {
    return new TimedPark(FAR, () -> {}, core);
  }

  private static void announceSleep(Core core, AtomicInteger sleepers) {
    U.putIntVolatile(core, SLEEPING, 1);
    sleepers.getAndIncrement();
  }

  /** Two post timers: none is lost. */
  @JCStressTest
  @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both.")
  @State
  public static class TwoPosts {
    private final Core core = core();

    @Actor
    public void first() {
      core.post(timer(core));
    }

    @Actor
    public void second() {
      core.post(timer(core));
    }

    @Arbiter
    public void owner(I_Result r) {
      core.runTimers();
      r.r1 = core.pendingTimers();
    }
  }

  /** One posts two timers while the owner takes the inbox: each is armed once. */
  @JCStressTest
  @Outcome(
      id = {"0, 2", "1, 2", "2, 2"},
      expect = Expect.ACCEPTABLE,
      desc = "All of them, sooner or later.")
  @State
  public static class PostAndTake {
    private final Core core = core();

    @Actor
    public void poster() {
      core.post(timer(core));
      core.post(timer(core));
    }

    @Actor
    public void owner(II_Result r) {
      core.runTimers();
      r.r1 = core.pendingTimers();
    }

    @Arbiter
    public void ownerLater(II_Result r) {
      core.runTimers();
      r.r2 = core.pendingTimers();
    }
  }

  /** A timer from elsewhere is cancelled from elsewhere while the owner takes the inbox. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "Taken out, if it ever was armed.")
  @State
  public static class PostCancelAndTake {
    private final Core core = core();

    @Actor
    public void poster() {
      TimedPark timer = timer(core);
      core.post(timer);
      timer.cancel(false);
    }

    @Actor
    public void owner(II_Result r) {
      core.runTimers();
      r.r1 = core.pendingTimers();
    }

    @Arbiter
    public void ownerLater(II_Result r) {
      core.runTimers();
      r.r2 = core.pendingTimers();
    }
  }

  /** A timer is posted while the core goes to sleep: the core sees it, or the poster wakes it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The sleeper saw it.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The poster woke it.")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
  @State
  public static class PostAndSleep {
    private final Core core = core();

    @Actor
    public void sleeper(II_Result r) {
      announceSleep(core, Scheduler.sleepers);
      r.r1 = U.getReferenceVolatile(core, INBOX) != null ? 1 : 0;
    }

    @Actor
    public void poster(II_Result r) {
      core.post(timer(core));
      r.r2 = core.wake() ? 1 : 0;
    }
  }

  /**
   * A task is put into the shared queue while the core goes to sleep. The queue and the count are
   * stand-ins of the same classes: the real ones are one for all cores.
   */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The sleeper saw it.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The producer woke it.")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
  @State
  public static class InjectAndSleep {
    private final Core core = core();
    private final ConcurrentLinkedQueue<Task> injected = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sleepers = new AtomicInteger();

    @Actor
    public void sleeper(II_Result r) {
      announceSleep(core, sleepers);
      r.r1 = injected.isEmpty() ? 0 : 1;
    }

    @Actor
    public void producer(II_Result r) {
      injected.offer(new Task());
      if (sleepers.get() > 0) {
        r.r2 = core.wake() ? 1 : 0;
      }
    }
  }

  /** Two wake the same core: one of them does, so that it is taken off the count once. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One of them.")
  @State
  public static class TwoWakers {
    private final Core core = core();

    public TwoWakers() {
      core.startAsleep();
    }

    @Actor
    public void first(II_Result r) {
      r.r1 = core.wake() ? 1 : 0;
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = core.wake() ? 1 : 0;
    }
  }

  /** A core that finds work on its way to sleep is awake afterwards, whoever wakes it meanwhile. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "Awake.")
  @State
  public static class WakeTheWakeful {
    private final Core core = core();

    public WakeTheWakeful() {
      core.post(timer(core));
    }

    @Actor
    public void sleeper() {
      core.sleep();
    }

    @Actor
    public void waker(II_Result r) {
      r.r1 = core.wake() ? 1 : 0;
    }

    @Arbiter
    public void state(II_Result r) {
      r.r2 = core.isSleeping() ? 1 : 0;
    }
  }
}
