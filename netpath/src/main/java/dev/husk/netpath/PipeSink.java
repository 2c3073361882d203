package dev.husk.netpath;

import dev.husk.scheduler.SocketErrors;
import java.io.IOException;

/** The end of a pipe that is written to. */
final class PipeSink extends PipeEnd {
  private final PipeSource source;

  PipeSink(StreamRing ring, PipePages pages, PipeSource source) {
    super(ring, pages);
    this.source = source;
  }

  @Override
  PipeEnd peer() {
    return source;
  }

  @Override
  int peerClosed() {
    return ERR;
  }

  @Override
  int ready() {
    int events = source.isClosed() ? ERR : 0;
    return pages.isFree(ring.position()) ? events | OUT : events;
  }

  @Override
  public int write(long address, int length) throws IOException {
    return (int) write(Buffers.ONE, address, length);
  }

  @Override
  public long writev(long vectors, int count) throws IOException {
    return write(Buffers.VECTORS, vectors, count);
  }

  private long write(Buffers buffers, long address, int length) throws IOException {
    long whole = buffers.size(address, length);
    long done = 0;
    while (done < whole) {
      if (source.isClosed()) {
        if (done > 0) {
          return done;
        }
        throw new IOException(SocketErrors.BROKEN_PIPE);
      }
      done += put(buffers, address, length, done, whole - done);
      if (done < whole) {
        if (isCalledOff()) {
          return done > 0 ? done : INTERRUPTED;
        }
        if (!waits()) {
          return done > 0 ? done : UNAVAILABLE;
        }
        await(true, 0, null);
      }
    }
    return done;
  }

  /** Writes what there is room for, leaving out what is done; the reader is told. */
  private long put(Buffers buffers, long address, int length, long done, long left) {
    long read = ring.position();
    long room = pages.room(left, read);
    if (room == 0) {
      return 0;
    }
    try {
      copy(buffers, address, length, done, room);
    } finally {
      // Without memory for all, what was written before stays written.
      pages.wrote(left, read, ring.written());
    }
    // Behind the full fence of publishing it.
    tellPeer(IN);
    return room;
  }

  private void copy(Buffers buffers, long address, int length, long skip, long count) {
    long left = count;
    for (int i = 0; left > 0; i++) {
      long part = buffers.length(address, length, i);
      if (skip < part) {
        int n = (int) Math.min(part - skip, left);
        ring.write(null, buffers.address(address, i) + skip, n);
        left -= n;
      }
      skip = Math.max(skip - part, 0);
    }
  }
}
