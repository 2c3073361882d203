package dev.husk.ab.measure;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a JVM's log of garbage collection: {@code gc*} and {@code pagesize} at level info. */
final class GcLog {
  // "GC(7) Pause Young (Normal) (G1 Evacuation Pause) 19M->4M(380M) 18.430ms" of G1, Serial and
  // Parallel, "GC(0) Y: Pause Mark Start (Major) 0.039ms" of ZGC, "GC(0) Pause Init Mark 0.121ms"
  // of Shenandoah. The line of a start has no time.
  private static final Pattern PAUSE =
      Pattern.compile("GC\\(\\d+\\) (?:\\w: )?Pause .* (\\d+(?:\\.\\d+)?)ms$");

  // "Heap:  min=8M max=512M base=0x00000000e0000000 size=512M page_size=4K"
  private static final Pattern HEAP =
      Pattern.compile("] Heap: .*base=0x([0-9a-f]+) size=(\\d+)([BKMGT]?)");

  private static final int HEAD_BYTES = 64 * 1024;

  private GcLog() {}

  /**
   * Where the heap is.
   *
   * @param start its first address
   * @param end the address behind it
   */
  record HeapRange(long start, long end) {}

  /** The pauses in some lines, ms. */
  static List<Double> pauses(List<String> lines) {
    List<Double> pauses = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = PAUSE.matcher(line);
      if (matcher.find()) {
        pauses.add(Double.parseDouble(matcher.group(1)));
      }
    }
    return pauses;
  }

  /** The heap's addresses; null where they aren't told, as with ZGC, whose mappings have a name. */
  static @Nullable HeapRange heap(List<String> lines) {
    for (String line : lines) {
      Matcher matcher = HEAP.matcher(line);
      if (matcher.find()) {
        long start = Long.parseUnsignedLong(matcher.group(1), 16);
        int shift = 10 * "BKMGT".indexOf(matcher.group(3).isEmpty() ? "B" : matcher.group(3));
        return new HeapRange(start, start + (Long.parseLong(matcher.group(2)) << shift));
      }
    }
    return null;
  }

  /** The first lines, in which a JVM tells how it is set up; empty without a log. */
  static List<String> head(Path log) {
    return lines(log, 0, HEAD_BYTES);
  }

  /** The whole lines that were written from an offset on; empty without a log. */
  static List<String> since(Path log, long offset) {
    return lines(log, offset, Long.MAX_VALUE);
  }

  /** The length by now, 0 without a log. */
  static long length(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<String> lines(Path log, long offset, long limit) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = Math.min(file.length() - offset, limit);
      if (length <= 0) {
        return List.of();
      }
      byte[] bytes = new byte[Math.toIntExact(length)];
      file.seek(offset);
      file.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
