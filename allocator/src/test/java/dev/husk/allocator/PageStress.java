package dev.husk.allocator;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A page run is in one pair of hands, and what it says of its zeros is true. */
public final class PageStress {
  private static final int PAGES = 3;
  private static final long BYTES = PAGES * (long) PageRun.PAGE;

  private PageStress() {}

  private static boolean apart(PageRun one, PageRun other) {
    return one.base + one.bytes <= other.base || other.base + other.bytes <= one.base;
  }

  /** Two threads get a run each: from the pool, or cut from a region. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @State
  public static class TwoGet {
    private PageRun first;
    private PageRun second;

    @Actor
    public void one() {
      first = PageLayer.get(BYTES);
    }

    @Actor
    public void two() {
      second = PageLayer.get(BYTES);
    }

    @Arbiter
    public void check(I_Result r) {
      r.r1 = apart(first, second) ? 1 : 0;
      PageLayer.put(first, System.nanoTime());
      PageLayer.put(second, System.nanoTime());
    }
  }

  /** One thread puts a run back, another gets one, a third gives unused memory back. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @State
  public static class PutGetDiscard {
    private final PageRun mine = PageLayer.get(BYTES);
    private PageRun got;

    @Actor
    public void putter() {
      mine.dirty = 4096;
      PageLayer.put(mine, System.nanoTime());
    }

    @Actor
    public void getter() {
      got = PageLayer.get(BYTES);
    }

    @Actor
    public void reclaimer() {
      PageLayer.discardUnused(System.nanoTime());
    }

    @Arbiter
    public void check(II_Result r) {
      PageRun another = PageLayer.get(BYTES);
      r.r1 = apart(got, another) ? 1 : 0;
      r.r2 = isTrue(got) && isTrue(another) ? 1 : 0;
      got.dirty = 0;
      another.dirty = 0;
      PageLayer.put(got, System.nanoTime());
      PageLayer.put(another, System.nanoTime());
    }

    private static boolean isTrue(PageRun run) {
      return run.dirty == 0 || run.dirty == 4096;
    }
  }
}
