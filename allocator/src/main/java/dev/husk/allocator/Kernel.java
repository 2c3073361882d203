package dev.husk.allocator;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.HuskBuffers;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskMaps;

/**
 * Memory from the kernel, by what the JDK has natives for: a private mapping of {@code /dev/zero}
 * is anonymous memory, and what {@code MappedByteBuffer} calls unloading is {@code MADV_DONTNEED},
 * which gives pages back and leaves zeros.
 */
final class Kernel {
  /** Kept open for the process's life. */
  private static final @Nullable FileDescriptor ZERO = openZero();

  private Kernel() {}

  /** Never closed: a file whose descriptor is reachable has no cleaner that runs. */
  private static @Nullable FileDescriptor openZero() {
    define("java/nio/HuskBuffers");
    define("sun/nio/ch/HuskMaps");
    try {
      return new RandomAccessFile("/dev/zero", "rw").getFD();
    } catch (IOException e) {
      return null;
    }
  }

  private static void define(String name) {
    byte[] file = HuskMemory.classFile(name);
    if (file != null) {
      SharedSecrets.getJavaLangAccess().defineClass(null, name.replace('/', '.'), file, null, null);
    }
  }

  /**
   * Maps zeroed memory.
   *
   * @param bytes a multiple of {@link PageRun#PAGE}
   * @return its address, a multiple of {@link PageRun#PAGE}; 0 when the kernel has none
   */
  static long map(long bytes) {
    if (ZERO == null) {
      return 0;
    }
    long all = bytes + PageRun.PAGE;
    long start;
    try {
      start = HuskMaps.mapPrivate(ZERO, all);
    } catch (IOException | OutOfMemoryError e) {
      return 0;
    }
    long base = (start + PageRun.PAGE - 1) & -PageRun.PAGE;
    if (base != start) {
      HuskMaps.unmap(start, base - start);
    }
    long end = start + all;
    if (base + bytes != end) {
      HuskMaps.unmap(base + bytes, end - base - bytes);
    }
    return base;
  }

  /** Gives a mapping, or whole pages of one, back for good. */
  static void unmap(long address, long bytes) {
    HuskMaps.unmap(address, bytes);
  }

  /** Gives the pages back; they stay mapped and read as zero. */
  static void discard(long address, long bytes) {
    HuskBuffers.discard(address, bytes);
  }
}
