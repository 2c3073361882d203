package dev.husk.allocator;

/**
 * The lengths that page runs are kept in, in pages: each up to 8, then four to each doubling, up to
 * {@link #MAX_PAGES}.
 */
final class RunClasses {
  /** The longest run that the page layer keeps; a longer one is mapped and unmapped. */
  static final int MAX_PAGES = 512;

  /** The number of classes. */
  static final int COUNT = of(MAX_PAGES) + 1;

  private static final int LINEAR = 8;

  private RunClasses() {}

  /** The class whose runs hold so many pages, 1 to {@link #MAX_PAGES}. */
  static int of(int pages) {
    int last = pages - 1;
    if (last < LINEAR) {
      return last;
    }
    int doubling = 31 - Integer.numberOfLeadingZeros(last);
    return LINEAR + ((doubling - 3) << 2) + ((last >> (doubling - 2)) & 3);
  }

  /** The length of a class's runs, in pages. */
  static int pages(int runClass) {
    int above = runClass - LINEAR;
    if (above < 0) {
      return runClass + 1;
    }
    return (4 + (above & 3) + 1) << ((above >> 2) + 1);
  }
}
