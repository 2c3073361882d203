package dev.husk.image.pe;

import dev.husk.image.tree.Content;

/**
 * A section of a PE file.
 *
 * @param name at most eight ASCII characters
 * @param address where it lies in memory, from the begin of the image
 * @param size how many bytes it has in memory; what the content doesn't fill is zero
 * @param characteristics flags, IMAGE_SCN_... of the PE specification
 * @param content what the file holds of it, at most {@code size} bytes
 */
public record PeSection(
    String name, long address, long size, int characteristics, Content content) {

  /** Code that is read and executed. */
  static final int CODE = 0x6000_0020;

  /** Data that is only read. */
  static final int DATA = 0x4000_0040;

  /** Data that the loader may drop when it is done. */
  static final int DISCARDABLE_DATA = 0x4200_0040;

  private static final int CONTAINS_CODE = 0x20;

  boolean isCode() {
    return (characteristics & CONTAINS_CODE) != 0;
  }

  /** Where its memory ends. One without bytes has its place, too: no two have the same address. */
  long end() {
    return address + Math.max(size, 1);
  }
}
