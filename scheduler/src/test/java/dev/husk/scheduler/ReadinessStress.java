package dev.husk.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * jcstress tests of {@link Readiness}: bytes that are there are reported. {@code StressTest} runs
 * them. The kernel's socket is a number of bytes; its atomic operations stand for the kernel's
 * locks.
 */
public final class ReadinessStress {
  private ReadinessStress() {}

  /** A socket and its registration in a queue, which leaves that as {@code EventQueue}'s do. */
  static class Socket {
    final AtomicInteger bytes = new AtomicInteger();
    final AtomicInteger queued = new AtomicInteger();
    final Readiness readiness =
        new Readiness(new Descriptor(1 << 20), () -> bytes.get() > 0 ? Endpoint.IN : 0);

    final Watch watch =
        new Watch(1 << 20) {
          @Override
          protected void changed(int events) {
            if (queued.get() == 0) {
              queued.compareAndSet(0, 1);
            }
          }

          @Override
          protected void attached(Endpoint endpoint) {}

          @Override
          protected void closed() {}
        };

    Socket() {
      readiness.enter(watch);
    }

    /** Makes it known that there is nothing. */
    Socket known() {
      readiness.poll(Endpoint.IN);
      return this;
    }

    void arrive(int count) {
      bytes.getAndAdd(count);
      readiness.edge(Endpoint.IN);
    }

    void read(int most) {
      readiness.reads();
      int there = bytes.getAndUpdate(now -> Math.max(0, now - most));
      readiness.hasRead(there < most);
    }

    /** The queue finds it not ready, and lets it go; or keeps it. */
    void collect() {
      if (readiness.poll(Endpoint.IN) != 0) {
        readiness.reported(Endpoint.IN);
        return;
      }
      queued.set(0);
      if (readiness.poll(Endpoint.IN) != 0) {
        queued.compareAndSet(0, 1);
      }
    }

    void tell(II_Result r) {
      r.r1 = bytes.get();
      r.r2 = queued.get() != 0 && readiness.poll(Endpoint.IN) != 0 ? 1 : 0;
    }
  }

  /** Bytes come while the last ones are read. */
  @JCStressTest
  @Outcome(id = "0, .", expect = Expect.ACCEPTABLE, desc = "All read.")
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The rest is reported.")
  @Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "The rest is lost.")
  @State
  public static class ReadAndArrival {
    private final Socket socket = new Socket().known();

    public ReadAndArrival() {
      socket.arrive(1);
    }

    @Actor
    public void reader() {
      socket.read(8);
    }

    @Actor
    public void kernel() {
      socket.arrive(1);
    }

    @Arbiter
    public void then(II_Result r) {
      socket.tell(r);
    }
  }

  /** One thread reads a part while another looks what is ready. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The rest is reported.")
  @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "The rest is lost.")
  @State
  public static class PartAndCollection {
    private final Socket socket = new Socket();

    public PartAndCollection() {
      socket.arrive(2);
    }

    @Actor
    public void reader() {
      socket.read(1);
    }

    @Actor
    public void selector() {
      socket.collect();
    }

    @Arbiter
    public void then(II_Result r) {
      socket.tell(r);
    }
  }

  /** Bytes come while the selecting thread asks the kernel, or lets it go. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Reported.")
  @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Lost.")
  @State
  public static class CollectionAndArrival {
    private final Socket socket = new Socket();

    public CollectionAndArrival() {
      socket.queued.set(1);
    }

    @Actor
    public void selector() {
      socket.collect();
    }

    @Actor
    public void kernel() {
      socket.arrive(1);
    }

    @Arbiter
    public void then(II_Result r) {
      socket.tell(r);
    }
  }

  /** All three at once. */
  @JCStressTest
  @Outcome(id = "0, .", expect = Expect.ACCEPTABLE, desc = "All read.")
  @Outcome(id = "[12], 1", expect = Expect.ACCEPTABLE, desc = "The rest is reported.")
  @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "The rest is lost.")
  @State
  public static class ReadCollectionAndArrival {
    private final Socket socket = new Socket();

    public ReadCollectionAndArrival() {
      socket.arrive(2);
    }

    @Actor
    public void reader() {
      socket.read(2);
    }

    @Actor
    public void selector() {
      socket.collect();
    }

    @Actor
    public void kernel() {
      socket.arrive(1);
    }

    @Arbiter
    public void then(II_Result r) {
      socket.tell(r);
    }
  }
}
