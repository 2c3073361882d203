package dev.husk.allocator;

/**
 * The sizes that blocks of a slab come in: multiples of 16 up to 128, then eight to each doubling
 * up to {@link #MAX}, so that rounding up wastes an eighth at most.
 */
final class SizeClasses {
  /** The largest size that slabs serve, bytes; anything larger is a run of its own. */
  static final int MAX = 256 << 10;

  /** What every block is aligned to, bytes: what the C library's malloc gives. */
  static final int ALIGNMENT = 16;

  /** The number of classes. */
  static final int COUNT = of(MAX) + 1;

  private static final int LINEAR_BITS = 7;
  private static final int LINEAR = 1 << LINEAR_BITS;
  private static final int LINEAR_CLASSES = LINEAR / ALIGNMENT;
  private static final int STEP_BITS = 3;
  private static final int STEPS = 1 << STEP_BITS;

  private static final int SMALL_SLAB = 64 << 10;
  private static final int MEDIUM_SLAB = 512 << 10;
  private static final int LARGE_SLAB = 1 << 20;

  private SizeClasses() {}

  /** The class whose blocks hold so many bytes, 1 to {@link #MAX}. */
  static int of(int bytes) {
    int last = bytes - 1;
    if (bytes <= LINEAR) {
      return last >> 4;
    }
    int doubling = 31 - Integer.numberOfLeadingZeros(last);
    return ((doubling - LINEAR_BITS) << STEP_BITS)
        + ((last >> (doubling - STEP_BITS)) & (STEPS - 1))
        + LINEAR_CLASSES;
  }

  /** The size of a block of a class, bytes. */
  static int size(int sizeClass) {
    int above = sizeClass - LINEAR_CLASSES;
    if (above < 0) {
      return (sizeClass + 1) * ALIGNMENT;
    }
    return (STEPS + (above & (STEPS - 1)) + 1) << ((above >> STEP_BITS) + LINEAR_BITS - STEP_BITS);
  }

  /**
   * The size of a slab of a class, bytes: four blocks at least, and eight of all but the largest.
   */
  static int slabBytes(int sizeClass) {
    int size = size(sizeClass);
    if (size <= SMALL_SLAB / 8) {
      return SMALL_SLAB;
    }
    return size <= MEDIUM_SLAB / 8 ? MEDIUM_SLAB : LARGE_SLAB;
  }
}
