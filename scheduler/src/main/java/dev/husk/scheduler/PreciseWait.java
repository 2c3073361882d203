package dev.husk.scheduler;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jdk.internal.misc.InnocuousThread;

/**
 * {@code epoll_pwait2(2)}, which waits to the nanosecond where the JDK's own {@code epoll_wait}
 * knows milliseconds alone.
 *
 * <p>Linking it takes tens of milliseconds of CPU, so it is done in the background, once the
 * process has shown that it uses timers; until then, and where the C library or the kernel lacks
 * it, waits are rounded up to milliseconds.
 */
final class PreciseWait {
  /** Timed waits after which it pays to link. */
  private static final int WORTH_LINKING = 8;

  private static int timedWaits;
  private static boolean asked;
  private static volatile boolean ready;

  private PreciseWait() {}

  /**
   * Whether {@link #await} may be called. Counts the timed wait that the caller is about to make.
   */
  static boolean isReady() {
    if (ready) {
      return true;
    }
    if (!asked && ++timedWaits >= WORTH_LINKING) {
      asked = true;
      Thread linker = InnocuousThread.newSystemThread("husk-linker", new Prepare());
      linker.setDaemon(true);
      linker.start();
    }
    return false;
  }

  /**
   * Waits for events.
   *
   * @param timespec address of a {@code struct timespec}
   * @return the number of events, or a negative number where there are none to look at
   */
  static int await(int epfd, long events, int count, long timespec) throws Throwable {
    int ready = (int) Linked.EPOLL_PWAIT2.invokeExact(epfd, events, count, timespec, 0L);
    return ready;
  }

  /** The kernel doesn't know the call (ENOSYS) or doesn't want it: never again. */
  static void giveUp() {
    ready = false;
  }

  private static final class Prepare implements Runnable {
    @Override
    public void run() {
      try {
        Jdk.U.ensureClassInitialized(Linked.class);
        ready = Linked.EPOLL_PWAIT2 != null;
      } catch (LinkageError e) {
        // Milliseconds, then.
      }
    }
  }

  private static final class Linked {
    /** {@code (epfd, events, count, timespec, sigmask)}; null where there is none. */
    static final MethodHandle EPOLL_PWAIT2;

    static {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> symbol = linker.defaultLookup().find("epoll_pwait2");
      MethodHandle handle = null;
      if (symbol.isPresent()) {
        try {
          // Not Linker.downcallHandle: that would need native access for all of the unnamed
          // modules.
          Class<?> type = Jdk.find("jdk.internal.foreign.abi.AbstractLinker");
          MethodHandle link =
              Trusted.ofVirtual(
                  type,
                  "downcallHandle0",
                  MethodHandle.class,
                  FunctionDescriptor.class,
                  Linker.Option[].class);
          FunctionDescriptor signature =
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG);
          handle =
              ((MethodHandle) link.invokeWithArguments(linker, signature, new Linker.Option[0]))
                  .bindTo(symbol.get());
        } catch (Throwable e) {
          throw new ExceptionInInitializerError(e);
        }
      }
      EPOLL_PWAIT2 = handle;
    }
  }
}
