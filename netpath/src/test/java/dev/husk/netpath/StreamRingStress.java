package dev.husk.netpath;

import jdk.internal.misc.Unsafe;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** jcstress tests of {@link StreamRing}. {@code StressTest} runs them. */
public final class StreamRingStress {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long BASE = Unsafe.ARRAY_BYTE_BASE_OFFSET;

  private StreamRingStress() {}

  /** Reads what there is; the number of bytes, or -1 where one is wrong. */
  private static int read(StreamRing ring, int from, int most) {
    byte[] bytes = new byte[most];
    int n = ring.read(bytes, BASE, most, true);
    for (int i = 0; i < n; i++) {
      if (bytes[i] != (byte) (from + i + 1)) {
        return -1;
      }
    }
    return n;
  }

  private static void write(StreamRing ring, int from, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (from + i + 1);
    }
    ring.write(bytes, BASE, count);
  }

  /** A reader sees what was written, whole writes in order. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 3", "0, 5", "3, 0", "3, 2", "5, 0"},
      expect = Expect.ACCEPTABLE)
  @State
  public static class WritesAndReads {
    private final StreamRing ring = new StreamRing(1 << 20);

    /** The writer. */
    @Actor
    public void writer() {
      write(ring, 0, 3);
      write(ring, 3, 2);
    }

    /** The reader. */
    @Actor
    public void reader(II_Result r) {
      r.r1 = read(ring, 0, 8);
      r.r2 = read(ring, r.r1, 8);
    }
  }

  /** A chunk that is taken away while it is written to takes no byte with it. */
  @JCStressTest
  @Outcome(id = "9", expect = Expect.ACCEPTABLE)
  @State
  public static class TakesAwayWhileWritten {
    private final StreamRing ring = new StreamRing(1 << 20);

    /** Starts with a chunk of the middle size that is empty. */
    public TakesAwayWhileWritten() {
      byte[] bytes = new byte[StreamRing.SMALL + 1];
      ring.write(bytes, BASE, bytes.length);
      ring.read(bytes, BASE, bytes.length, true);
    }

    /** The writer. */
    @Actor
    public void writer() {
      write(ring, 0, 4);
      write(ring, 4, 5);
    }

    /** The reader. */
    @Actor
    public void reader(I_Result r) {
      ring.relax();
      r.r1 = read(ring, 0, 16);
      ring.relax();
    }

    /** What the reader left. */
    @Arbiter
    public void arbiter(I_Result r) {
      int rest = read(ring, r.r1, 16);
      r.r1 = rest < 0 ? rest : r.r1 + rest;
    }
  }

  /** A writer that goes on in another chunk, and a reader that follows. */
  @JCStressTest
  @Outcome(id = "0, 2", expect = Expect.ACCEPTABLE)
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE)
  @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE)
  @State
  public static class FollowsIntoTheNextChunk {
    private final StreamRing ring = new StreamRing(1 << 20);

    /** Starts with a full chunk but for a byte, all of it read but for the last. */
    public FollowsIntoTheNextChunk() {
      byte[] bytes = new byte[StreamRing.SMALL];
      ring.write(bytes, BASE, StreamRing.SMALL);
    }

    /** The writer: there is no room in the first chunk unless the reader has made some. */
    @Actor
    public void writer() {
      write(ring, 0, 2);
    }

    /** The reader. */
    @Actor
    public void reader(II_Result r) {
      byte[] bytes = new byte[StreamRing.SMALL];
      ring.read(bytes, BASE, StreamRing.SMALL, true);
      r.r1 = read(ring, 0, 1) + read(ring, 0, 0);
      r.r1 += r.r1 == 1 ? read(ring, 1, 1) : 0;
    }

    /** What the reader left. */
    @Arbiter
    public void arbiter(II_Result r) {
      r.r2 = read(ring, r.r1, 4);
    }
  }

  /** The end is seen after the bytes before it. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 1", "2, 0", "2, 1"},
      expect = Expect.ACCEPTABLE)
  @State
  public static class Finishes {
    private final StreamRing ring = new StreamRing(1 << 20);

    /** The writer. */
    @Actor
    public void writer() {
      write(ring, 0, 2);
      ring.finish();
    }

    /** The reader: where the end is seen all bytes are. */
    @Actor
    public void reader(II_Result r) {
      boolean finished = ring.isFinished();
      r.r1 = read(ring, 0, 4);
      r.r2 = finished && r.r1 != 2 ? 2 : finished ? 1 : 0;
    }
  }

  /** A writer that waits for room, by the rule in {@code Stream}: one side sees the other. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 0", "1, 1"},
      expect = Expect.ACCEPTABLE)
  @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the writer would sleep for ever")
  @State
  public static class WaitsForRoom {
    private final StreamRing ring = new StreamRing(8);
    private volatile int waits;

    /** Starts full. */
    public WaitsForRoom() {
      write(ring, 0, 8);
    }

    /** The writer enters itself, and looks again. */
    @Actor
    public void writer(II_Result r) {
      waits = 1;
      U.fullFence();
      r.r1 = ring.isWritable() ? 1 : 0;
    }

    /** The reader makes room, and looks for a writer. */
    @Actor
    public void reader(II_Result r) {
      read(ring, 0, 8);
      U.fullFence();
      r.r2 = waits;
    }
  }
}
