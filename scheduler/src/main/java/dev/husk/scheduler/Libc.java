package dev.husk.scheduler;

import dev.husk.runtime.jdk.Trusted;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jdk.internal.misc.InnocuousThread;
import org.jspecify.annotations.Nullable;

/**
 * C functions that the JDK has no native of its own for.
 *
 * <p>Linking one takes tens of milliseconds of CPU, which a small program would pay for nothing: it
 * is done in the background, once the process has shown that it needs the function.
 */
final class Libc {
  private Libc() {}

  /** Initializes a class that holds linked functions, in a thread of its own. */
  static void linkInBackground(Linking linking) {
    Thread linker = InnocuousThread.newSystemThread("husk-linker", linking);
    linker.setDaemon(true);
    linker.start();
  }

  /** The background's work: initialize {@link #holder}, then say that it may be used. */
  abstract static class Linking implements Runnable {
    private final Class<?> holder;

    Linking(Class<?> holder) {
      this.holder = holder;
    }

    /** The holder is initialized. */
    abstract void linked();

    @Override
    public final void run() {
      try {
        Jdk.U.ensureClassInitialized(holder);
      } catch (LinkageError e) {
        // A JDK build that links otherwise: what the function is for stays off, and says so once.
        System.err.println("husk: can't link " + holder.getName() + ": " + e.getCause());
        return;
      }
      linked();
    }
  }

  /** A handle to a function, or null where the C library lacks it. */
  static @Nullable MethodHandle link(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> symbol = linker.defaultLookup().find(name);
    if (symbol.isEmpty()) {
      return null;
    }
    try {
      // Not Linker.downcallHandle: that would need native access for all of the unnamed modules.
      MethodHandle link =
          Trusted.ofVirtual(
                  Jdk.find("jdk.internal.foreign.abi.AbstractLinker"),
                  "downcallHandle0",
                  MethodHandle.class,
                  FunctionDescriptor.class,
                  Linker.Option[].class)
              .asFixedArity();
      Object handle = link.invokeWithArguments(linker, signature, new Linker.Option[0]);
      return ((MethodHandle) handle).bindTo(symbol.get());
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
