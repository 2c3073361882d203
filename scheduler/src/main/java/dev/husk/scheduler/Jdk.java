package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/**
 * The members of {@code java.lang} that aren't public and that the scheduler stands on: field
 * offsets, and handles to the originals of what the seams replace. Constant handles compile to
 * plain calls; those that every start needs are direct ones, see {@code java.lang.HuskLang}.
 */
final class Jdk {
  static final Unsafe U = Unsafe.getUnsafe();
  static final JavaLangAccess JLA = SharedSecrets.getJavaLangAccess();

  // java.lang.Thread
  static final long INTERRUPT_LOCK = U.objectFieldOffset(Thread.class, "interruptLock");
  static final long EETOP = U.objectFieldOffset(Thread.class, "eetop");
  static final long INTERRUPTED = U.objectFieldOffset(Thread.class, "interrupted");
  static final long TID = U.objectFieldOffset(Thread.class, "tid");
  static final long NAME = U.objectFieldOffset(Thread.class, "name");
  static final long CONTEXT_CLASS_LOADER = U.objectFieldOffset(Thread.class, "contextClassLoader");
  static final long INHERITABLE_THREAD_LOCALS =
      U.objectFieldOffset(Thread.class, "inheritableThreadLocals");
  static final long SCOPED_VALUE_BINDINGS =
      U.objectFieldOffset(Thread.class, "scopedValueBindings");
  static final long UNCAUGHT_HANDLER =
      U.objectFieldOffset(Thread.class, "uncaughtExceptionHandler");
  static final long PARK_BLOCKER = U.objectFieldOffset(Thread.class, "parkBlocker");
  static final long CONTAINER = U.objectFieldOffset(Thread.class, "container");
  static final long HOLDER = U.objectFieldOffset(Thread.class, "holder");

  // java.lang.Thread$FieldHolder
  private static final Class<?> FIELD_HOLDER = find("java.lang.Thread$FieldHolder");
  static final long THREAD_STATUS = U.objectFieldOffset(FIELD_HOLDER, "threadStatus");
  static final long STACK_SIZE = U.objectFieldOffset(FIELD_HOLDER, "stackSize");
  static final long TASK = U.objectFieldOffset(FIELD_HOLDER, "task");

  // java.lang.VirtualThread
  static final Class<?> VIRTUAL_THREAD = find("java.lang.VirtualThread");
  static final long VIRTUAL_SCHEDULER = U.objectFieldOffset(VIRTUAL_THREAD, "scheduler");

  static final long PARK_PERMIT = U.objectFieldOffset(VIRTUAL_THREAD, "parkPermit");
  static final long VIRTUAL_STATE = U.objectFieldOffset(VIRTUAL_THREAD, "state");
  static final long ON_WAITING_LIST = U.objectFieldOffset(VIRTUAL_THREAD, "onWaitingList");

  /** {@code Thread.holder.threadStatus} of a started and of a finished thread (jvmtiEnv.hpp). */
  static final int STATUS_RUNNABLE = 0x0001 | 0x0004;

  static final int STATUS_TERMINATED = 0x0002;

  /** {@code Thread.NO_INHERIT_THREAD_LOCALS}. */
  static final int NO_INHERIT = 1 << 2;

  private Jdk() {}

  static Class<?> find(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Rethrows what a method handle threw, as it is. */
  static RuntimeException rethrow(Throwable e) {
    Jdk.<RuntimeException>sneak(e);
    throw new AssertionError();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }

  /**
   * Each handle costs a millisecond of start-up: these are made when the first of them is needed.
   */
  static final class Later {
    static final MethodHandle STACK_TRACE;
    static final MethodHandle GET_THREADS;
    static final MethodHandle DUMP_THREADS;
    static final MethodHandle INTERRUPT0;

    static {
      STACK_TRACE =
          Trusted.ofVirtual(Thread.class, "asyncGetStackTrace", StackTraceElement[].class);
      GET_THREADS = Trusted.ofStatic(Thread.class, "getThreads", Thread[].class);
      DUMP_THREADS =
          Trusted.ofStatic(
              Thread.class, "dumpThreads", StackTraceElement[][].class, Thread[].class);
      INTERRUPT0 = Trusted.ofVirtual(Thread.class, "interrupt0", void.class);
    }

    private Later() {}
  }

  /** {@code VirtualThread.unblock()}. */
  static final class Unblock {
    static final MethodHandle UNBLOCK = ofVirtual("unblock");

    private Unblock() {}
  }

  /** {@code VirtualThread.run(Runnable)}. */
  static final class Run {
    static final MethodHandle RUN = ofVirtual("run", Runnable.class);

    private Run() {}
  }

  private static MethodHandle ofVirtual(String name, Class<?>... parameters) {
    return Trusted.ofVirtual(VIRTUAL_THREAD, name, void.class, parameters)
        .asType(MethodType.methodType(void.class, Object.class).appendParameterTypes(parameters));
  }
}
