package dev.husk.allocator;

import dev.husk.runtime.jdk.Libc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Fills memory with zeros: by the JVM's code, and where it is much by the C library's {@code
 * memset}, which takes half as long for 64 KB, since it knows the processor's own instructions for
 * that. Linked once a process has shown that it needs it, see {@link Libc}.
 */
final class Zeroing {
  private static final Unsafe U = Unsafe.getUnsafe();

  /** A safepoint may come in between, as in {@code java.nio.Bits}. */
  private static final long AT_ONCE = 1 << 20;

  /** From so many bytes on a call of {@code memset} is worth its nanoseconds. */
  private static final long LARGE = 8192;

  /** So many of these calls are made before it is linked. */
  private static final int ENOUGH = 1000;

  /** After so many calls the JDK makes code for a method handle, which is not to be done later. */
  private static final int WARM_UP = 300;

  /** Counted racily. */
  private static int large;

  private static volatile boolean ready;

  private Zeroing() {}

  /** Fills with zeros. Any thread. */
  static void zero(long address, long bytes) {
    if (bytes < LARGE) {
      U.setMemory(address, bytes, (byte) 0);
      return;
    }
    boolean byMemset = ready;
    if (!byMemset && large <= ENOUGH && large++ == ENOUGH) {
      Reclaimer.noteGrowth();
    }
    for (long done = 0; done < bytes; done += AT_ONCE) {
      long now = Math.min(AT_ONCE, bytes - done);
      if (byMemset) {
        memset(address + done, now);
      } else {
        U.setMemory(address + done, now, (byte) 0);
      }
    }
  }

  private static void memset(long address, long bytes) {
    try {
      int unused = (int) Linked.MEMSET.invokeExact(address, 0L, bytes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Links it, if there is need. Called where a thread may be started. */
  static void look() {
    if (!ready && large > ENOUGH && large != Integer.MAX_VALUE) {
      large = Integer.MAX_VALUE;
      Libc.linkInBackground(new Prepare());
    }
  }

  private static final class Prepare extends Libc.Linking {
    Prepare() {
      super(Linked.class);
    }

    @Override
    protected void linked() {
      if (Linked.MEMSET == null) {
        return;
      }
      long block = U.allocateMemory(LARGE);
      for (int i = 0; i < WARM_UP; i++) {
        memset(block, LARGE);
      }
      U.freeMemory(block);
      ready = true;
    }
  }

  private static final class Linked {
    /** Returns its first argument, whose lower half is of no use. */
    static final @Nullable MethodHandle MEMSET =
        Libc.link(
            "memset",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.critical(false));

    private Linked() {}
  }
}
