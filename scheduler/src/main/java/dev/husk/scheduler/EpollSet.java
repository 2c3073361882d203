package dev.husk.scheduler;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskEvent;
import sun.nio.ch.HuskNio;

/**
 * The epoll set of one core. The core's owner waits on it; any thread may add descriptors, or take
 * what is ready.
 *
 * <p>Each descriptor is registered once, edge-triggered, for both directions, and stays until it is
 * closed, so that blocking on it costs no system call of its own.
 */
public final class EpollSet {
  static final int IN = 0x1;
  static final int OUT = 0x4;
  static final int ERR = 0x8;
  static final int HUP = 0x10;
  static final int RDHUP = 0x2000;
  private static final int EDGE = 1 << 31;
  private static final int CTL_ADD = 1;
  private static final int CTL_DEL = 2;
  private static final int EEXIST = 17;

  /** Events taken at a time; more stay in the kernel for the next call. */
  private static final int BATCH = 256;

  /** Waits in a row that fail before the precise call is given up. */
  private static final int FAILURES = 100;

  private static final Unsafe U = Unsafe.getUnsafe();

  private static final long WAITING = U.objectFieldOffset(EpollSet.class, "waiting");

  private static final long TAKING = U.objectFieldOffset(EpollSet.class, "taking");

  private final Core core;
  private volatile boolean opened;

  /** These are written once, before {@link #opened}. */
  private int epfd;

  private HuskEvent event;
  private int eventFd;
  private long events;
  private final AtomicInteger registered = new AtomicInteger();

  /** A {@code struct timespec} of two 64-bit words, as on every 64-bit Linux. */
  private long timespec;

  private int ready;
  private int failures;

  /** Whether idle carriers park instead of waiting here, see {@link ExitHook}. */
  private static volatile boolean closed;

  /** The owner is in a system call that may block. Read racily by the {@link ExitHook}. */
  private volatile boolean waiting;

  /** The owner may have taken events that it has not dispatched yet. */
  @SuppressWarnings("unused")
  private volatile boolean taking;

  /** Others who may have. */
  private final AtomicInteger takers = new AtomicInteger();

  /** The owner, while it parks because of {@link #closed}. */
  private volatile @Nullable Thread parked;

  EpollSet(Core core) {
    this.core = core;
  }

  Core core() {
    return core;
  }

  /** The set of the core that the current thread runs on; null for a platform thread. */
  public static @Nullable EpollSet here() {
    Core core = Descriptor.here();
    return core == null ? null : core.epoll;
  }

  /**
   * Makes the set; called by the first carrier of the core, or by who adds the first descriptor.
   */
  synchronized void open() {
    if (opened) {
      return;
    }
    try {
      epfd = HuskNio.epollCreate();
      event = new HuskEvent();
      eventFd = event.fd();
      // Edge-triggered: each write is an edge, so nobody has to read the counter.
      int error = HuskNio.epollCtl(epfd, CTL_ADD, eventFd, IN | EDGE);
      if (error != 0) {
        throw new IOException("epoll_ctl: error " + error);
      }
    } catch (IOException e) {
      throw Jdk.rethrow(e);
    }
    events = U.allocateMemory((long) BATCH * JdkNio.EPOLL_EVENT_SIZE);
    timespec = U.allocateMemory(2 * Long.BYTES);
    opened = true;
  }

  /** Descriptors that may become ready here. */
  int registered() {
    return registered.get();
  }

  /** Adds a descriptor for both directions; what it is ready for already is reported as an edge. */
  void add(int fd) throws IOException {
    if (!opened) {
      open();
    }
    int error = HuskNio.epollCtl(epfd, CTL_ADD, fd, IN | OUT | RDHUP | EDGE);
    if (error != 0 && error != EEXIST) {
      throw new IOException("epoll_ctl failed: " + error);
    }
    registered.getAndIncrement();
  }

  /** Takes a descriptor out, to be added elsewhere. */
  void remove(int fd) {
    HuskNio.epollCtl(epfd, CTL_DEL, fd, 0);
    registered.getAndDecrement();
  }

  /** Counts a descriptor that the kernel has taken out because it was closed. */
  void forget() {
    registered.getAndDecrement();
  }

  /**
   * Waits for events; owner only.
   *
   * @param nanos how long at most; 0 doesn't wait, -1 waits without limit
   */
  void await(long nanos) {
    U.putBooleanRelease(this, TAKING, true);
    if (nanos == 0) {
      take(0);
      return;
    }
    U.putBooleanRelease(this, WAITING, true);
    if (closed) {
      U.putBooleanRelease(this, WAITING, false);
      parkInstead(nanos);
      return;
    }
    take(nanos);
    U.putBooleanRelease(this, WAITING, false);
  }

  private void take(long nanos) {
    try {
      if (nanos > 0 && PreciseWait.isReady()) {
        U.putLong(timespec, nanos / 1_000_000_000);
        U.putLong(timespec + Long.BYTES, nanos % 1_000_000_000);
        ready = PreciseWait.await(epfd, events, BATCH, timespec);
        if (ready >= 0) {
          failures = 0;
          return;
        }
        // A signal ends a wait early, which does no harm; the same failure again and again is
        // ENOSYS.
        if (++failures < FAILURES) {
          return;
        }
        PreciseWait.giveUp();
      }
      int millis =
          nanos <= 0
              ? (int) nanos
              : (int) Math.min((nanos + 999_999) / 1_000_000, Integer.MAX_VALUE);
      ready = HuskNio.epollWait(epfd, events, BATCH, millis);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** Wakes the threads whose descriptors the last {@link #await} found ready; owner only. */
  void dispatch() {
    int ready = this.ready;
    this.ready = 0;
    dispatch(events, ready);
    U.putBooleanRelease(this, TAKING, false);
  }

  /**
   * Takes what is ready now and wakes who waits for it, as the core's owner does between two
   * threads; any thread.
   *
   * @param buffer room for {@code most} events, which the caller has to itself
   */
  public void poll(long buffer, int most) throws IOException {
    takers.getAndIncrement();
    try {
      dispatch(buffer, HuskNio.epollWait(epfd, buffer, most, 0));
    } finally {
      takers.getAndDecrement();
    }
  }

  /**
   * Whether nobody has taken events that he has not told of yet: what {@link #poll} didn't find
   * wasn't there.
   */
  public boolean isSettled() {
    return !taking && takers.get() == 0;
  }

  private void dispatch(long buffer, int count) {
    for (int i = 0; i < count; i++) {
      long event = EpollEvents.at(buffer, i);
      int fd = EpollEvents.fd(event);
      if (fd != eventFd) {
        Descriptors.ready(fd, EpollEvents.events(event));
      } else if (core.isSleeping()) {
        // A wake-up that was the owner's, taken by somebody else.
        wakeUp();
      }
    }
  }

  /** The JVM goes down: nothing but threads of this process will wake a carrier any more. */
  private void parkInstead(long nanos) {
    parked = Thread.currentThread();
    take(0);
    if (ready == 0) {
      U.park(false, nanos < 0 ? 0 : nanos);
    }
    parked = null;
  }

  /** From here on no carrier begins a wait. */
  static void stayOut() {
    closed = true;
  }

  /** Ends the wait that is under way, if any. */
  void callOut() {
    if (opened) {
      wakeUp();
    }
  }

  /** Whether the owner is in a wait. */
  boolean isWaiting() {
    return waiting;
  }

  /** Ends a wait, the one under way or the next; any thread. */
  void wakeUp() {
    try {
      event.set();
    } catch (IOException e) {
      throw Jdk.rethrow(e);
    }
    // After the event, which the owner looks for once it has said that it parks.
    Thread parked = this.parked;
    if (parked != null) {
      U.unpark(parked);
    }
  }
}
