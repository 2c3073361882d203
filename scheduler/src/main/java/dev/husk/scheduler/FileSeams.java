package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import jdk.internal.vm.Continuation;
import sun.nio.ch.HuskNio;
import sun.nio.ch.NativeThread;

/**
 * The seams by which a thread gets out of a call on a file that blocks, on a FIFO for one, when its
 * channel is closed or it is interrupted: who closes signals the threads in such calls until they
 * have left. The JDK leaves virtual threads out of that, and waits for them for ever; here each has
 * the signal sent to its carrier, on which it stays meanwhile.
 */
public final class FileSeams {
  private static final String THREAD_SET = "sun.nio.ch.NativeThreadSet";

  /** The index of a thread that didn't come to be added. */
  private static final int NONE = -1;

  private FileSeams() {}

  /** Before the call. */
  @Replaces(
      type = THREAD_SET,
      method = "add",
      descriptor = "()I",
      in = {"sun.nio.ch.FileChannelImpl", "sun.nio.ch.SimpleAsynchronousFileChannelImpl"},
      group = THREADS)
  public static int add(Object threads) {
    if (!Thread.currentThread().isVirtual()) {
      return HuskNio.addThread(threads);
    }
    Continuation.pin();
    int index = NONE;
    try {
      index = HuskNio.addThread(threads);
      return index;
    } finally {
      if (index == NONE) {
        Continuation.unpin();
      }
    }
  }

  /** After the call. */
  @Replaces(
      type = THREAD_SET,
      method = "remove",
      descriptor = "(I)V",
      in = {"sun.nio.ch.FileChannelImpl", "sun.nio.ch.SimpleAsynchronousFileChannelImpl"},
      group = THREADS)
  public static void remove(Object threads, int index) {
    HuskNio.removeThread(threads, index);
    if (index != NONE && Thread.currentThread().isVirtual()) {
      Continuation.unpin();
    }
  }

  /** The thread of the kernel's that runs the current one. */
  @Replaces(type = "sun.nio.ch.NativeThread", method = "current", in = THREAD_SET, group = THREADS)
  public static long currentNative() {
    return Jdk.JLA.currentCarrierThread() instanceof Carrier carrier
        ? carrier.nativeThread
        : NativeThread.current();
  }
}
