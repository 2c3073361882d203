package dev.husk.scheduler;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What serves a descriptor in the process, in place of the kernel or beside it. A kind of socket is
 * a subclass; the seams under {@code sun.nio.ch} ask the table for a descriptor's endpoint and call
 * that, or the kernel where there is none.
 *
 * <p>Results are those of the JDK's natives: a count, {@link #EOF}, {@link #UNAVAILABLE} where the
 * call would block, {@link #INTERRUPTED} where it was called off.
 */
public abstract class Endpoint {
  /** {@code sun.nio.ch.IOStatus}. */
  public static final int EOF = -1;

  public static final int UNAVAILABLE = -2;
  public static final int INTERRUPTED = -3;

  /** The events of {@code poll(2)} and {@code epoll(7)}, the same on every Linux. */
  public static final int IN = 0x1;

  public static final int OUT = 0x4;
  public static final int ERR = 0x8;
  public static final int HUP = 0x10;
  public static final int RDHUP = 0x2000;

  /** Its entry in the table; set when it is put there, before anybody else knows it. */
  Descriptor descriptor;

  /** Those who watch it; a list without copies, changed under this object's monitor. */
  private volatile @Nullable Watch watches;

  protected Endpoint() {}

  /** Its number. */
  public final int fd() {
    return descriptor.fd;
  }

  /** Whether the kernel's descriptor of the same number serves, too, and is to be watched. */
  public boolean isHybrid() {
    return false;
  }

  /**
   * What it is ready for now, as {@code poll(2)} has it. Any thread; by the memory ordering of a
   * volatile read.
   */
  public abstract int poll();

  /** Whether a wait for this direction would end at once. */
  public boolean isReady(boolean write) {
    return (poll() & (write ? OUT | ERR | HUP : IN | RDHUP | ERR | HUP)) != 0;
  }

  /** Reads into native memory. By one thread at a time. */
  public int read(long address, int length) throws IOException {
    throw new IOException("Invalid argument");
  }

  /** Writes from native memory. By one thread at a time. */
  public int write(long address, int length) throws IOException {
    throw new IOException("Invalid argument");
  }

  /** Reads into the buffers of an array of {@code struct iovec}. By one thread at a time. */
  public long readv(long vectors, int count) throws IOException {
    throw new IOException("Invalid argument");
  }

  /** Writes the buffers of an array of {@code struct iovec}. By one thread at a time. */
  public long writev(long vectors, int count) throws IOException {
    throw new IOException("Invalid argument");
  }

  /** The app has set the descriptor's blocking mode. */
  public void setBlocking(boolean blocking) {}

  /**
   * The descriptor is being closed while threads may be in a call on it: they are called off with
   * {@link #INTERRUPTED}, and to the peer it is closed.
   */
  public void preClose() throws IOException {}

  /**
   * The channel is being closed while a thread that the JDK takes for a virtual one may wait: it
   * looks again. Nobody calls {@link #preClose} for it.
   */
  public void callOff() {
    descriptor.stop(false);
    descriptor.stop(true);
  }

  /**
   * The descriptor is closed; no call comes after this.
   *
   * @return whether the kernel's descriptor of that number is to be closed, too; where not, the
   *     endpoint keeps it
   */
  public boolean close() throws IOException {
    return true;
  }

  /**
   * Blocks the current thread, of whatever kind, until the endpoint may be ready.
   *
   * @param write which direction
   * @param nanos how long at most, 0 without limit
   * @param open asked once the thread is entered as a waiter; null for always open
   */
  protected final void await(boolean write, long nanos, @Nullable BooleanSupplier open)
      throws IOException {
    // The wait stands for a system call, which an interrupt doesn't end; a facade's is held back
    // below. Just the flag is put back: an interrupt would leave a permit for the next park.
    boolean held = isOnAppsVirtualThread() && Thread.interrupted();
    descriptor.await(write, nanos, open, true);
    if (held) {
      Jdk.U.putBooleanVolatile(Thread.currentThread(), Jdk.INTERRUPTED, true);
    }
  }

  /**
   * The same for an operation that an interrupt of the app's own virtual thread ends, as it does a
   * socket's; a facade's doesn't, and neither does a platform thread's.
   *
   * @return whether it was interrupted
   */
  protected final boolean blockUnlessInterrupted(boolean write, long nanos) throws IOException {
    return blockUnlessInterrupted(write, nanos, null);
  }

  /**
   * The same for a reader that has made an offer to a writer.
   *
   * @param handover the offer; what came of it is to be looked at first
   */
  protected final boolean blockUnlessInterrupted(Handover handover, long nanos) throws IOException {
    return blockUnlessInterrupted(false, nanos, handover);
  }

  private boolean blockUnlessInterrupted(boolean write, long nanos, @Nullable Handover handover)
      throws IOException {
    descriptor.await(write, nanos, null, true, handover);
    return Thread.currentThread().isInterrupted() && isOnAppsVirtualThread();
  }

  /** The same for a caller that is not an endpoint. */
  public final void block(boolean write, long nanos) throws IOException {
    await(write, nanos, null);
  }

  /**
   * Takes the reader that waits here with an offer, for the caller to give it bytes and finish it;
   * null for none. Any thread.
   */
  protected final @Nullable Handover takeReader() {
    return descriptor.takeReader();
  }

  /** Whether the app has made the current thread a virtual one. */
  protected static boolean isOnAppsVirtualThread() {
    Thread me = Thread.currentThread();
    return me.isVirtual() && Facade.of(me) == null;
  }

  /**
   * Has something done later, by a carrier between two threads: it mustn't block. Any thread.
   *
   * @return what cancels it
   */
  protected static Future<?> after(long nanos, Runnable work) {
    return Scheduler.schedule(work, nanos);
  }

  /** Of a hybrid: whether a read from the kernel is known to find nothing. Reader only. */
  protected final boolean kernelWouldBlock() {
    return descriptor.readWouldBlock();
  }

  /** Of a hybrid: notes whether a read from the kernel found nothing. Reader only. */
  protected final void kernelDone(boolean foundNothing) {
    descriptor.readDone(foundNothing);
  }

  /** Of a hybrid: whether the kernel's descriptor is in a core's set, which reports its edges. */
  protected final boolean isWatched() {
    return descriptor.isRegistered();
  }

  /** Of a hybrid: the kernel's descriptor has had an edge; whoever has taken it from the set. */
  protected void kernelChanged() {}

  /**
   * Tells those who wait or watch that the endpoint may have become ready. The state has been
   * published with a full fence behind it, so that a waiter either sees the state or is seen here.
   * Any thread; wakes without a system call where the waiter's core is awake.
   *
   * @param events for what
   */
  protected final void changed(int events) {
    if ((events & (IN | RDHUP | ERR | HUP)) != 0) {
      descriptor.stop(false);
    }
    if ((events & (OUT | ERR | HUP)) != 0) {
      descriptor.stop(true);
    }
    Watch watch = watches;
    if (watch != null) {
      tell(watch, events);
    }
  }

  private static void tell(Watch watch, int events) {
    for (Watch each = watch; each != null; each = each.next) {
      each.changed(events);
    }
  }

  /** Adds one who is told of changes. */
  final synchronized void watch(Watch watch) {
    watch.next = watches;
    watches = watch;
  }

  /** Takes one out. */
  final synchronized void unwatch(Watch watch) {
    Watch before = null;
    for (Watch each = watches; each != null; before = each, each = each.next) {
      if (each == watch) {
        // Its own link stays: one who walks the list may stand on it.
        if (before == null) {
          watches = each.next;
        } else {
          before.next = each.next;
        }
        return;
      }
    }
  }
}
