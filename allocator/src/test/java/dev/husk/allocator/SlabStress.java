package dev.husk.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Blocks that others free come back to the holder once, whatever it does meanwhile. */
public final class SlabStress {
  private SlabStress() {}

  /** A slab whose memory nobody touches, all of whose blocks are in use. */
  abstract static class Full {
    final Heap heap = new Heap();
    final Slab slab = new Slab(new PageRun(1 << 20, PageRun.PAGE), heap, CLASS);

    private static final int CLASS = SizeClasses.of(8 << 10);

    Full() {
      // The reclaimer has no part in this.
      heap.spare = true;
      while (slab.take() >= 0) {}
    }

    /** How many blocks can be taken. */
    int free() {
      int free = 0;
      while (slab.take() >= 0) {
        free++;
      }
      return free;
    }
  }

  /** Two threads free a block each. */
  @JCStressTest
  @Outcome(id = "2, 6", expect = ACCEPTABLE)
  @State
  public static class TwoFree extends Full {
    @Actor
    public void one() {
      slab.putRemote(1);
    }

    @Actor
    public void two() {
      slab.putRemote(5);
    }

    @Arbiter
    public void count(II_Result r) {
      slab.collect();
      r.r2 = slab.used();
      r.r1 = free();
    }
  }

  /** The holder takes over what others have freed while another is at it. */
  @JCStressTest
  @Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "in the collection")
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "after it")
  @State
  public static class Collect extends Full {
    public Collect() {
      slab.putRemote(2);
      slab.put(3);
    }

    @Actor
    public void other() {
      slab.putRemote(1);
    }

    @Actor
    public void holder(II_Result r) {
      slab.collect();
      r.r1 = free();
    }

    @Arbiter
    public void rest(II_Result r) {
      r.r2 = slab.collect() > 0 ? free() : 0;
    }
  }

  /** The holder declares the slab full while another frees a block. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "full, and brought back")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "not full, the holder goes on with it")
  @State
  public static class MarkFull extends Full {
    @Actor
    public void other() {
      slab.putRemote(1);
    }

    @Actor
    public void holder(ZI_Result r) {
      r.r1 = slab.markFull();
    }

    @Arbiter
    public void count(ZI_Result r) {
      r.r2 = heap.hasReturned() ? 1 : 0;
    }
  }

  /** The holder frees a block of a full slab while another does. */
  @JCStressTest
  @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "the holder lists it")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the other brings it back")
  @State
  public static class UnmarkFull extends Full {
    public UnmarkFull() {
      slab.markFull();
    }

    @Actor
    public void other() {
      slab.putRemote(1);
    }

    @Actor
    public void holder(ZI_Result r) {
      slab.put(2);
      r.r1 = slab.unmarkFull();
    }

    @Arbiter
    public void count(ZI_Result r) {
      r.r2 = heap.hasReturned() ? 1 : 0;
    }
  }

  /** Two threads let go of what a block holds. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE,
      desc = "one of them")
  @State
  public static class LetGo extends Full {
    private final Object holder = new Object();
    private final long address = slab.address(3);

    public LetGo() {
      slab.hold(address, holder);
    }

    @Actor
    public void one(II_Result r) {
      r.r1 = slab.letGo(3, holder) ? 1 : 0;
    }

    @Actor
    public void two(II_Result r) {
      r.r2 = slab.letGo(3, holder) ? 1 : 0;
    }
  }
}
