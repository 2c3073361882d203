package dev.husk.netpath;

import java.io.IOException;
import jdk.internal.misc.Unsafe;

/** The end of a pipe that is read from. */
final class PipeSource extends PipeEnd {
  private static final Unsafe U = Unsafe.getUnsafe();

  final PipeSink sink;

  PipeSource(StreamRing ring, PipePages pages) {
    super(ring, pages);
    sink = new PipeSink(ring, pages, this);
  }

  @Override
  PipeEnd peer() {
    return sink;
  }

  @Override
  int peerClosed() {
    return HUP;
  }

  @Override
  int ready() {
    // The last bytes are written before the end is said.
    int events = sink.isClosed() ? HUP : 0;
    return pages.end() != ring.position() ? events | IN : events;
  }

  @Override
  public int read(long address, int length) throws IOException {
    return (int) read(Buffers.ONE, address, length);
  }

  @Override
  public long readv(long vectors, int count) throws IOException {
    return read(Buffers.VECTORS, vectors, count);
  }

  private long read(Buffers buffers, long address, int length) throws IOException {
    for (; ; ) {
      boolean ended = sink.isClosed();
      long n = take(buffers, address, length);
      if (n > 0) {
        return n;
      }
      if (ended) {
        return EOF;
      }
      if (isCalledOff()) {
        return INTERRUPTED;
      }
      ring.relax();
      if (!waits()) {
        return UNAVAILABLE;
      }
      await(false, 0, null);
    }
  }

  /** Reads what there is; the writer that waits for a page is told. */
  private long take(Buffers buffers, long address, int length) {
    long before = ring.position();
    long there = pages.end() - before;
    long n = 0;
    for (int i = 0; i < buffers.count(length) && n < there; i++) {
      int part = (int) Math.min(buffers.length(address, length, i), there - n);
      n += ring.read(null, buffers.address(address, i), part, true);
    }
    if (n > 0) {
      // The room is published; a writer that waits for it is seen now, or sees it.
      U.fullFence();
      if (pages.isFreed(before, before + n)) {
        tellPeer(OUT);
      }
    }
    return n;
  }
}
