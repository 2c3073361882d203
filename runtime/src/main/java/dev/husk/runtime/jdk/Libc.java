package dev.husk.runtime.jdk;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jdk.internal.misc.InnocuousThread;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * C functions that the JDK has no native of its own for.
 *
 * <p>Linking one takes tens of milliseconds of CPU, which a small program would pay for nothing: it
 * is done in the background, once the process has shown that it needs the function.
 */
public final class Libc {
  private Libc() {}

  /**
   * Initializes a class that holds linked functions, in a thread of its own. Called where a thread
   * may be started.
   */
  public static void linkInBackground(Linking linking) {
    Thread linker = InnocuousThread.newSystemThread("husk-linker", linking);
    linker.setDaemon(true);
    linker.start();
  }

  /** The background's work: initialize a class, then say that it may be used. */
  public abstract static class Linking implements Runnable {
    private final Class<?> holder;

    /**
     * Work for one class.
     *
     * @param holder has the linked functions in its static fields
     */
    protected Linking(Class<?> holder) {
      this.holder = holder;
    }

    /** The holder is initialized. Called by the thread that has done it. */
    protected abstract void linked();

    /** Does it now, in the calling thread. */
    @Override
    public final void run() {
      try {
        Unsafe.getUnsafe().ensureClassInitialized(holder);
      } catch (LinkageError e) {
        // A JDK build that links otherwise: what the function is for stays off, and says so once.
        System.err.println("husk: can't link " + holder.getName() + ": " + e.getCause());
        return;
      }
      linked();
    }
  }

  /**
   * A handle to a function, or null where the C library lacks it.
   *
   * @param options such as that it returns soon, so that no safepoint needs to come in between
   * @throws ExceptionInInitializerError where this JDK doesn't link as we do
   */
  public static @Nullable MethodHandle link(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> symbol = linker.defaultLookup().find(name);
    if (symbol.isEmpty()) {
      return null;
    }
    try {
      // Not Linker.downcallHandle: that would need native access for all of the unnamed modules.
      MethodHandle link =
          Trusted.ofVirtual(
                  Class.forName("jdk.internal.foreign.abi.AbstractLinker", false, null),
                  "downcallHandle0",
                  MethodHandle.class,
                  FunctionDescriptor.class,
                  Linker.Option[].class)
              .asFixedArity();
      Object handle = link.invokeWithArguments(linker, signature, options);
      return ((MethodHandle) handle).bindTo(symbol.get());
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
