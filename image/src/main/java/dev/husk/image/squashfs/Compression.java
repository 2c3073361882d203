package dev.husk.image.squashfs;

import java.util.Locale;

/** What a file system can be compressed with, in the order of the numbers in its superblock. */
enum Compression {
  ZLIB,
  LZMA,
  LZO,
  XZ,
  LZ4,
  ZSTD;

  int number() {
    return ordinal() + 1;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
