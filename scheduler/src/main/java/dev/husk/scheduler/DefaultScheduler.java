package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.reflect.Field;
import java.util.concurrent.ForkJoinPool;

/**
 * {@code VirtualThread.DEFAULT_SCHEDULER}: what virtual threads would run on without Husk. Null
 * until somebody asks.
 */
final class DefaultScheduler {
  private DefaultScheduler() {}

  /** The pool, made at the first call. */
  static ForkJoinPool get() {
    Object pool = Jdk.U.getReferenceVolatile(Slot.BASE, Slot.OFFSET);
    if (pool == null) {
      restore();
      pool = Jdk.U.getReferenceVolatile(Slot.BASE, Slot.OFFSET);
    }
    return (ForkJoinPool) pool;
  }

  /** Makes the pool after all, for a JVM that goes on without Husk's scheduler. */
  static synchronized void restore() {
    Jdk.U.ensureClassInitialized(Jdk.VIRTUAL_THREAD);
    if (Jdk.U.getReferenceVolatile(Slot.BASE, Slot.OFFSET) != null) {
      return;
    }
    try {
      Object pool =
          Trusted.ofStatic(Jdk.VIRTUAL_THREAD, "createDefaultScheduler", ForkJoinPool.class)
              .invoke();
      Jdk.U.putReferenceVolatile(Slot.BASE, Slot.OFFSET, pool);
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  private static final class Slot {
    static final Object BASE;
    static final long OFFSET;

    static {
      try {
        Field field = Jdk.VIRTUAL_THREAD.getDeclaredField("DEFAULT_SCHEDULER");
        BASE = Jdk.U.staticFieldBase(field);
        OFFSET = Jdk.U.staticFieldOffset(field);
      } catch (NoSuchFieldException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private Slot() {}
  }
}
