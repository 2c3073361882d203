package dev.husk.scheduler;

import dev.husk.runtime.jdk.Libc;
import dev.husk.runtime.jdk.Trusted;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Which processor carriers run on and packets arrive at.
 *
 * <p>The kernel runs a packet's way up to the socket on one processor: that of the network card's
 * queue or, over loopback, of the peer that sent. Where the thread that reads runs there, too, the
 * socket, its buffers and the peer's wake-up stay in that processor's caches. Carriers aren't bound
 * to processors; so both sides are asked, rarely, and a {@link Descriptor} moves to the core whose
 * carrier is where its packets come in.
 */
final class Processors {
  private static final JavaIOFileDescriptorAccess FD =
      SharedSecrets.getJavaIOFileDescriptorAccess();

  /** {@code SOL_SOCKET} and {@code SO_INCOMING_CPU} (asm-generic/socket.h; Linux 3.19). */
  private static final int SOL_SOCKET = 1;

  private static final int SO_INCOMING_CPU = 49;

  /** Blocking waits on descriptors after which it pays to link. */
  private static final int WORTH_LINKING = 1_000;

  private static int waits;
  private static boolean asked;
  private static volatile boolean ready;

  private Processors() {}

  /** Whether the other calls may be made. Counts the wait that the caller is about to make. */
  static boolean isReady() {
    if (ready) {
      return true;
    }
    if (!asked && ++waits >= WORTH_LINKING && Scheduler.cores.length > 1) {
      asked = true;
      Libc.linkInBackground(new Prepare());
    }
    return false;
  }

  /** The processor that the calling carrier runs on, or -1 where nobody knows. */
  static int current() {
    if (!ready) {
      return -1;
    }
    try {
      int cpu = (int) Linked.SCHED_GETCPU.invokeExact();
      return cpu;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  /** The processor at which a socket's last packet arrived; -1 where there is none. */
  static int ofPackets(int fd) {
    FileDescriptor descriptor = new FileDescriptor();
    FD.set(descriptor, fd);
    try {
      return (int)
          Linked.GET_INT_OPTION.invokeExact(descriptor, false, SOL_SOCKET, SO_INCOMING_CPU);
    } catch (IOException e) {
      // No socket, or a kernel that doesn't know the option.
      return -1;
    } catch (Throwable e) {
      throw Jdk.rethrow(e);
    }
  }

  private static final class Prepare extends Libc.Linking {
    Prepare() {
      super(Linked.class);
    }

    @Override
    protected void linked() {
      ready = Linked.SCHED_GETCPU != null;
    }
  }

  private static final class Linked {
    static final @Nullable MethodHandle SCHED_GETCPU =
        Libc.link("sched_getcpu", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    /** {@code sun.nio.ch.Net.getIntOption0(fd, mayNeedConversion, level, option)}. */
    static final MethodHandle GET_INT_OPTION =
        Trusted.ofStatic(
            Jdk.find("sun.nio.ch.Net"),
            "getIntOption0",
            int.class,
            FileDescriptor.class,
            boolean.class,
            int.class,
            int.class);
  }
}
