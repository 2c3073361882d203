package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;

/**
 * One end of a pipe within the process. Both share the bytes, a {@link StreamRing}, and how these
 * would lie on the kernel's pages.
 *
 * <p>Implementation notes. As for {@link Stream}: who changes what the other end may wait for makes
 * a full fence and tells it; who waits enters itself and looks again. A thread in a call is called
 * off first, and the end is closed when it has left: nothing is written behind the end of the
 * bytes.
 */
abstract sealed class PipeEnd extends Endpoint permits PipeSource, PipeSink {
  /** There is no virtual number left. */
  static final long NONE = -1;

  final StreamRing ring;
  final PipePages pages;

  private volatile boolean blocking = true;
  private volatile boolean calledOff;
  private volatile boolean closed;

  PipeEnd(StreamRing ring, PipePages pages) {
    this.ring = ring;
    this.pages = pages;
  }

  /**
   * Makes a pipe.
   *
   * @return the numbers of its source (the high half) and its sink, or {@link #NONE}
   */
  static long open() {
    PipeSource source = new PipeSource(new StreamRing(PipePages.CAPACITY), new PipePages());
    int in = Descriptors.open(source);
    if (in < 0) {
      return NONE;
    }
    int out = Descriptors.open(source.sink);
    if (out < 0) {
      Descriptors.close(in);
      return NONE;
    }
    return (long) in << 32 | out;
  }

  abstract PipeEnd peer();

  /** What is said of this end when the other is closed. */
  abstract int peerClosed();

  /** What it is ready for, but for being called off. */
  abstract int ready();

  @Override
  public final int poll() {
    return calledOff ? ready() | HUP : ready();
  }

  /** Whether its descriptor is closed. */
  final boolean isClosed() {
    return closed;
  }

  /** Whether a call on it is to end. */
  final boolean isCalledOff() {
    return calledOff;
  }

  /** Whether a call waits here; for the app's virtual threads the JDK does so. */
  final boolean waits() {
    return blocking && !isOnAppsVirtualThread();
  }

  @Override
  public final void setBlocking(boolean blocking) {
    this.blocking = blocking;
  }

  @Override
  public final void preClose() {
    callOff();
  }

  @Override
  public final void callOff() {
    // Volatile, with a full fence behind it.
    calledOff = true;
    changed(IN | OUT | HUP);
  }

  @Override
  public final boolean close() {
    closed = true;
    tellPeer(peer().peerClosed());
    return false;
  }

  /** Tells the other end of what was published, a full fence ago. */
  final void tellPeer(int events) {
    peer().changed(events);
  }
}
