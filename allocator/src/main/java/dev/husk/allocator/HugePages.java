package dev.husk.allocator;

import dev.husk.runtime.config.Options.Pages;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.HuskMaps;

/**
 * Pages of 2 MB, which save a process with much memory most misses of the processor's address
 * cache, and most page faults.
 *
 * <p>Transparent ones come where the kernel sees an aligned stretch; where the system wants to be
 * asked ({@code madvise}), regions ask. A huge page is resident as a whole once a byte of it is
 * written to: so only regions of {@link PageLayer#LAST_REGION} get them, which a process has once
 * it uses tens of megabytes, and whose runs are cut one behind the other; and a region from which
 * memory was given back gets no new ones, see {@link Region#addHole}. What is given back, in units
 * of {@link PageRun#PAGE}, splits a huge page, and leaves its other parts where they are.
 *
 * <p>Those of a pool that the administrator has set aside come from an unlinked file in its file
 * system. The kernel can't split them, and one that is given back whole loses its reservation in
 * older kernels, so that the next write there may be a SIGBUS: they stay with the process, do not
 * count as its resident memory, and their runs are kept with what was written to them. The mapping
 * reserves them, so it fails when there are too few. A control group's limit for them isn't seen by
 * that but by the first access, again with a SIGBUS: all are faulted in at once, by a call that
 * fails instead; kernels that lack it (before Linux 5.14) use normal pages.
 */
final class HugePages {
  /** A huge page, bytes, on x86-64 and on aarch64 with pages of 4 KB. */
  static final long BYTES = 2 << 20;

  private static final String TRANSPARENT = "/sys/kernel/mm/transparent_hugepage/";
  private static final String POOL = "/sys/kernel/mm/hugepages/hugepages-2048kB/";

  private static volatile boolean looked;

  /** What regions tell the kernel, a number for {@code madvise}; 0: nothing. */
  private static volatile int advice;

  /** A file in the pool's file system; null without one, or when it can't be used. */
  private static volatile @Nullable FileDescriptor pool;

  private static final AtomicLong POOLED = new AtomicLong();

  private HugePages() {}

  /** Whether {@link #look} was called. */
  static boolean hasLooked() {
    return looked;
  }

  /** Looks what the system offers. The reclaimer only, once the process has grown. */
  static void look() {
    looked = true;
    if (Kernel.isShared()) {
      return;
    }
    Pages pages = HuskMemory.pages();
    String enabled = KernelFile.read(TRANSPARENT + "enabled");
    long size = KernelFile.number(KernelFile.read(TRANSPARENT + "hpage_pmd_size"));
    advice = advice(pages, enabled, size);
    if (pages != Pages.SMALL && free() > 0) {
      pool = openPool();
    }
    if (advice != 0 || pool != null) {
      MemoryCalls.linkInBackground();
    } else if (pages == Pages.HUGE && !isChosen(enabled, "always")) {
      System.err.println(
          "husk: memory.pages=huge: this system offers none: "
              + TRANSPARENT
              + "enabled says neither madvise nor always, and no pool of 2 MB pages has one left");
    }
  }

  /**
   * What regions tell the kernel.
   *
   * @param enabled the system's choice, in square brackets among those that there are
   * @param size of a transparent huge page, bytes; -1 where the system doesn't say
   */
  static int advice(Pages pages, @Nullable String enabled, long size) {
    if (size != -1 && size != BYTES) {
      return 0;
    }
    if (pages == Pages.SMALL) {
      return isChosen(enabled, "always") ? MemoryCalls.NO_HUGE : 0;
    }
    return isChosen(enabled, "madvise") ? MemoryCalls.HUGE : 0;
  }

  private static boolean isChosen(@Nullable String choices, String word) {
    return choices != null && choices.contains("[" + word + "]");
  }

  /** See {@link #advice(Pages, String, long)}. */
  static int advice() {
    return advice;
  }

  /** Pages of the pool that are neither used nor reserved. */
  private static long free() {
    return KernelFile.number(KernelFile.read(POOL + "free_hugepages"))
        - Math.max(0, KernelFile.number(KernelFile.read(POOL + "resv_hugepages")));
  }

  private static @Nullable FileDescriptor openPool() {
    String mounts = KernelFile.read("/proc/mounts");
    for (String directory : pools(mounts == null ? "" : mounts)) {
      File file = new File(directory, "husk-" + Long.toHexString(System.nanoTime()));
      try {
        if (file.createNewFile()) {
          try {
            return new RandomAccessFile(file, "rw").getFD();
          } finally {
            file.delete();
          }
        }
      } catch (IOException e) {
        // Not ours to write to: perhaps the next one is.
      }
    }
    return null;
  }

  /** Where file systems of 2 MB pages are mounted, writable. */
  static List<String> pools(String mounts) {
    List<String> found = new ArrayList<>();
    for (String line : mounts.split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      if (fields.length > 3 && fields[2].equals("hugetlbfs")) {
        String options = "," + fields[3] + ",";
        // One that doesn't tell has the system's standard size; a mapping fails if that is larger.
        if (options.contains(",rw,")
            && (options.contains(",pagesize=2M,") || !options.contains(",pagesize="))) {
          found.add(Cgroup.unescape(fields[1]));
        }
      }
    }
    return found;
  }

  /**
   * Maps pages of the pool, which are there and zero. Any thread.
   *
   * @param bytes a multiple of {@link #BYTES}
   * @return the address, a multiple of {@link #BYTES}; 0 when there aren't enough, or no pool
   */
  static long map(long bytes) {
    FileDescriptor file = pool;
    if (file == null || !MemoryCalls.isReady()) {
      return 0;
    }
    long address;
    try {
      address = HuskMaps.mapPrivate(file, bytes);
    } catch (IOException | OutOfMemoryError e) {
      return 0;
    }
    if (!MemoryCalls.advise(address, bytes, MemoryCalls.POPULATE_WRITE)) {
      pool = null;
      HuskMaps.unmap(address, bytes);
      return 0;
    }
    POOLED.addAndGet(bytes);
    return address;
  }

  /** Gives a mapping of the pool's pages back. */
  static void unmap(long address, long bytes) {
    HuskMaps.unmap(address, bytes);
    POOLED.addAndGet(-bytes);
  }

  /** Bytes that are in the pool's pages. */
  static long pooled() {
    return POOLED.get();
  }
}
