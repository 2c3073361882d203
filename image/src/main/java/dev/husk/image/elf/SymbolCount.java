package dev.husk.image.elf;

import org.jspecify.annotations.Nullable;

/**
 * How many entries a dynamic symbol table has. Nothing says it, but each of the hash tables leads
 * to the last symbol that the file offers, and relocations to the last that it needs.
 */
final class SymbolCount {
  private static final int RELOCATION_SIZE = 24;

  private SymbolCount() {}

  static long of(
      @Nullable Bytes hash,
      @Nullable Bytes gnuHash,
      @Nullable Bytes relocations,
      @Nullable Bytes jumps)
      throws ElfException {
    long count = hash == null ? 0 : hash.u32(4);
    if (gnuHash != null) {
      count = Math.max(count, gnu(gnuHash));
    }
    if (relocations != null) {
      count = Math.max(count, named(relocations));
    }
    return jumps == null ? count : Math.max(count, named(jumps));
  }

  /**
   * Buckets hold the first symbol of each chain, and the chains lie one behind the other; the last
   * symbol of a chain has its lowest bit set.
   */
  private static long gnu(Bytes hash) throws ElfException {
    long buckets = hash.u32(0);
    long first = hash.u32(4);
    long bucketsAt = 16 + 8 * hash.u32(8);
    long last = 0;
    for (long i = 0; i < buckets; i++) {
      last = Math.max(last, hash.u32(bucketsAt + 4 * i));
    }
    if (last < first) {
      return first;
    }
    long chainsAt = bucketsAt + 4 * buckets;
    while ((hash.u32(chainsAt + 4 * (last - first)) & 1) == 0) {
      last++;
    }
    return last + 1;
  }

  private static long named(Bytes relocations) throws ElfException {
    long count = 0;
    for (long at = 0; at + RELOCATION_SIZE <= relocations.size(); at += RELOCATION_SIZE) {
      count = Math.max(count, (relocations.i64(at + 8) >>> 32) + 1);
    }
    return count;
  }
}
