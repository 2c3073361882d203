package dev.husk.allocator;

import dev.husk.runtime.thread.HolderThread;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.TerminatingThreadLocal;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread's hold on a heap: from its first block until its end, or until the heap is
 * taken from it because it lies idle.
 *
 * <p>Implementation notes. The holder works on the heap between {@link #enter} and {@link #exit},
 * and uses neither a lock nor an atomic operation to say so: it sets {@link #busy} and then looks
 * at {@link #lost}. Whoever wants the heap sets {@code lost}, lets the holder's thread pass a
 * handshake of the VM's, and then waits until {@code busy} isn't set. A handshake takes place where
 * the holder is at a safepoint, and orders what it did before and does after: if it was inside,
 * {@code busy} shows it; if it wasn't, it will find {@code lost}. So the cost of the fence is the
 * rare caller's (after Dice, Huang, Yang: Asymmetric Dekker Synchronization, 2001). A tenure that
 * is lost is over, and the thread takes another heap.
 *
 * <p>A virtual thread works on its carrier's heap; it can't be unmounted between the two calls,
 * since nothing there parks.
 */
final class Tenure {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final JavaLangAccess JLA = SharedSecrets.getJavaLangAccess();
  private static final long BUSY = U.objectFieldOffset(Tenure.class, "busy");
  private static final long LOST = U.objectFieldOffset(Tenure.class, "lost");

  /** For threads that aren't carriers of Husk's, and to learn of the end of those that are. */
  private static final Local LOCAL = new Local();

  /** Heaps that nobody holds. */
  private static final ConcurrentLinkedDeque<Heap> FREE = new ConcurrentLinkedDeque<>();

  /** All heaps. */
  private static final ConcurrentLinkedQueue<Heap> HEAPS = new ConcurrentLinkedQueue<>();

  /** Those that aren't over. */
  private static final ConcurrentLinkedQueue<Tenure> ALL = new ConcurrentLinkedQueue<>();

  private static final class Local extends TerminatingThreadLocal<Tenure> {
    @Override
    protected void threadTerminated(Tenure tenure) {
      tenure.end();
    }
  }

  private final Thread thread;
  final Heap heap;

  /** The holder is at work on the heap. Written by it. */
  @SuppressWarnings("UnusedVariable") // By its offset.
  private boolean busy;

  /** Over: set once, by the holder's end or by who takes the heap. */
  @SuppressWarnings("UnusedVariable") // As above.
  private volatile boolean lost;

  /** The heap's changes at the last look. The reclaimer only. */
  private int changesSeen;

  private Tenure(Thread thread, Heap heap) {
    this.thread = thread;
    this.heap = heap;
  }

  /** Begins work on the calling thread's heap. */
  static Tenure enter() {
    Tenure tenure = current();
    if (tenure != null) {
      U.putBooleanOpaque(tenure, BUSY, true);
      if (!U.getBooleanOpaque(tenure, LOST)) {
        return tenure;
      }
      U.putBooleanOpaque(tenure, BUSY, false);
    }
    return begin();
  }

  /** The same if the calling thread's heap is this one; else null. */
  static @Nullable Tenure enter(Heap heap) {
    Tenure tenure = current();
    if (tenure == null || tenure.heap != heap) {
      return null;
    }
    U.putBooleanOpaque(tenure, BUSY, true);
    if (!U.getBooleanOpaque(tenure, LOST)) {
      return tenure;
    }
    U.putBooleanOpaque(tenure, BUSY, false);
    return null;
  }

  /** Ends work on the heap. */
  void exit() {
    U.putBooleanRelease(this, BUSY, false);
  }

  private static @Nullable Tenure current() {
    Thread thread = JLA.currentCarrierThread();
    return thread instanceof HolderThread holder ? (Tenure) holder.held : LOCAL.get();
  }

  private static Tenure begin() {
    Thread thread = JLA.currentCarrierThread();
    Heap heap = FREE.pollFirst();
    if (heap == null) {
      Reclaimer.start();
      heap = new Heap();
      HEAPS.add(heap);
    }
    Tenure tenure = new Tenure(thread, heap);
    LOCAL.set(tenure);
    tenure.busy = true;
    ALL.add(tenure);
    if (thread instanceof HolderThread holder) {
      holder.held = tenure;
    }
    return tenure;
  }

  /** The holder's end. */
  private void end() {
    if (U.compareAndSetBoolean(this, LOST, false, true)) {
      ALL.remove(this);
      Limit.giveBack(heap.account);
      heap.noteSpare();
      FREE.addFirst(heap);
    }
  }

  /** Takes the heap from its holder, and waits until that has left it. Any other thread. */
  private boolean take() {
    if (!U.compareAndSetBoolean(this, LOST, false, true)) {
      return false;
    }
    ALL.remove(this);
    if (thread != JLA.currentCarrierThread()) {
      // For its handshake; a thread that has ended needs none.
      thread.getStackTrace();
    }
    while (U.getBooleanAcquire(this, BUSY)) {
      U.park(false, 1_000_000);
    }
    return true;
  }

  /**
   * Trims the heaps whose holders do nothing, and those without one. The reclaimer only.
   *
   * @return whether some are left for the next time
   */
  static boolean trimIdle() {
    boolean left = false;
    for (Tenure tenure : ALL) {
      Heap heap = tenure.heap;
      int changes = heap.changes;
      boolean idle = changes == tenure.changesSeen;
      tenure.changesSeen = changes;
      if (!heap.spare) {
        continue;
      }
      if (!idle) {
        left = true;
      } else if (tenure.take()) {
        Limit.giveBack(heap.account);
        heap.trim(System.nanoTime());
        FREE.addLast(heap);
      }
    }
    // Those that come meanwhile have announced themselves.
    for (int i = FREE.size(); i > 0; i--) {
      Heap heap = FREE.pollFirst();
      if (heap == null) {
        break;
      }
      if (heap.spare) {
        heap.trim(System.nanoTime());
      }
      FREE.addLast(heap);
    }
    return left;
  }

  /** Gives the credit of all heaps back to the limit. */
  static void collectCredit() {
    for (Tenure tenure : ALL) {
      Heap heap = tenure.heap;
      if (heap.account.credit != 0 && tenure.take()) {
        Limit.giveBack(heap.account);
        FREE.addFirst(heap);
      }
    }
  }

  /** Buffers that exist. */
  static long buffers() {
    long sum = 0;
    for (Heap heap : HEAPS) {
      sum += heap.account.count();
    }
    return sum;
  }

  /** Their capacity, bytes. */
  static long capacity() {
    long sum = 0;
    for (Heap heap : HEAPS) {
      sum += heap.account.capacity();
    }
    return sum;
  }

  /** Blocks that came back to a heap from other threads. */
  static long remoteFrees() {
    long sum = 0;
    for (Heap heap : HEAPS) {
      sum += heap.remoteFrees;
    }
    return sum;
  }

  /** Page runs that moved between a heap and the page layer. */
  static long pageMoves() {
    long sum = 0;
    for (Heap heap : HEAPS) {
      sum += heap.pageMoves;
    }
    return sum;
  }

  /** What was allocated for them, bytes. */
  static long reserved() {
    long sum = 0;
    for (Heap heap : HEAPS) {
      sum += heap.account.size();
    }
    return sum;
  }
}
