package dev.husk.start;

import java.util.Map;

/**
 * The memory group to management tools: {@code dev.husk:type=Memory}. Sizes are bytes.
 *
 * <p>Most attributes are counted by a walk over all memory when they are read, once for those that
 * are asked for together ({@code getAttributes}).
 */
public interface MemoryMXBean {
  /** The name it is registered by. */
  String NAME = "dev.husk:type=Memory";

  /** Blocks in use, as they were rounded up to a size class. */
  long getUsed();

  /** Their number. */
  long getBlocks();

  /** What is in use by the size of blocks, as in {@code 256 B} and {@code 4 KB}; without large. */
  Map<String, Long> getUsedBySizeClass();

  /** The slabs that blocks of up to 256 KB lie in. */
  long getSlabs();

  /** Larger blocks. */
  long getLarge();

  /** How much of slabs and large blocks isn't in use: from 0, all is, towards 1. */
  double getFragmentation();

  /** What is free for the next slab or block, and still has the kernel's pages. */
  long getFreeResident();

  /** What went back to the kernel so far. */
  long getReturned();

  /** Address space that is mapped. */
  long getMapped();

  /** Blocks that were freed so far by another thread than the one that holds their heap. */
  long getRemoteFrees();

  /** Page runs that moved so far between a heap and what all heaps share. */
  long getPageMoves();

  /** Mistakes of the app's so far: freed twice, freed what isn't a block, written past an end. */
  long getMisuses();

  /**
   * The call sites that hold most off-heap memory, as text: bytes, blocks, age, stack. Estimated
   * from samples; exact with {@code memory=checked}.
   *
   * @param count how many of them
   */
  String holders(int count);
}
