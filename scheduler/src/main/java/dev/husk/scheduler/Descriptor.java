package dev.husk.scheduler;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one descriptor: the kernel's, on which virtual threads block, or one that an
 * {@link Endpoint} serves in the process, or both.
 *
 * <p>Implementation notes. Each direction has one word: {@code null}, {@link #READY} (an edge came
 * that nobody has consumed), or who waits: a thread, or a {@link Handover}. A waiter swaps null for
 * itself and parks; the core that gets the edge swaps the thread for null and unparks it, or null
 * for READY. So no edge is lost whichever comes first, without a lock (the idea of Go's netpoll). A
 * second waiter for the same direction isn't possible under the JDK's own read and write locks;
 * should one come, it polls.
 *
 * <p>{@code drained} remembers that the last read took all there was. A read that starts with
 * drained set and no edge since would fail with EAGAIN, so it isn't made. The read consumes the
 * edge <em>before</em> its system call: data that arrives later makes another edge.
 */
final class Descriptor {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long READER = U.objectFieldOffset(Descriptor.class, "reader");
  private static final long WRITER = U.objectFieldOffset(Descriptor.class, "writer");
  private static final long CORE = U.objectFieldOffset(Descriptor.class, "core");

  private static final long MOVING = U.objectFieldOffset(Descriptor.class, "moving");

  /** Times in a row that the waiter ran on another core, after which the descriptor follows it. */
  private static final int STRAYS = 4;

  /** Waits between two looks at where packets arrive, once a connection is older. */
  private static final int LONGEST_LOOK_INTERVAL = 64;

  private static final Object READY = new Object();

  /** A wait for another thread that is about to be done, ns. */
  private static final long SOON = 100_000;

  final int fd;

  /** The core in whose epoll set it is, null when in none. Changed by compare-and-set. */
  private volatile @Nullable Core core;

  private volatile @Nullable Object reader;

  @SuppressWarnings("unused")
  private volatile @Nullable Object writer;

  /** Reader only (the JDK's read lock orders successive readers). */
  private boolean drained;

  /** The peer has shut down or an error is pending: reads always go to the kernel. */
  private volatile boolean hungUp;

  /** 1 while a waiter takes it to another core: reader and writer mustn't do so at once. */
  @SuppressWarnings("unused")
  private volatile int moving;

  private int strays;

  /** Waits since the last look at where packets arrive, and until the next. Racy; a hint. */
  private int waitsSinceLook;

  private int lookInterval = 2;

  /**
   * Known to be a socket, for which {@code recv} and {@code send} spare what {@code read} and
   * {@code write} do for files. Set once, by who blocks on it; racy, a hint.
   */
  boolean isSocket;

  /** A stream socket of which the seams see every read, write and accept. Set once. */
  volatile boolean isStream;

  /** For event queues; made by the first one that watches it. */
  private volatile @Nullable Readiness readiness;

  /** The app uses the channel without blocking: each read goes to the kernel. */
  private volatile boolean nonBlocking;

  /** What serves it in the process; null for the kernel alone. Set once. */
  volatile @Nullable Endpoint endpoint;

  /** Its registrations in event queues. Guarded by this object's monitor. */
  private @Nullable Watch watches;

  /** What the socket seams have noted of it before it got an endpoint; theirs to keep. */
  volatile @Nullable Object note;

  Descriptor(int fd) {
    this.fd = fd;
  }

  /**
   * Blocks the current thread until the descriptor may be ready, the time is over, or for no
   * reason, as {@code sun.nio.ch.Poller.poll} does.
   *
   * @param write which direction
   * @param nanos how long at most, 0 without limit
   * @param open asked once the thread is entered as a waiter: false when the channel was closed
   *     meanwhile; null for always open
   * @param deaf whether interrupts are not to end a facade's wait; a platform thread's they never
   *     do, as they don't end its system calls
   */
  void await(boolean write, long nanos, @Nullable BooleanSupplier open, boolean deaf)
      throws IOException {
    await(write, nanos, open, deaf, null);
  }

  /**
   * The same with an offer to a writer.
   *
   * @param handover the offer; null for none
   */
  @DontInline
  void await(
      boolean write,
      long nanos,
      @Nullable BooleanSupplier open,
      boolean deaf,
      @Nullable Handover handover)
      throws IOException {
    Endpoint endpoint = this.endpoint;
    if (endpoint == null || endpoint.isHybrid()) {
      register();
    }
    if (deaf) {
      // Channels come here too, and pipes are among those; who is deaf is a socket.
      isSocket = true;
    }
    long word = write ? WRITER : READER;
    Object waiter = handover == null ? Thread.currentThread() : handover;
    for (; ; ) {
      Object seen = U.getReferenceVolatile(this, word);
      if (seen == READY) {
        if (U.compareAndSetReference(this, word, READY, null)) {
          break;
        }
      } else if (seen == null) {
        if (U.compareAndSetReference(this, word, null, waiter)) {
          if ((open == null || open.getAsBoolean())
              && (endpoint == null || !endpoint.isReady(write))) {
            park(nanos, deaf);
          }
          // Still there after a timeout, an interrupt, or a close; gone after an edge.
          boolean taken =
              U.getReferenceVolatile(this, word) != waiter
                  || !U.compareAndSetReference(this, word, waiter, null);
          while (taken && handover != null && handover.isPending()) {
            // Woken for another reason while somebody copies.
            park(SOON, deaf);
          }
          break;
        }
      } else {
        // Somebody else waits for the same direction; the JDK's locks don't let this happen.
        park(1_000_000, deaf);
        break;
      }
    }
    if (!write) {
      drained = false;
    }
  }

  private static void park(long nanos, boolean deaf) {
    Facade facade = Facade.current();
    if (facade != null) {
      facade.parkInIo(nanos, deaf);
    } else if (Thread.currentThread().isVirtual()) {
      Facade.park(nanos);
    } else {
      boolean interrupted = Thread.interrupted();
      U.park(false, nanos);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void register() throws IOException {
    Core registered = core;
    Core here = here();
    if (registered == null) {
      Core target = here != null ? here : Scheduler.cores[fd % Scheduler.cores.length];
      if (U.compareAndSetReference(this, CORE, null, target)) {
        enter(target, here);
      }
    } else if (here != null && here != registered) {
      // Threads stay where their descriptor is, until stealing has moved one for good.
      if (++strays >= STRAYS) {
        strays = 0;
        move(registered, here);
      }
    } else {
      strays = 0;
      if (here != null && Processors.isReady() && ++waitsSinceLook >= lookInterval) {
        waitsSinceLook = 0;
        lookInterval = Math.min(lookInterval << 1, LONGEST_LOOK_INTERVAL);
        followPackets(here);
      }
    }
  }

  /**
   * Moves to the core that runs where this socket's packets arrive, unless that has more than its
   * share already.
   */
  private void followPackets(Core here) throws IOException {
    int cpu = Processors.current();
    here.cpu = cpu;
    int packets = Processors.ofPackets(fd);
    if (packets < 0 || packets == cpu) {
      return;
    }
    Core[] cores = Scheduler.cores;
    for (Core other : cores) {
      if (other != here && other.cpu == packets) {
        if (Scheduler.mayTakeMore(other)) {
          move(here, other);
        }
        return;
      }
    }
  }

  /** Whether some core's set has it. */
  boolean isRegistered() {
    return core != null;
  }

  /** Has its edges come by one core's set, whoever asks for them. */
  void goTo(Core target) throws IOException {
    Core registered = core;
    if (registered == null) {
      if (U.compareAndSetReference(this, CORE, null, target)) {
        enter(target, here());
      }
    } else if (registered != target) {
      move(registered, target);
    }
  }

  /** Waiters in both directions may try at once; one of them does it. */
  private void move(Core from, Core to) throws IOException {
    if (!U.compareAndSetInt(this, MOVING, 0, 1)) {
      return;
    }
    try {
      if (U.compareAndSetReference(this, CORE, from, to)) {
        from.epoll.remove(fd);
        Scheduler.moves.getAndIncrement();
        enter(to, here());
      }
    } finally {
      moving = 0;
    }
  }

  /** Goes into a core's epoll set, which reports what it is ready for already as an edge. */
  private void enter(Core target, @Nullable Core here) throws IOException {
    try {
      target.epoll.add(fd);
    } catch (IOException e) {
      core = null;
      // A waiter of the other direction may rely on this registration: it tries its own.
      stop(false);
      stop(true);
      throw e;
    }
    if (target != here) {
      target.ensurePolled();
    }
  }

  static @Nullable Core here() {
    return Jdk.JLA.currentCarrierThread() instanceof Carrier carrier && carrier.isRunning()
        ? carrier.core()
        : null;
  }

  /**
   * An edge; whoever has taken it from the set.
   *
   * @return whether somebody was woken
   */
  @DontInline
  boolean edge(int events) {
    boolean over = (events & (EpollSet.ERR | EpollSet.HUP | EpollSet.RDHUP)) != 0;
    if (over) {
      hungUp = true;
    }
    Readiness readiness = this.readiness;
    if (readiness != null) {
      readiness.edge(events);
    }
    Endpoint endpoint = this.endpoint;
    if (endpoint != null) {
      endpoint.kernelChanged();
    }
    boolean woken = false;
    if (over || (events & EpollSet.IN) != 0) {
      woken = wake(READER);
    }
    if ((events & (EpollSet.ERR | EpollSet.HUP | EpollSet.OUT)) != 0) {
      woken |= wake(WRITER);
    }
    return woken;
  }

  private boolean wake(long word) {
    for (; ; ) {
      Object seen = U.getReferenceVolatile(this, word);
      if (seen == READY) {
        return false;
      }
      if (seen == null) {
        if (U.compareAndSetReference(this, word, null, READY)) {
          return false;
        }
      } else if (U.compareAndSetReference(this, word, seen, null)) {
        goOn(seen);
        return true;
      }
    }
  }

  private static void goOn(Object waiter) {
    if (waiter instanceof Handover handover) {
      handover.finish(0);
    } else {
      unpark((Thread) waiter);
    }
  }

  static void unpark(Thread thread) {
    if (thread.isVirtual()) {
      Jdk.JLA.unparkVirtualThread(thread);
    } else {
      U.unpark(thread);
    }
  }

  /**
   * Unparks who waits, without an edge: the channel is being closed, or its endpoint has changed.
   * Any thread.
   *
   * @return whether somebody was woken
   */
  boolean stop(boolean write) {
    long word = write ? WRITER : READER;
    Object seen = U.getReferenceVolatile(this, word);
    if (seen != null && seen != READY && U.compareAndSetReference(this, word, seen, null)) {
      goOn(seen);
      return true;
    }
    return false;
  }

  /** The reader that waits with a handover, taken out of the word; null for none. Any thread. */
  @Nullable Handover takeReader() {
    Object seen = reader;
    return seen instanceof Handover handover && U.compareAndSetReference(this, READER, seen, null)
        ? handover
        : null;
  }

  /**
   * Whether a read now is known to find nothing; consumes the edge if there is one. Reader only.
   */
  boolean readWouldBlock() {
    if (reader == READY) {
      U.compareAndSetReference(this, READER, READY, null);
      return false;
    }
    return drained && !hungUp && !nonBlocking && core != null;
  }

  /** Notes whether a read left nothing behind. Reader only. */
  void readDone(boolean tookAll) {
    drained = tookAll;
  }

  /** The app has set the channel's blocking mode. */
  void setBlocking(boolean blocking) {
    nonBlocking = !blocking;
  }

  /** What a stream socket is ready for; null before an event queue has watched it. */
  @Nullable Readiness knownReadiness() {
    return readiness;
  }

  synchronized Readiness readiness() {
    Readiness readiness = this.readiness;
    if (readiness == null) {
      readiness = Readiness.of(this);
      this.readiness = readiness;
    }
    return readiness;
  }

  /** Gives it an endpoint, to which its registrations go over. */
  synchronized void attach(Endpoint endpoint) {
    endpoint.descriptor = this;
    this.endpoint = endpoint;
    for (Watch watch = watches; watch != null; watch = watch.nextOfDescriptor) {
      endpoint.watch(watch);
      watch.attached(endpoint);
    }
  }

  synchronized @Nullable Endpoint enter(Watch watch) {
    watch.nextOfDescriptor = watches;
    watches = watch;
    Endpoint endpoint = this.endpoint;
    if (endpoint != null) {
      endpoint.watch(watch);
    }
    return endpoint;
  }

  synchronized void leave(Watch watch) {
    Endpoint endpoint = this.endpoint;
    if (endpoint != null) {
      endpoint.unwatch(watch);
    }
    if (watches == watch) {
      watches = watch.nextOfDescriptor;
      return;
    }
    for (Watch each = watches; each != null; each = each.nextOfDescriptor) {
      if (each.nextOfDescriptor == watch) {
        each.nextOfDescriptor = watch.nextOfDescriptor;
        return;
      }
    }
  }

  /** The descriptor is closed, or its number is another socket's now. */
  void closed() {
    Watch left;
    synchronized (this) {
      left = watches;
      watches = null;
    }
    for (; left != null; left = left.nextOfDescriptor) {
      left.closed();
    }
    Core registered = core;
    if (registered != null && U.compareAndSetReference(this, CORE, registered, null)) {
      registered.epoll.forget();
    }
  }
}
