package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * What the VM knows of one thread at one instant: state, stack, the monitors it holds, what it
 * waits for. For facades it is taken of the virtual thread, with the facade in its place.
 *
 * <p>By {@code jdk.internal.vm.ThreadSnapshot}, which the JDK made for its own thread dumps: unlike
 * the VM's part of {@code ThreadMXBean} it knows virtual threads, mounted or not.
 */
final class Snapshot {
  private static final Unsafe U = Unsafe.getUnsafe();
  private static final Class<?> TYPE = Jdk.find("jdk.internal.vm.ThreadSnapshot");
  private static final Class<?> LOCK = Jdk.find("jdk.internal.vm.ThreadSnapshot$ThreadLock");
  private static final MethodHandle CREATE =
      Trusted.ofStatic(TYPE, "create", TYPE, Thread.class)
          .asType(MethodType.methodType(Object.class, Thread.class));
  private static final long STATUS = U.objectFieldOffset(TYPE, "threadStatus");
  private static final long STACK = U.objectFieldOffset(TYPE, "stackTrace");
  private static final long LOCKS = U.objectFieldOffset(TYPE, "locks");
  private static final long BLOCKER_TYPE = U.objectFieldOffset(TYPE, "blockerTypeOrdinal");
  private static final long BLOCKER = U.objectFieldOffset(TYPE, "blockerObject");
  private static final long LOCK_DEPTH = U.objectFieldOffset(LOCK, "depth");
  private static final long LOCK_TYPE = U.objectFieldOffset(LOCK, "typeOrdinal");
  private static final long LOCK_OBJECT = U.objectFieldOffset(LOCK, "obj");
  private static final long EXCLUSIVE_OWNER =
      U.objectFieldOffset(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread");
  private static final StackTraceElement[] NO_STACK = {};

  /** Values of the JDK's blocker type. */
  private static final int PARK_BLOCKER = 0;

  private static final int WAITING_TO_LOCK = 1;

  /** {@code JVMTI_THREAD_STATE} of a thread in a socket call, as on the platform. */
  private static final int STATUS_IN_NATIVE = Jdk.STATUS_RUNNABLE | 0x00400000;

  private static final int STATUS_BLOCKED = 0x0400;

  /** As the app knows it. */
  final Thread thread;

  /** The VM's status word; see {@code jdk.internal.misc.VM.toThreadState}. */
  final int status;

  final StackTraceElement[] stack;

  /** What it is parked for, waits to enter, or waits on. */
  final @Nullable Object blocker;

  private final int blockerType;

  /** Monitors held, the innermost first, and the depths in the stack at which they were locked. */
  final Object[] monitors;

  final int[] depths;

  private Snapshot(Thread thread, @Nullable Facade facade, Object vm) {
    this.thread = thread;
    StackTraceElement[] stack = (StackTraceElement[]) U.getReference(vm, STACK);
    this.stack = stack == null ? NO_STACK : stack;
    int status = U.getInt(vm, STATUS);
    if (facade != null && facade.inIo) {
      this.status = STATUS_IN_NATIVE;
      blocker = null;
      blockerType = PARK_BLOCKER;
    } else {
      this.status = status;
      blocker = U.getReference(vm, BLOCKER);
      blockerType = U.getInt(vm, BLOCKER_TYPE);
    }
    Object[] locks = (Object[]) U.getReference(vm, LOCKS);
    int count = 0;
    int length = locks == null ? 0 : locks.length;
    Object[] monitors = new Object[length];
    int[] depths = new int[length];
    for (int i = 0; i < length; i++) {
      Object monitor = U.getReference(locks[i], LOCK_OBJECT);
      // An object that it waits on isn't locked meanwhile. Type 0: not eliminated by the compiler.
      if (U.getInt(locks[i], LOCK_TYPE) == 0
          && monitor != null
          && (monitor != blocker || blockerType == PARK_BLOCKER)) {
        monitors[count] = monitor;
        depths[count++] = U.getInt(locks[i], LOCK_DEPTH);
      }
    }
    this.monitors = java.util.Arrays.copyOf(monitors, count);
    this.depths = java.util.Arrays.copyOf(depths, count);
  }

  /** A snapshot of a thread as the app knows it, or null if it has ended. */
  static @Nullable Snapshot of(Thread thread) {
    Facade facade = thread.isVirtual() ? null : ThreadSlot.facade(thread);
    if (facade != null && !facade.isAlive()) {
      return null;
    }
    Thread running = facade == null ? thread : facade.thread();
    try {
      Object vm = CREATE.invokeExact(running);
      return vm == null ? null : new Snapshot(thread, facade, vm);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  Thread.State state() {
    return jdk.internal.misc.VM.toThreadState(status);
  }

  boolean isBlocked() {
    return (status & STATUS_BLOCKED) != 0;
  }

  /** In the words of the JDK's thread dumps. */
  String waits() {
    return blockerType == PARK_BLOCKER
        ? "parking to wait for"
        : blockerType == WAITING_TO_LOCK ? "waiting to lock" : "waiting on";
  }

  /** The monitor that it waits to enter, or null. */
  @Nullable Object monitorAwaited() {
    return blockerType == WAITING_TO_LOCK ? blocker : null;
  }

  /** The synchronizer of {@code java.util.concurrent} that it is parked for, or null. */
  @Nullable Object synchronizerAwaited() {
    return blockerType == PARK_BLOCKER && blocker instanceof AbstractOwnableSynchronizer
        ? blocker
        : null;
  }

  /** Who holds a synchronizer, as the app knows it, or null. */
  static @Nullable Thread ownerOf(Object synchronizer) {
    Thread owner = (Thread) U.getReferenceAcquire(synchronizer, EXCLUSIVE_OWNER);
    Facade facade = owner == null ? null : Facade.of(owner);
    return facade == null ? owner : facade.thread;
  }

  boolean holds(Object monitor) {
    for (Object held : monitors) {
      if (held == monitor) {
        return true;
      }
    }
    return false;
  }
}
