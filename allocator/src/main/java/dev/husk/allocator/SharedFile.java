package dev.husk.allocator;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskMaps;

/**
 * The file in memory ({@code memfd}) that all regions come from with {@code memory.shared=on}, so
 * that a device that maps the file sees what a buffer holds.
 *
 * <p>Each mapping gets a part of the file of its own, behind all others; parts that are given up
 * are holes, which cost nothing. The file is sealed against shrinking: whoever has mapped it can't
 * be hit by a signal, and of several threads that let it grow the order doesn't matter. It gets no
 * huge pages: the kernel has a switch of its own for those of files, which nearly no system sets.
 */
final class SharedFile {
  private static final String NAME = "husk-memory";

  /** The file grows by so many bytes at a time; they cost nothing before they are written to. */
  private static final long STEP = 64 << 20;

  private static final ConcurrentSkipListMap<Long, SharedRegion> REGIONS =
      new ConcurrentSkipListMap<>();

  private final FileDescriptor file;

  /** Where the next part begins. */
  private final AtomicLong end = new AtomicLong();

  private SharedFile(FileDescriptor file) {
    this.file = file;
  }

  /** A new one; null where the system has none to give. Links C functions: a tenth of a second. */
  static @Nullable SharedFile create() {
    int fd = MemoryCalls.linkNow() ? MemoryCalls.memoryFile(NAME) : -1;
    if (fd < 0) {
      return null;
    }
    FileDescriptor file = new FileDescriptor();
    SharedSecrets.getJavaIOFileDescriptorAccess().set(file, fd);
    return new SharedFile(file);
  }

  /** See {@link Kernel#map}. */
  long map(long bytes, long alignment) {
    long all = bytes + alignment;
    long offset = end.getAndAdd(all);
    long start;
    try {
      grow(offset + all);
      start = HuskMaps.mapShared(file, offset, all);
    } catch (IOException | OutOfMemoryError e) {
      return 0;
    }
    long base = Kernel.cutOut(start, all, bytes, alignment);
    REGIONS.put(base, new SharedRegion(file, base, offset + base - start, bytes));
    return base;
  }

  private void grow(long bytes) throws IOException {
    if (HuskMaps.size(file) < bytes) {
      try {
        HuskMaps.resize(file, (bytes + STEP - 1) & -STEP);
      } catch (IOException e) {
        // The seal, when another thread has let it grow further.
        if (HuskMaps.size(file) < bytes) {
          throw e;
        }
      }
    }
  }

  /** A mapping is about to go, and its part of the file with it. */
  void forget(long address, long bytes) {
    REGIONS.remove(address);
    // Unmapping alone would leave the pages in the file.
    MemoryCalls.advise(address, bytes, MemoryCalls.REMOVE);
  }

  /** The region that an address is in, or null. */
  static @Nullable SharedRegion find(long address) {
    Map.Entry<Long, SharedRegion> below = REGIONS.floorEntry(address);
    return below != null && below.getValue().contains(address) ? below.getValue() : null;
  }
}
