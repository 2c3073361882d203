package dev.husk.scheduler;

import java.io.IOException;
import java.util.function.BooleanSupplier;
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
 * jcstress tests of {@link Descriptor}: no edge is lost. {@code StressTest} runs them.
 *
 * <p>Actors are platform threads, which can't park as virtual ones do. So the last question that
 * {@link Descriptor#await} asks before it parks, whether the channel is still open, is where a
 * waiter here waits until it has been taken out of the word, and then says no.
 */
public final class DescriptorStress {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long READER = U.objectFieldOffset(Descriptor.class, "reader");
  private static final long CORE = U.objectFieldOffset(Descriptor.class, "core");
  private static final Core REGISTERED = new Core(0, 10_000_000);

  /** Longer than any pause of a busy machine. */
  private static final long PATIENCE = 20_000_000_000L;

  private DescriptorStress() {}

  private static Descriptor registered() {
    Descriptor descriptor = new Descriptor(1 << 20);
    U.putReferenceVolatile(descriptor, CORE, REGISTERED);
    return descriptor;
  }

  private static int woke(BooleanSupplier waker) {
    return waker.getAsBoolean() ? 1 : 0;
  }

  private static final class Waiter implements BooleanSupplier {
    private final Descriptor descriptor;
    private final boolean patient;
    boolean waited;
    boolean woken;

    Waiter(Descriptor descriptor, boolean patient) {
      this.descriptor = descriptor;
      this.patient = patient;
    }

    @Override
    public boolean getAsBoolean() {
      waited = true;
      if (patient) {
        long start = System.nanoTime();
        while (U.getReferenceVolatile(descriptor, READER) == Thread.currentThread()
            && System.nanoTime() - start < PATIENCE) {
          Thread.onSpinWait();
        }
        woken = U.getReferenceVolatile(descriptor, READER) != Thread.currentThread();
      }
      return false;
    }

    /** 0 for a wait in vain, 1 when the edge was there, 2 when it came. */
    int waits() {
      try {
        descriptor.await(false, 0, this, false);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return !waited ? 1 : woken ? 2 : 0;
    }
  }

  /** A wait without limit ends by an edge, whichever comes first. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The edge was first.")
  @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The waiter was first.")
  @Outcome(id = "0, .*", expect = Expect.FORBIDDEN, desc = "The edge was lost.")
  @State
  public static class WaitAndEdge {
    private final Descriptor descriptor = registered();

    @Actor
    public void waiter(II_Result r) {
      r.r1 = new Waiter(descriptor, true).waits();
    }

    @Actor
    public void owner(II_Result r) {
      r.r2 = woke(() -> descriptor.edge(EpollSet.IN));
    }
  }

  /** A wait that ends by itself: the edge ends it, or was used by it, or stays for the next. */
  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Used.")
  @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Ended the wait.")
  @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Stays.")
  @State
  public static class TimeoutAndEdge {
    private final Descriptor descriptor = registered();

    @Actor
    public void waiter(III_Result r) {
      r.r1 = new Waiter(descriptor, false).waits();
    }

    @Actor
    public void owner(III_Result r) {
      r.r2 = woke(() -> descriptor.edge(EpollSet.IN));
    }

    @Arbiter
    public void word(III_Result r) {
      r.r3 = U.getReferenceVolatile(descriptor, READER) != null ? 1 : 0;
    }
  }

  /** A close while an edge comes: the waiter is unparked once, and the edge isn't lost. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "The close was first.")
  @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "The edge was first.")
  @State
  public static class StopAndEdge {
    private final Descriptor descriptor = registered();

    public StopAndEdge() {
      U.putReferenceVolatile(descriptor, READER, Thread.currentThread());
    }

    @Actor
    public void closer(III_Result r) {
      r.r1 = woke(() -> descriptor.stop(false));
    }

    @Actor
    public void owner(III_Result r) {
      r.r2 = woke(() -> descriptor.edge(EpollSet.IN));
    }

    @Arbiter
    public void word(III_Result r) {
      r.r3 = U.getReferenceVolatile(descriptor, READER) != null ? 1 : 0;
    }
  }

  /** A close: the waiter sees the channel closed before it parks, or is found by the closer. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The waiter saw it.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The closer found the waiter.")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Both.")
  @Outcome(id = "2, .*", expect = Expect.FORBIDDEN, desc = "The waiter was left alone.")
  @State
  public static class WaitAndClose {
    private final Descriptor descriptor = registered();
    private volatile boolean closed;

    @Actor
    public void waiter(II_Result r) {
      Waiter waiter = new Waiter(descriptor, true);
      try {
        descriptor.await(false, 0, () -> !closed && waiter.getAsBoolean(), false);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      r.r1 = waiter.waited ? (waiter.woken ? 0 : 2) : 1;
    }

    @Actor
    public void closer(II_Result r) {
      closed = true;
      r.r2 = woke(() -> descriptor.stop(false));
    }
  }

  /** A wait with an offer ends by itself while a writer comes: all of its bytes, or none. */
  @JCStressTest
  @Outcome(id = "5, 5", expect = Expect.ACCEPTABLE, desc = "The writer found the reader.")
  @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The reader had left.")
  @State
  public static class OfferAndWriter {
    private final Descriptor descriptor = registered();
    private final Handover handover = new Handover();

    @Actor
    public void reader(II_Result r) {
      byte[] bytes = new byte[8];
      handover.offer(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET, bytes.length);
      try {
        descriptor.await(false, 0, () -> false, false, handover);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      r.r1 = handover.end();
      for (int i = 0; i < r.r1; i++) {
        if (bytes[i] != i + 1) {
          r.r1 = -1;
        }
      }
    }

    @Actor
    public void writer(II_Result r) {
      Handover taken = descriptor.takeReader();
      if (taken != null) {
        for (int i = 0; i < 5; i++) {
          U.putByte(taken.base(), taken.offset() + i, (byte) (i + 1));
        }
        taken.finish(5);
        r.r2 = 5;
      }
    }
  }

  /**
   * Data arrives while a reader that had taken all there was reads again. When its read is skipped,
   * or comes too early, the next one isn't skipped.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "It was read.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The next read gets it.")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The data is there and nobody reads it.")
  @State
  public static class SkipAndEdge {
    private final Descriptor descriptor = registered();

    /** The kernel's buffer. */
    private volatile int data;

    public SkipAndEdge() {
      descriptor.readDone(true);
    }

    @Actor
    public void kernel() {
      data = 1;
      descriptor.edge(EpollSet.IN);
    }

    @Actor
    public void reader(II_Result r) {
      r.r1 = read();
    }

    @Arbiter
    public void nextRead(II_Result r) {
      r.r2 = descriptor.readWouldBlock() ? 0 : 1;
    }

    private int read() {
      if (descriptor.readWouldBlock()) {
        return 0;
      }
      int read = data;
      descriptor.readDone(true);
      return read;
    }
  }

  /** The same with a read that is under way, drained by it, when the data comes. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE,
      desc = "It was read.")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The next read gets it.")
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The data is there and nobody reads it.")
  @State
  public static class ReadAndEdge {
    private final Descriptor descriptor = registered();
    private volatile int data;

    @Actor
    public void kernel() {
      data = 1;
      descriptor.edge(EpollSet.IN);
    }

    @Actor
    public void reader(II_Result r) {
      // The first read is always made; the second only after an edge.
      int first = descriptor.readWouldBlock() ? 0 : data;
      descriptor.readDone(true);
      int second = first == 1 || descriptor.readWouldBlock() ? 0 : data;
      r.r1 = first + second;
    }

    @Arbiter
    public void nextRead(II_Result r) {
      r.r2 = descriptor.readWouldBlock() ? 0 : 1;
    }
  }
}
