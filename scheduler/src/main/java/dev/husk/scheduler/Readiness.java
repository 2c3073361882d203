package dev.husk.scheduler;

import java.io.FileDescriptor;
import java.io.IOException;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskNet;

/**
 * What a stream socket of the kernel's is ready for, without a system call for the question: told
 * by the edges that its core's epoll set reports, and by what the app's own calls leave behind. One
 * event queue watches it.
 *
 * <p>Implementation notes. A read begins with {@link #NO} and makes that {@link #UNSURE} unless it
 * took all there was: an edge that comes meanwhile says YES and isn't lost. A readiness that was
 * reported becomes UNSURE, too, since it may have been used in a way that nobody sees here; a read
 * that follows makes it NO again. Where it is UNSURE, or the connection has ended on one side, the
 * kernel is asked by {@code poll(2)}. So what is reported is what the kernel's own level-triggered
 * set would report.
 */
public final class Readiness {
  /** A call would block; an edge will come when it no longer does. */
  private static final int NO = 0;

  /** An edge has come since the last call. */
  private static final int YES = 1;

  /** Only the kernel knows. */
  private static final int UNSURE = 2;

  private static final int ENDS = Endpoint.ERR | Endpoint.HUP | Endpoint.RDHUP;
  private static final int ALL = Endpoint.IN | Endpoint.OUT | Endpoint.RDHUP;

  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long READABLE = U.objectFieldOffset(Readiness.class, "readable");
  private static final long WRITABLE = U.objectFieldOffset(Readiness.class, "writable");
  private static final long WATCH = U.objectFieldOffset(Readiness.class, "watch");

  /** {@code poll(2)} for {@link #ALL}, without waiting. */
  interface Kernel {
    int poll() throws IOException;
  }

  private final Descriptor descriptor;
  private final Kernel kernel;

  /**
   * YES and what is told to the watch is written with a full fence behind it, the rest with release
   * order: the kernel's locks are between it and an edge that comes later.
   */
  private volatile int readable = UNSURE;

  private volatile int writable = UNSURE;

  /** One of {@link #ENDS} has shown. */
  private volatile boolean ended;

  private volatile @Nullable Watch watch;

  Readiness(Descriptor descriptor, Kernel kernel) {
    this.descriptor = descriptor;
    this.kernel = kernel;
  }

  static Readiness of(Descriptor descriptor) {
    FileDescriptor fd = HuskNet.descriptor(descriptor.fd);
    return new Readiness(descriptor, () -> HuskNet.poll(fd, ALL, 0));
  }

  /**
   * The readiness of a stream socket, watched from now on. Any thread.
   *
   * @param set that is to report its edges
   * @return null where it isn't known to be a stream socket, or where somebody watches it already
   * @throws IOException where the kernel doesn't take it into the set
   */
  public static @Nullable Readiness watch(int fd, Watch watch, EpollSet set) throws IOException {
    Descriptor descriptor = Descriptors.find(fd);
    if (descriptor == null || !descriptor.isStream) {
      return null;
    }
    Readiness readiness = descriptor.readiness();
    if (!readiness.enter(watch)) {
      return null;
    }
    try {
      readiness.move(set);
    } catch (IOException e) {
      readiness.unwatch(watch);
      throw e;
    }
    return readiness;
  }

  boolean enter(Watch watch) {
    return U.compareAndSetReference(this, WATCH, null, watch);
  }

  /** Ends {@link #watch}. */
  public void unwatch(Watch watch) {
    U.compareAndSetReference(this, WATCH, watch, null);
  }

  /** Has another core's set report the edges from now on; what it is ready for comes as one. */
  public void move(EpollSet set) throws IOException {
    descriptor.goTo(set.core());
  }

  /**
   * What it is ready for, as {@code epoll_wait(2)} would report it. Any thread; by a volatile read.
   *
   * @param interest what the caller wants to know of
   */
  public int poll(int interest) {
    int readable = this.readable;
    int writable = this.writable;
    if (ended
        || (readable == UNSURE && (interest & Endpoint.IN) != 0)
        || (writable == UNSURE && (interest & Endpoint.OUT) != 0)) {
      return ask();
    }
    return (readable != NO ? Endpoint.IN : 0) | (writable != NO ? Endpoint.OUT : 0);
  }

  private int ask() {
    // Before the question: what changes after the answer comes as an edge.
    U.putIntRelease(this, READABLE, NO);
    U.putIntRelease(this, WRITABLE, NO);
    ended = false;
    int ready;
    try {
      ready = kernel.poll();
    } catch (IOException e) {
      // As of a descriptor that is no more.
      return Endpoint.ERR | Endpoint.HUP;
    }
    note(ready);
    return ready & (ALL | ENDS);
  }

  private void note(int events) {
    if ((events & ENDS) != 0) {
      ended = true;
    }
    if ((events & Endpoint.IN) != 0) {
      readable = YES;
    }
    if ((events & Endpoint.OUT) != 0) {
      writable = YES;
    }
  }

  /** An edge; whoever has taken it from the set. */
  void edge(int events) {
    note(events);
    tell(events);
  }

  private void tell(int events) {
    Watch watch = this.watch;
    if (watch != null) {
      watch.changed(events);
    }
  }

  /** Its watcher has been told of these events, and may do with them what isn't seen here. */
  public void reported(int events) {
    if ((events & Endpoint.IN) != 0 && readable == YES) {
      U.putIntRelease(this, READABLE, UNSURE);
    }
    if ((events & Endpoint.OUT) != 0 && writable == YES) {
      U.putIntRelease(this, WRITABLE, UNSURE);
    }
  }

  /** An edge may be on its way: the kernel is to be asked. */
  public void doubt() {
    if (readable == NO) {
      readable = UNSURE;
    }
    if (writable == NO) {
      writable = UNSURE;
    }
  }

  /** A read, or an accept, is about to begin. One thread at a time. */
  void reads() {
    if (readable != NO) {
      U.putIntRelease(this, READABLE, NO);
    }
  }

  /**
   * It is done.
   *
   * @param tookAll whether it is known to have left nothing
   */
  void hasRead(boolean tookAll) {
    if (!tookAll || ended) {
      readable = UNSURE;
      tell(Endpoint.IN);
    }
  }

  /** Something was written, or couldn't be. One thread at a time. */
  void wrote() {
    if (writable == YES) {
      U.putIntRelease(this, WRITABLE, UNSURE);
    }
  }
}
