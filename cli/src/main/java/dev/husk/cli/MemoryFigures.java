package dev.husk.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/**
 * What the MXBean {@code dev.husk:type=Memory} says, and as a table.
 *
 * @param used and the others: bytes, but for {@code blocks}, {@code remoteFrees}, {@code pageMoves}
 *     and {@code misuses}
 * @param fragmentation from 0 to 1
 * @param sizes bytes in use by the size of blocks, as the bean writes it
 */
record MemoryFigures(
    long used,
    long blocks,
    long slabs,
    long large,
    double fragmentation,
    long freeResident,
    long returned,
    long mapped,
    long remoteFrees,
    long pageMoves,
    long misuses,
    Map<String, Long> sizes) {

  /** What {@link #of} needs of the bean. */
  static final String[] ATTRIBUTES = {
    "Used",
    "Blocks",
    "Slabs",
    "Large",
    "Fragmentation",
    "FreeResident",
    "Returned",
    "Mapped",
    "RemoteFrees",
    "PageMoves",
    "Misuses",
    "UsedBySizeClass",
  };

  private static final int KB = 1024;
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

  /** Of a size class's share of what is in use. */
  private static final int BAR_WIDTH = 20;

  /**
   * From the bean's attributes.
   *
   * @throws CommandFailure where some are missing
   */
  static MemoryFigures of(Map<String, Object> attributes) {
    for (String name : ATTRIBUTES) {
      if (!attributes.containsKey(name)) {
        throw new CommandFailure(
            "the JVM's Husk is of another version: its bean has no attribute " + name);
      }
    }
    Map<String, Long> sizes = new TreeMap<>(Comparator.comparingLong(MemoryFigures::bytes));
    for (Object row : ((TabularData) attributes.get("UsedBySizeClass")).values()) {
      CompositeData pair = (CompositeData) row;
      sizes.put((String) pair.get("key"), (Long) pair.get("value"));
    }
    return new MemoryFigures(
        number(attributes, "Used"),
        number(attributes, "Blocks"),
        number(attributes, "Slabs"),
        number(attributes, "Large"),
        (Double) attributes.get("Fragmentation"),
        number(attributes, "FreeResident"),
        number(attributes, "Returned"),
        number(attributes, "Mapped"),
        number(attributes, "RemoteFrees"),
        number(attributes, "PageMoves"),
        number(attributes, "Misuses"),
        sizes);
  }

  private static long number(Map<String, Object> attributes, String name) {
    return (Long) attributes.get(name);
  }

  /** The bytes of a block whose size the bean writes as {@code 256 B} or {@code 4 KB}. */
  static long bytes(String size) {
    int space = size.indexOf(' ');
    long number = Long.parseLong(size.substring(0, space));
    return size.endsWith(" KB") ? number * KB : number;
  }

  /** Bytes for people, as in {@code 1.25 MB}. */
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    // What would be written as 1024 is one of the next unit.
    while (unit < UNITS.size() - 1 && Math.round(value) >= KB) {
      value /= KB;
      unit++;
    }
    int digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return ("%." + digits + "f %s").formatted(value, UNITS.get(unit));
  }

  /** All of it, a line each. */
  String toText() {
    StringBuilder out = new StringBuilder();
    line(out, "in use", size(used), count(blocks, "block"));
    line(out, "slabs", size(slabs), "where blocks of up to 256 KB lie");
    line(out, "large blocks", size(large), "");
    line(
        out,
        "fragmentation",
        "%.1f %%".formatted(100 * fragmentation),
        "of slabs and large blocks isn't in use");
    line(
        out, "free, resident", size(freeResident), "for the next slab or block; soon the kernel's");
    line(out, "returned", size(returned), "to the kernel so far");
    line(out, "mapped", size(mapped), "of address space");
    line(out, "remote frees", "%,d".formatted(remoteFrees), "so far, by another thread");
    line(out, "run moves", "%,d".formatted(pageMoves), "so far, between heaps and what they share");
    if (misuses != 0) {
      line(
          out,
          "mistakes",
          "%,d".formatted(misuses),
          "so far, of the app's; memory=checked tells where");
    }
    if (!sizes.isEmpty() || large != 0) {
      out.append("\n%14s %12s %12s%n".formatted("block size", "in use", "blocks"));
      sizes.forEach(
          (size, bytes) ->
              row(out, size, bytes, "%,d".formatted(bytes / Math.max(1, bytes(size)))));
      if (large != 0) {
        row(out, "large", large, "%,d".formatted(blocks - smallBlocks()));
      }
    }
    return out.toString();
  }

  private long smallBlocks() {
    long sum = 0;
    for (Map.Entry<String, Long> each : sizes.entrySet()) {
      sum += each.getValue() / Math.max(1, bytes(each.getKey()));
    }
    return sum;
  }

  private static String count(long number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  private static void line(StringBuilder out, String name, String value, String remark) {
    out.append("  %-15s %11s  %s".formatted(name, value, remark).stripTrailing()).append('\n');
  }

  private void row(StringBuilder out, String size, long bytes, String blocks) {
    int bar = used == 0 ? 0 : (int) Math.round((double) BAR_WIDTH * bytes / used);
    out.append(
            "%14s %12s %12s  %s"
                .formatted(size, size(bytes), blocks, "#".repeat(bar))
                .stripTrailing())
        .append('\n');
  }
}
