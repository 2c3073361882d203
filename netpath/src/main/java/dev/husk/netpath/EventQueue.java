package dev.husk.netpath;

import dev.husk.scheduler.Descriptors;
import dev.husk.scheduler.Endpoint;
import dev.husk.scheduler.EpollEvents;
import dev.husk.scheduler.EpollSet;
import dev.husk.scheduler.Readiness;
import dev.husk.scheduler.Watch;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.annotation.DontInline;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskEvent;
import sun.nio.ch.HuskNet;
import sun.nio.ch.HuskNio;

/**
 * What a selector, or a group of asynchronous channels, waits on: a queue of those registrations
 * that may be ready, of endpoints in the process and of the kernel's stream sockets, and for other
 * descriptors of the kernel's its {@code epoll} set. It serves the descriptor of that set.
 *
 * <p>The stream sockets are in the {@code epoll} set of one core, like those that threads block on:
 * a single system call of the core's tells of all of them, whichever selector they belong to, and a
 * change of interest costs none ({@link Readiness}). Those of a selector that platform threads use
 * stay in its own set.
 *
 * <p>Implementation notes. As in the kernel: an endpoint that changes puts its registration into
 * the queue, once; who waits takes the queue, asks each endpoint what it is ready for, reports
 * those that are ready and keeps them for the next time (level-triggered). A registration leaves
 * the queue by clearing its mark and asking once more, so that no change is lost in between. The
 * queue is a stack of Treiber's that is taken as a whole.
 *
 * <p>A virtual thread parks; a platform thread sleeps in {@code epoll_wait}, and who has news for
 * it writes an eventfd that is in the set: one system call, only while it sleeps.
 */
final class EventQueue extends Endpoint {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final long READY = U.objectFieldOffset(EventQueue.class, "ready");
  private static final long QUEUED = U.objectFieldOffset(Registration.class, "queued");
  private static final long READINESS = U.objectFieldOffset(Registration.class, "readiness");

  private static final int CTL_ADD = 1;
  private static final int CTL_DEL = 2;
  private static final int CTL_MOD = 3;
  private static final int ENOENT = 2;
  private static final int EBADF = 9;
  private static final int EEXIST = 17;
  private static final int ONE_SHOT = 1 << 30;
  private static final int EDGE = 1 << 31;

  /** As {@code Descriptor} has it for one. */
  private static final int STRAYS = 4;

  private final int epfd;

  /** The set is older than the seams: what isn't registered here may be so with the kernel. */
  private volatile boolean adopted;

  /** By descriptor. Guarded by this object's monitor. */
  private final HashMap<Integer, Registration> registrations = new HashMap<>();

  /** Registrations that the kernel knows. */
  private final AtomicInteger inKernel = new AtomicInteger();

  /** Whether the kernel's set may have something to report. */
  private volatile boolean kernelMayBeReady = true;

  /**
   * The core's set in which the stream sockets are; null before the first. Written under the
   * monitor.
   */
  private volatile @Nullable EpollSet home;

  /** Registrations there. */
  private final AtomicInteger atHome = new AtomicInteger();

  /** The waiter has been woken since it last looked: a carrier has looked at {@link #home} then. */
  private boolean woken;

  /** Times in a row that the waiter ran on another core than {@link #home}. */
  private int strays;

  /** Those that may be ready, put there by any thread. */
  private volatile @Nullable Registration ready;

  /** Those found ready, in turn. By who waits, one thread at a time. */
  private Registration[] level = new Registration[16];

  private int levelSize;

  /** Platform threads in, or about to enter, the kernel's wait. */
  private final AtomicInteger sleepers = new AtomicInteger();

  /** Somebody is about to wake a sleeper, or has. */
  private final AtomicBoolean waking = new AtomicBoolean();

  /** Made by the first who has to wake a platform thread. Guarded by {@link #eventLock}. */
  private volatile @Nullable HuskEvent event;

  /**
   * Not the queue's own monitor: who wakes may hold a descriptor's, and who registers takes that
   * second.
   */
  private final Object eventLock = new Object();

  private EventQueue(int epfd) {
    this.epfd = epfd;
  }

  /** The queue of an epoll set, or null where it has none. */
  static @Nullable EventQueue find(int epfd) {
    return Descriptors.endpoint(epfd) instanceof EventQueue queue ? queue : null;
  }

  /** A queue for a set that was just made. */
  static EventQueue make(int epfd) {
    EventQueue queue = new EventQueue(epfd);
    Descriptors.attach(epfd, queue);
    return queue;
  }

  /** The queue of a set, which may be older than the seams. */
  static EventQueue of(int epfd) {
    EventQueue queue = find(epfd);
    if (queue == null) {
      queue = make(epfd);
      queue.adopted = true;
      // For ever: nobody knows what the set has in it.
      queue.inKernel.getAndIncrement();
    }
    return queue;
  }

  @Override
  public boolean isHybrid() {
    return inKernel.get() > 0;
  }

  @Override
  protected void kernelChanged() {
    kernelMayBeReady = true;
  }

  @Override
  public int poll() {
    return ready != null || levelSize > 0 ? IN : 0;
  }

  // Registrations

  /** See {@code epoll_ctl(2)}: an error number, or 0. */
  @DontInline
  synchronized int control(int operation, int fd, int events) {
    Registration registration = registrations.get(fd);
    return switch (operation) {
      case CTL_ADD -> registration != null ? EEXIST : add(fd, events);
      case CTL_MOD -> {
        if (registration == null) {
          yield adopted ? HuskNio.epollCtl(epfd, CTL_MOD, fd, events) : ENOENT;
        }
        registration.events = events;
        int error = registration.inKernel ? HuskNio.epollCtl(epfd, CTL_MOD, fd, events) : 0;
        registration.look();
        yield error;
      }
      default -> {
        if (registration == null) {
          yield adopted ? HuskNio.epollCtl(epfd, CTL_DEL, fd, 0) : ENOENT;
        }
        registrations.remove(fd);
        yield registration.remove();
      }
    };
  }

  private int add(int fd, int events) {
    Registration registration = new Registration(this, fd, events);
    int error = registration.add();
    if (error == 0) {
      registrations.put(fd, registration);
      registration.look();
    }
    return error;
  }

  private synchronized void drop(int fd, Registration registration) {
    registrations.remove(fd, registration);
  }

  private static final class Registration extends Watch {
    final EventQueue queue;
    volatile int events;

    /** Whether the kernel's set has it. */
    volatile boolean inKernel;

    /** What serves it in the process; null for the kernel alone. */
    volatile @Nullable Endpoint endpoint;

    /** Of a stream socket in {@link #home}; else null. */
    volatile @Nullable Readiness readiness;

    /** 1 while it is among the ready or the found. */
    @SuppressWarnings("unused")
    private volatile int queued;

    volatile boolean gone;

    /** Below it on the stack. Written before it is pushed. */
    @Nullable Registration next;

    Registration(EventQueue queue, int fd, int events) {
      super(fd);
      this.queue = queue;
      this.events = events;
    }

    int number() {
      return fd();
    }

    int add() {
      Endpoint serves = enter();
      if (serves != null) {
        endpoint = serves;
      }
      if (serves == null || serves.isHybrid()) {
        if (!toKernel()) {
          leave();
          return EBADF;
        }
        if (serves == null && goHome()) {
          return 0;
        }
        int error = enterKernel();
        if (error != 0) {
          leave();
          return error;
        }
      }
      return 0;
    }

    private int enterKernel() {
      inKernel = true;
      int error = HuskNio.epollCtl(queue.epfd, CTL_ADD, fd(), events);
      if (error != 0) {
        inKernel = false;
        return error;
      }
      queue.inKernel.getAndIncrement();
      queue.kernelMayBeReady = true;
      // It may have got an endpoint meanwhile.
      leaveKernelIfServed();
      return 0;
    }

    private boolean goHome() {
      EpollSet home = (events & ONE_SHOT) != 0 ? null : queue.home();
      if (home == null) {
        return false;
      }
      try {
        Readiness readiness = Readiness.watch(fd(), this, home);
        if (readiness == null) {
          return false;
        }
        this.readiness = readiness;
        queue.atHome.getAndIncrement();
      } catch (IOException e) {
        // The queue's own set will say why not.
        return false;
      }
      // It may have got an endpoint meanwhile, which the kernel's set is to serve, too, or not.
      Endpoint endpoint = this.endpoint;
      return endpoint == null || !leaveHome() || !endpoint.isHybrid();
    }

    /** Whether this call did it. */
    private boolean leaveHome() {
      Readiness readiness = this.readiness;
      if (readiness == null || !U.compareAndSetReference(this, READINESS, readiness, null)) {
        return false;
      }
      readiness.unwatch(this);
      queue.atHome.getAndDecrement();
      return true;
    }

    private boolean toKernel() {
      SocketNote note = SocketNote.find(fd());
      if (note != null && note.parked != null && endpoint == null) {
        try {
          ParkedSocket.toKernel(HuskNet.descriptor(fd()), note);
        } catch (IOException e) {
          return false;
        }
      }
      return true;
    }

    /** The set is closed, and with it the kernel's part. */
    void forget() {
      leave();
      gone = true;
      leaveHome();
    }

    int remove() {
      leave();
      gone = true;
      leaveHome();
      return leaveKernel();
    }

    private int leaveKernel() {
      if (!inKernel) {
        return 0;
      }
      inKernel = false;
      queue.inKernel.getAndDecrement();
      return HuskNio.epollCtl(queue.epfd, CTL_DEL, fd(), 0);
    }

    private void leaveKernelIfServed() {
      Endpoint endpoint = this.endpoint;
      if (endpoint != null && !endpoint.isHybrid()) {
        leaveKernel();
      }
    }

    @Override
    protected void attached(Endpoint endpoint) {
      this.endpoint = endpoint;
      if (leaveHome() && endpoint.isHybrid()) {
        enterKernel();
      }
      leaveKernelIfServed();
      look();
    }

    @Override
    protected void changed(int changes) {
      if ((changes & (events | ERR | HUP)) != 0) {
        queue.enqueue(this);
      }
    }

    @Override
    protected void closed() {
      gone = true;
      leaveHome();
      if (inKernel) {
        inKernel = false;
        queue.inKernel.getAndDecrement();
      }
      queue.drop(fd(), this);
    }

    /** What there is to report. */
    int readyFor() {
      int events = this.events;
      if (gone || (events & ~ONE_SHOT) == 0) {
        return 0;
      }
      Endpoint endpoint = this.endpoint;
      if (endpoint != null) {
        return endpoint.poll() & (events | ERR | HUP);
      }
      Readiness readiness = this.readiness;
      return readiness == null ? 0 : readiness.poll(events) & (events | ERR | HUP);
    }

    /** The app is told of these events. */
    void report(int events) {
      Readiness readiness = this.readiness;
      if (readiness != null) {
        readiness.reported(events);
      }
    }

    void look() {
      if (readyFor() != 0) {
        queue.enqueue(this);
      }
    }

    boolean mark() {
      return queued == 0 && U.compareAndSetInt(this, QUEUED, 0, 1);
    }

    void unmark() {
      U.putIntVolatile(this, QUEUED, 0);
    }
  }

  @DontInline
  private void enqueue(Registration registration) {
    if (!registration.mark()) {
      return;
    }
    Registration top;
    do {
      top = ready;
      registration.next = top;
    } while (!U.compareAndSetReference(this, READY, top, registration));
    wake();
  }

  private void wake() {
    changed(IN);
    if (sleepers.get() != 0 && waking.compareAndSet(false, true)) {
      wakeSleeper();
    }
  }

  private void wakeSleeper() {
    try {
      HuskEvent event = this.event;
      if (event == null) {
        event = makeEvent();
      }
      event.set();
    } catch (IOException e) {
      throw new IllegalStateException("no eventfd to wake a selector", e);
    }
  }

  private HuskEvent makeEvent() throws IOException {
    synchronized (eventLock) {
      HuskEvent event = this.event;
      if (event == null) {
        event = new HuskEvent();
        // Edge-triggered: each write is an edge, so nobody has to read the counter.
        HuskNio.epollCtl(epfd, CTL_ADD, event.fd(), IN | EDGE);
        this.event = event;
      }
      return event;
    }
  }

  // The stream sockets' set

  /** Where the next one goes; null for a platform thread's selector. Under the monitor. */
  private @Nullable EpollSet home() {
    if (home == null) {
      home = EpollSet.here();
    }
    return home;
  }

  /**
   * The waiter has run once more. Where threads move to other cores for good their sockets follow;
   * the more there are, the longer that has to be so.
   */
  private void follow(EpollSet home) {
    EpollSet here = EpollSet.here();
    if (here == null || here == home) {
      strays = 0;
    } else if (++strays > STRAYS + atHome.get() / 2) {
      strays = 0;
      move(here);
    }
  }

  /**
   * Somebody on another core has taken edges that aren't entered yet, or sleeps and may be about to
   * take some: who asks what is ready now has the kernel say so of each socket. Where that goes on
   * the sockets come here.
   */
  private synchronized void askForAll(EpollSet home) {
    for (Registration each : registrations.values()) {
      Readiness readiness = each.readiness;
      if (readiness != null) {
        readiness.doubt();
        each.look();
      }
    }
    strays += atHome.get() / 2;
    follow(home);
  }

  private synchronized void move(EpollSet to) {
    home = to;
    for (Registration each : registrations.values()) {
      Readiness readiness = each.readiness;
      if (readiness != null) {
        try {
          readiness.move(to);
        } catch (IOException e) {
          // Nothing reports its edges any more: the queue's own set does from now on.
          each.leaveHome();
          each.enterKernel();
        }
      }
    }
  }

  // Waiting

  /**
   * See {@code EPoll.wait}: the number of events put at an address, or a status.
   *
   * @param millis how long at most; 0 doesn't wait, -1 waits without limit
   */
  @DontInline
  int await(long address, int most, int millis) throws IOException {
    EpollSet home = this.home;
    if (home != null && (millis == 0 || !woken)) {
      // The array is free until this call puts its events there.
      home.poll(address, most);
    }
    woken = false;
    if (home != null && millis == 0 && !home.isSettled()) {
      askForAll(home);
    }
    int n = look(address, most);
    if (n != 0 || millis == 0) {
      return n;
    }
    long deadline = millis < 0 ? 0 : System.nanoTime() + millis * 1_000_000L;
    boolean virtual = Thread.currentThread().isVirtual();
    for (; ; ) {
      long left = millis < 0 ? 0 : deadline - System.nanoTime();
      if (millis > 0 && left <= 0) {
        return 0;
      }
      if (virtual) {
        await(false, left, null);
        woken = true;
        if (home != null) {
          follow(home);
        }
        n = look(address, most);
      } else {
        n = sleep(address, most, millis < 0 ? -1 : (int) ((left + 999_999) / 1_000_000));
      }
      if (n != 0) {
        return n;
      }
    }
  }

  /** What is ready now. */
  private int look(long address, int most) throws IOException {
    int n = collect(address, most);
    if (n < most && inKernel.get() != 0 && (kernelMayBeReady || !isWatched())) {
      // Before the call: an edge that comes meanwhile says so again.
      kernelMayBeReady = false;
      int more = HuskNio.epollWait(epfd, EpollEvents.at(address, n), most - n, 0);
      if (more > 0) {
        // Level-triggered: they may still be so next time.
        kernelMayBeReady = true;
        n += withoutOwn(address, n, more);
      } else if (n == 0) {
        n = more;
      }
    }
    return n;
  }

  private int sleep(long address, int most, int millis) throws IOException {
    sleepers.getAndIncrement();
    try {
      // Who put something there before the increment didn't see it.
      int n = collect(address, most);
      if (n != 0) {
        return n;
      }
      n = HuskNio.epollWait(epfd, address, most, millis);
      if (n < 0) {
        return n;
      }
      n = withoutOwn(address, 0, n);
      return n < most ? n + collect(EpollEvents.at(address, n), most - n) : n;
    } finally {
      sleepers.getAndDecrement();
      waking.set(false);
    }
  }

  /** Takes the own eventfd's event out of those behind the first {@code from}. */
  private int withoutOwn(long address, int from, int count) {
    HuskEvent event = this.event;
    if (event == null) {
      return count;
    }
    int kept = 0;
    for (int i = from; i < from + count; i++) {
      if (EpollEvents.fd(EpollEvents.at(address, i)) != event.fd()) {
        EpollEvents.copy(EpollEvents.at(address, i), EpollEvents.at(address, from + kept));
        kept++;
      }
    }
    return kept;
  }

  /** Reports endpoints that are ready, those that waited longest first. */
  private int collect(long address, int most) {
    if (ready != null) {
      take();
    }
    int size = levelSize;
    int n = 0;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Registration registration = level[i];
      int events = n < most ? readyOrGone(registration) : -1;
      if (events == 0) {
        continue;
      }
      if (n < most) {
        EpollEvents.put(EpollEvents.at(address, n++), registration.number(), events);
        registration.report(events);
        if ((registration.events & ONE_SHOT) != 0) {
          registration.events = ONE_SHOT;
          registration.unmark();
          continue;
        }
      }
      level[kept++] = registration;
    }
    for (int i = kept; i < size; i++) {
      level[i] = null;
    }
    levelSize = kept;
    if (n == most && kept > n) {
      rotate(n, kept);
    }
    return n;
  }

  /** The events that a registration is ready for, or 0 when it has left the queue. */
  private static int readyOrGone(Registration registration) {
    int events = registration.readyFor();
    if (events == 0) {
      registration.unmark();
      events = registration.readyFor();
      if (events != 0 && !registration.mark()) {
        // Somebody else has put it back; it will come by the stack.
        events = 0;
      }
    }
    return events;
  }

  private void take() {
    Registration top = (Registration) U.getAndSetReference(this, READY, null);
    int n = 0;
    for (Registration each = top; each != null; each = each.next) {
      n++;
    }
    while (levelSize + n > level.length) {
      level = Arrays.copyOf(level, level.length * 2);
    }
    // The stack has the last on top.
    int at = levelSize + n;
    levelSize = at;
    while (top != null) {
      level[--at] = top;
      Registration below = top.next;
      top.next = null;
      top = below;
    }
  }

  /** Puts those that weren't reported this time first. */
  private void rotate(int reported, int size) {
    Registration[] turned = new Registration[level.length];
    System.arraycopy(level, reported, turned, 0, size - reported);
    System.arraycopy(level, 0, turned, size - reported, reported);
    level = turned;
  }

  @Override
  public boolean close() throws IOException {
    Registration[] all;
    synchronized (this) {
      all = registrations.values().toArray(new Registration[0]);
      registrations.clear();
    }
    HuskEvent event;
    synchronized (eventLock) {
      event = this.event;
      this.event = null;
    }
    for (Registration each : all) {
      each.forget();
    }
    if (event != null) {
      event.close();
    }
    return true;
  }
}
