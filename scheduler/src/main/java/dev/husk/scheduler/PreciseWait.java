package dev.husk.scheduler;

import dev.husk.runtime.jdk.Libc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * {@code epoll_pwait2(2)}, which waits to the nanosecond where the JDK's own {@code epoll_wait}
 * knows milliseconds alone.
 *
 * <p>It is linked once the process has shown that it uses timers; until then, and where the kernel
 * lacks it (before Linux 5.11), waits are rounded up to milliseconds.
 */
final class PreciseWait {
  /** Timed waits after which it pays to link. */
  private static final int WORTH_LINKING = 8;

  /** Its number on x86-64 and on aarch64, as of every system call since Linux 5.1. */
  private static final long EPOLL_PWAIT2 = 441;

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
      Libc.linkInBackground(new Prepare());
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
    long ready =
        (long) Linked.SYSCALL.invokeExact(EPOLL_PWAIT2, epfd, events, count, timespec, 0L, 0L);
    return (int) ready;
  }

  /** The kernel doesn't know the call (ENOSYS) or doesn't want it: never again. */
  static void giveUp() {
    ready = false;
  }

  private static final class Prepare extends Libc.Linking {
    Prepare() {
      super(Linked.class);
    }

    @Override
    protected void linked() {
      ready = Linked.SYSCALL != null;
    }
  }

  private static final class Linked {
    /**
     * {@code syscall(2)}, since only recent C libraries have a function for this one. It takes the
     * arguments of {@code epoll_pwait2}: epfd, events, their number, timespec, sigmask and its
     * size.
     */
    static final @Nullable MethodHandle SYSCALL =
        Libc.link(
            "syscall",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG));
  }
}
