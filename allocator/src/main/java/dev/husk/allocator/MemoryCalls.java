package dev.husk.allocator;

import dev.husk.runtime.jdk.Libc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The C library's functions for memory that the JDK has no natives for. Any thread may call them
 * once they are linked; {@link Libc} says why they aren't from the start.
 */
final class MemoryCalls {
  /** Advice for {@code madvise} (asm-generic/mman-common.h): huge pages, and no huge pages. */
  static final int HUGE = 14;

  static final int NO_HUGE = 15;

  /** Free the pages of a shared file behind the addresses; they read as zero. */
  static final int REMOVE = 9;

  /** Fault all pages in, and fail where the kernel can't (Linux 5.14). */
  static final int POPULATE_WRITE = 23;

  /** {@code MFD_CLOEXEC} and {@code MFD_ALLOW_SEALING} (linux/memfd.h). */
  private static final long CLOEXEC_SEALABLE = 0x1 | 0x2;

  /** {@code F_ADD_SEALS} and {@code F_SEAL_SHRINK} (linux/fcntl.h). */
  private static final long ADD_SEALS = 1024 + 9;

  private static final long SEAL_SHRINK = 0x2;

  private static final Unsafe U = Unsafe.getUnsafe();

  private static volatile boolean ready;

  private MemoryCalls() {}

  /**
   * Whether the numbers above are this platform's: they are the same in all kernels that use the
   * generic headers, as those for x86-64 and aarch64 do, whatever the C library; some others'
   * aren't.
   */
  private static boolean isKnownPlatform() {
    String arch = System.getProperty("os.arch");
    return "Linux".equals(System.getProperty("os.name"))
        && ("amd64".equals(arch) || "aarch64".equals(arch));
  }

  /** Whether {@link #advise} may be called. */
  static boolean isReady() {
    return ready;
  }

  /** Links {@link #advise}, then tells the page layer. Called where a thread may be started. */
  static void linkInBackground() {
    if (isKnownPlatform()) {
      Libc.linkInBackground(new Prepare());
    }
  }

  /** Links {@link #advise} before it returns; false where that can't be. */
  static boolean linkNow() {
    if (isKnownPlatform()) {
      new Prepare().run();
    }
    return ready;
  }

  /** {@code madvise}: false where the kernel refuses. */
  static boolean advise(long address, long bytes, int advice) {
    MethodHandle madvise = Advice.MADVISE;
    try {
      return madvise != null && (int) madvise.invokeExact(address, bytes, (long) advice) == 0;
    } catch (Throwable e) {
      return false;
    }
  }

  /**
   * {@code memfd_create}: an empty file in memory, which can grow and not shrink. Links what it
   * needs before it returns.
   *
   * @return its descriptor; -1 where there's none to be had
   */
  static int memoryFile(String name) {
    if (!isKnownPlatform()) {
      return -1;
    }
    long text = U.allocateMemory(name.length() + 1);
    for (int i = 0; i < name.length(); i++) {
      U.putByte(text + i, (byte) name.charAt(i));
    }
    U.putByte(text + name.length(), (byte) 0);
    try {
      MethodHandle create = Files.MEMFD_CREATE;
      MethodHandle control = Files.FCNTL;
      if (create == null || control == null) {
        return -1;
      }
      int fd = (int) create.invokeExact(text, CLOEXEC_SEALABLE, 0L);
      if (fd < 0 || (int) control.invokeExact((long) fd, ADD_SEALS, SEAL_SHRINK) != 0) {
        // The descriptor stays open then, once in a process.
        return -1;
      }
      return fd;
    } catch (Throwable e) {
      return -1;
    } finally {
      U.freeMemory(text);
    }
  }

  private static final class Prepare extends Libc.Linking {
    Prepare() {
      super(Advice.class);
    }

    @Override
    protected void linked() {
      ready = Advice.MADVISE != null;
      if (ready) {
        PageLayer.adviseAll();
      }
    }
  }

  /**
   * The signature of all of them, in registers: the JDK makes the code for one in tens of
   * milliseconds and finds it for the others. An {@code int} is taken from the lower half of its
   * register, and what a function has no parameter for it doesn't look at.
   */
  private static final class Signature {
    static final FunctionDescriptor THREE_WORDS =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);

    private Signature() {}
  }

  private static final class Advice {
    static final @Nullable MethodHandle MADVISE = Libc.link("madvise", Signature.THREE_WORDS);

    private Advice() {}
  }

  /** Apart, since only those who share memory have need of them. */
  private static final class Files {
    static final @Nullable MethodHandle MEMFD_CREATE =
        Libc.link("memfd_create", Signature.THREE_WORDS);
    static final @Nullable MethodHandle FCNTL = Libc.link("fcntl", Signature.THREE_WORDS);

    private Files() {}
  }
}
