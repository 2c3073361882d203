package dev.husk.ab.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resident memory from {@code /proc/PID/smaps}.
 *
 * @param heapKilobytes in the Java heap
 * @param allKilobytes in all of the process
 */
record Smaps(long heapKilobytes, long allKilobytes) {
  /** What ZGC backs its heap with. */
  private static final String ZGC_HEAP = "/memfd:java_heap";

  /**
   * Adds up the mappings.
   *
   * @param heap the heap's range; null when it is known by its name alone
   */
  static Smaps parse(List<String> lines, GcLog.@Nullable HeapRange heap) {
    long heapKilobytes = 0;
    long all = 0;
    long inHeap = 0; // Bytes of the present mapping that are in the heap.
    for (String line : lines) {
      if (line.startsWith("Rss:")) {
        long resident = Long.parseLong(line.substring(4, line.length() - 2).strip());
        all += resident;
        // Neighbours may be one mapping to the kernel.
        heapKilobytes += Math.min(resident, inHeap >> 10);
      } else if (isHeader(line)) {
        inHeap = inHeap(line, heap);
      }
    }
    return new Smaps(heapKilobytes, all);
  }

  /** Both together. */
  Smaps plus(Smaps other) {
    return new Smaps(heapKilobytes + other.heapKilobytes, allKilobytes + other.allKilobytes);
  }

  /** A mapping begins with its addresses in hexadecimal digits, other lines with a capital. */
  private static boolean isHeader(String line) {
    return !line.isEmpty()
        && Character.digit(line.charAt(0), 16) >= 0
        && line.indexOf('-') > 0
        && !Character.isUpperCase(line.charAt(0));
  }

  private static long inHeap(String header, GcLog.@Nullable HeapRange heap) {
    int dash = header.indexOf('-');
    int blank = header.indexOf(' ');
    long start = Long.parseUnsignedLong(header.substring(0, dash), 16);
    long end = Long.parseUnsignedLong(header.substring(dash + 1, blank), 16);
    if (header.contains(ZGC_HEAP)) {
      return end - start;
    }
    return heap == null
        ? 0
        : Math.max(0, Math.min(end, heap.end()) - Math.max(start, heap.start()));
  }
}
