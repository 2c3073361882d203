package dev.husk.netpath;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** jcstress tests of {@link DatagramRing}. {@code StressTest} runs them. */
public final class DatagramRingStress {
  private DatagramRingStress() {}

  private static void send(DatagramRing ring, int tag) {
    int at = ring.claim(8);
    if (at >= 0) {
      ring.publish(at, 8, tag, tag, tag);
    }
  }

  /** The tags of what is there, the first in the lowest digit; -1 where one is torn. */
  private static int receive(DatagramRing ring) {
    int all = 0;
    int digit = 1;
    for (int at = ring.first(); at >= 0; at = ring.first()) {
      int tag = ring.port(at);
      if (ring.length(at) != 8 || ring.high(at) != tag || ring.low(at) != tag) {
        return -1;
      }
      ring.remove(at);
      all += digit * tag;
      digit *= 10;
    }
    return all;
  }

  /** Two senders: each datagram arrives once, whole. */
  @JCStressTest
  @Outcome(
      id = {"21", "12"},
      expect = Expect.ACCEPTABLE)
  @State
  public static class TwoSenders {
    private final DatagramRing ring = new DatagramRing(1024);

    /** A sender. */
    @Actor
    public void first() {
      send(ring, 1);
    }

    /** Another. */
    @Actor
    public void second() {
      send(ring, 2);
    }

    /** What has come. */
    @Arbiter
    public void arbiter(I_Result r) {
      r.r1 = receive(ring);
    }
  }

  /** A sender and the reader, in a ring that has room for one datagram and is used again. */
  @JCStressTest
  @Outcome(
      id = {"0, 21", "1, 2", "21, 0"},
      expect = Expect.ACCEPTABLE)
  @Outcome(
      id = {"0, 1", "1, 0"},
      expect = Expect.ACCEPTABLE,
      desc = "the second was dropped")
  @State
  public static class SenderAndReader {
    private final DatagramRing ring = new DatagramRing(1);

    /** The sender. */
    @Actor
    public void sender() {
      send(ring, 1);
      send(ring, 2);
    }

    /** The reader. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = receive(ring);
    }

    /** What the reader left. */
    @Arbiter
    public void arbiter(II_Result r) {
      r.r2 = receive(ring);
    }
  }
}
