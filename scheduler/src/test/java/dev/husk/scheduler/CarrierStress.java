package dev.husk.scheduler;

import jdk.internal.misc.Unsafe;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * jcstress tests of {@link Carrier}'s phases: who may touch the core. {@code StressTest} runs them.
 */
public final class CarrierStress {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long PHASE = U.objectFieldOffset(Carrier.class, "phase");
  private static final long TURN = U.objectFieldOffset(Carrier.class, "turn");
  private static final ThreadGroup GROUP = new ThreadGroup("stress");

  private CarrierStress() {}

  /** A carrier, never started, in a run of its first turn at driving a core. */
  private static Carrier running() {
    Carrier carrier = new Carrier(GROUP, 0, 0);
    takesTurn(carrier);
    return carrier;
  }

  /** What {@code Carrier.run} and {@code runOn} do when a core was assigned, up to the run. */
  private static void takesTurn(Carrier carrier) {
    int turn = U.getInt(carrier, TURN) + 4;
    U.putInt(carrier, TURN, turn);
    U.putIntVolatile(carrier, PHASE, turn | Carrier.SCHEDULING);
    U.putIntRelease(carrier, PHASE, turn | Carrier.RUNNING);
  }

  private static int entered(int entered) {
    return entered == Carrier.RUNNING ? 1 : 0;
  }

  /** A task that needs the core while the monitor takes it away: one at a time, and in sight. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The monitor came in between.")
  @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The monitor took it before.")
  @Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "The monitor took it afterwards.")
  @State
  public static class EnterOrLose {
    private final Carrier carrier = running();
    private final int word = carrier.phaseWord();

    /** Stands for the core's state: plain, so an overlap loses an update. */
    private int core;

    @Actor
    public void carrier(III_Result r) {
      int entered = carrier.enter();
      if (entered != Carrier.LOST) {
        core++;
        carrier.leave(entered);
      }
      r.r1 = entered(entered);
    }

    @Actor
    public void monitor(III_Result r) {
      if (carrier.loseCore(word)) {
        core++;
        r.r2 = 1;
      }
    }

    @Arbiter
    public void core(III_Result r) {
      r.r3 = core;
    }
  }

  /** A carrier that goes in twice: what it did before it lost the core is seen, nothing after. */
  @JCStressTest
  @Outcome(id = "2, 0, 2", expect = Expect.ACCEPTABLE, desc = "Never lost.")
  @Outcome(
      id = {"0, 1, 1", "1, 1, 2", "2, 1, 3"},
      expect = Expect.ACCEPTABLE,
      desc = "Lost before, between, or after.")
  @State
  public static class EnterTwiceOrLose {
    private final Carrier carrier = running();
    private final int word = carrier.phaseWord();
    private int core;

    @Actor
    public void carrier(III_Result r) {
      int entered = carrier.enter();
      if (entered != Carrier.LOST) {
        core++;
        carrier.leave(entered);
      }
      int again = carrier.enter();
      if (again != Carrier.LOST) {
        core++;
        carrier.leave(again);
      }
      r.r1 = entered(entered) + entered(again);
    }

    @Actor
    public void monitor(III_Result r) {
      if (carrier.loseCore(word)) {
        core++;
        r.r2 = 1;
      }
    }

    @Arbiter
    public void core(III_Result r) {
      r.r3 = core;
    }
  }

  /** Two that want to take the core, such as the monitor and a task about to block: one gets it. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One of them.")
  @State
  public static class TwoTakers {
    private final Carrier carrier = running();

    @Actor
    public void first(II_Result r) {
      r.r1 = carrier.loseCore(carrier.phaseWord()) ? 1 : 0;
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = carrier.loseCore(carrier.phaseWord()) ? 1 : 0;
    }
  }

  /** Who looked at a carrier in an earlier turn can't take from it what it drives now. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The late look found nothing.")
  @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "It came before the turn's end.")
  @State
  public static class LateLook {
    private final Carrier carrier = running();
    private final int word = carrier.phaseWord();

    @Actor
    public void nextTurn(III_Result r) {
      if (carrier.loseCore(word)) {
        r.r1 = 1;
        takesTurn(carrier);
      }
    }

    @Actor
    public void monitor(III_Result r) {
      r.r2 = carrier.loseCore(word) ? 1 : 0;
    }

    @Arbiter
    public void drives(III_Result r) {
      r.r3 = carrier.isRunning() ? 1 : 0;
    }
  }

  /** A task with a carrier of its own: no summons is lost, none is taken twice. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "Taken once.")
  @State
  public static class Summons {
    private final Task task = new Task();

    @Actor
    public void summon() {
      task.summon();
    }

    @Actor
    public void carrier(II_Result r) {
      r.r1 = task.takeSummons() ? 1 : 0;
    }

    @Arbiter
    public void carrierLater(II_Result r) {
      r.r2 = task.takeSummons() ? 1 : 0;
    }
  }
}
