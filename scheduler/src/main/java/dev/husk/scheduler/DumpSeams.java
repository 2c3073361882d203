package dev.husk.scheduler;

import static dev.husk.runtime.seam.Group.THREADS;

import dev.husk.runtime.seam.Replaces;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;

/**
 * The seams in the JDK's thread dumps ({@code jcmd Thread.dump_to_file} and {@code
 * HotSpotDiagnosticMXBean.dumpThreads}): each facade once, in the container and under the name and
 * the number that the app knows it by, with the stack of the virtual thread that runs it.
 */
public final class DumpSeams {
  private static final String DUMPER = "jdk.internal.vm.ThreadDumper";

  private DumpSeams() {}

  /** Facades are in the JDK's containers; the VM has stacks of the virtual threads. */
  @Replaces(
      type = "jdk.internal.vm.ThreadContainer",
      method = "threads",
      in = DUMPER + "#dumpThreads",
      group = THREADS)
  public static Stream<Thread> threads(ThreadContainer container) {
    return container.threads().map(new ToRunning());
  }

  /** The same number as its facade's, but for main. */
  @Replaces(
      type = "java.lang.Thread",
      method = "threadId",
      in = DUMPER + "#dumpThread",
      group = THREADS)
  public static long threadId(Thread thread) {
    Facade facade = Facade.of(thread);
    return facade == null ? thread.threadId() : facade.thread.threadId();
  }

  @Replaces(
      type = "java.lang.Thread",
      method = "isVirtual",
      in = DUMPER + "#dumpThread",
      group = THREADS)
  public static boolean isVirtual(Thread thread) {
    return thread.isVirtual() && Facade.of(thread) == null;
  }

  /** Called by {@code setName} once the name is set: the virtual thread that dumps show follows. */
  @Replaces(
      type = "java.lang.Thread",
      method = "isVirtual",
      in = "java.lang.Thread#setName",
      group = THREADS)
  public static boolean named(Thread thread) {
    if (thread.isVirtual()) {
      return true;
    }
    Facade facade = ThreadSlot.facade(thread);
    if (facade != null) {
      Jdk.U.putReferenceVolatile(facade.thread(), Jdk.NAME, thread.getName());
    }
    return false;
  }

  private static final class ToRunning implements UnaryOperator<Thread> {
    @Override
    public Thread apply(Thread thread) {
      Facade facade = thread.isVirtual() ? null : ThreadSlot.facade(thread);
      return facade != null && facade.isAlive() ? facade.thread() : thread;
    }
  }
}
