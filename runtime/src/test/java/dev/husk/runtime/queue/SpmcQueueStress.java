package dev.husk.runtime.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** jcstress tests of {@link SpmcQueue}; {@code StressTest} runs them. */
public final class SpmcQueueStress {
  private SpmcQueueStress() {}

  private static int polled(SpmcQueue<Integer> queue) {
    Integer element = queue.poll();
    return element == null ? 0 : element;
  }

  // Two actors each: jcstress skips a test that has more actors than the machine has cores.

  /** Two consumers: each element goes to one of them. */
  @JCStressTest
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One each.")
  @State
  public static class TwoConsumers {
    private final SpmcQueue<Integer> queue = new SpmcQueue<>(2);

    public TwoConsumers() {
      queue.offer(1);
      queue.offer(2);
    }

    @Actor
    public void first(II_Result r) {
      r.r1 = polled(queue);
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = polled(queue);
    }
  }

  /** The owner takes, too: the one element goes to it or to the consumer. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "One took it.")
  @State
  public static class OwnerAndConsumer {
    private final SpmcQueue<Integer> queue = new SpmcQueue<>(2);

    @Actor
    public void owner(II_Result r) {
      queue.offer(1);
      r.r1 = polled(queue);
    }

    @Actor
    public void consumer(II_Result r) {
      r.r2 = polled(queue);
    }
  }

  /** A consumer sees elements in the order in which they were offered, and what they refer to. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing was there.")
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "The first only.")
  @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Both, in order.")
  @State
  public static class FirstInFirstOut {
    private final SpmcQueue<int[]> queue = new SpmcQueue<>(2);

    @Actor
    public void owner() {
      queue.offer(new int[] {1});
      queue.offer(new int[] {2});
    }

    @Actor
    public void consumer(II_Result r) {
      int[] a = queue.poll();
      int[] b = queue.poll();
      r.r1 = a == null ? 0 : a[0];
      r.r2 = b == null ? 0 : b[0];
    }
  }

  /** Nothing is lost or doubled while the owner grows the array, clears it, and takes, too. */
  @JCStressTest
  @Outcome(id = "15, .*, .*", expect = Expect.ACCEPTABLE, desc = "Each element once.")
  @State
  public static class GrowAndForget {
    private final SpmcQueue<Integer> queue = new SpmcQueue<>(2);
    private int owned;
    private int taken;

    /** Elements are bits, so that one that is lost or taken twice shows in the sum. */
    @Actor
    public void owner() {
      queue.offer(1);
      queue.offer(2);
      owned = polled(queue);
      queue.forgetConsumed();
      queue.offer(4);
      queue.offer(8);
      queue.forgetConsumed();
    }

    @Actor
    public void consumer() {
      taken = polled(queue);
      taken += polled(queue);
    }

    @Arbiter
    public void rest(III_Result r) {
      int left = 0;
      for (Integer e = queue.poll(); e != null; e = queue.poll()) {
        left += e;
      }
      r.r1 = owned + taken + left;
      r.r2 = taken;
      r.r3 = left;
    }
  }
}
