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
 * which gives pages back and leaves zeros. With {@code memory.shared=on} it is a {@link SharedFile}
 * instead. Any thread.
 */
final class Kernel {
  /** Kept open for the process's life. */
  private static final @Nullable FileDescriptor ZERO = openZero();

  /** Set before the first mapping: all memory is in the file, or none. */
  private static @Nullable SharedFile shared;

  private Kernel() {}

  /** Never closed: a file whose descriptor is reachable has no cleaner that runs. */
  private static @Nullable FileDescriptor openZero() {
    define("java/nio/HuskBuffers");
    define("sun/nio/ch/HuskMaps");
    define("sun/nio/ch/HuskPressure");
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
   * From now on memory comes from a file that others can map, see {@link SharedRegion}. Called
   * before the seams go in, and before anything is mapped.
   *
   * @return false where the system has no such files: memory stays private
   */
  static boolean share() {
    shared = SharedFile.create();
    return shared != null;
  }

  /** Whether all memory is in a file that others can map. */
  static boolean isShared() {
    return shared != null;
  }

  /**
   * Maps zeroed memory.
   *
   * @param bytes a multiple of {@link PageRun#PAGE}
   * @param alignment a power of two, {@link PageRun#PAGE} at least
   * @return its address, a multiple of the alignment; 0 when the kernel has none
   */
  static long map(long bytes, long alignment) {
    SharedFile shared = Kernel.shared;
    if (shared != null) {
      return shared.map(bytes, alignment);
    }
    if (ZERO == null) {
      return 0;
    }
    long all = bytes + alignment;
    try {
      return cutOut(HuskMaps.mapPrivate(ZERO, all), all, bytes, alignment);
    } catch (IOException | OutOfMemoryError e) {
      return 0;
    }
  }

  /** Keeps the aligned part of a mapping and unmaps what is before and behind it. */
  static long cutOut(long start, long all, long bytes, long alignment) {
    long base = (start + alignment - 1) & -alignment;
    if (base != start) {
      HuskMaps.unmap(start, base - start);
    }
    long end = start + all;
    if (base + bytes != end) {
      HuskMaps.unmap(base + bytes, end - base - bytes);
    }
    return base;
  }

  /** Gives a whole mapping back for good. */
  static void unmap(long address, long bytes) {
    SharedFile shared = Kernel.shared;
    if (shared != null) {
      shared.forget(address, bytes);
    }
    HuskMaps.unmap(address, bytes);
  }

  /**
   * Gives the pages back; they stay mapped and read as zero.
   *
   * @return false when the kernel refuses, and they are as they were: a program may have locked
   *     them ({@code mlockall})
   */
  static boolean discard(long address, long bytes) {
    return shared != null
        ? MemoryCalls.advise(address, bytes, MemoryCalls.REMOVE)
        : HuskBuffers.discard(address, bytes);
  }
}
