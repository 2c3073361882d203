package dev.husk.image.elf;

import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notes of a file (PT_NOTE).
 *
 * @param buildId NT_GNU_BUILD_ID in hexadecimal
 * @param otherSystem whose dynamic linker the file is for, if it says so and that isn't Linux's
 */
record Notes(@Nullable String buildId, @Nullable String otherSystem) {
  static final Notes NONE = new Notes(null, null);

  private static final int NT_GNU_BUILD_ID = 3;
  private static final String GNU = "GNU";
  private static final Set<String> OTHER_SYSTEMS =
      Set.of("Android", "DragonFly", "FreeBSD", "NetBSD", "OpenBSD");
  private static final int LONGEST_NAME = 16;

  /** Notes: the sizes of name and description, the type, then both, each padded. */
  static Notes read(Bytes notes, long alignment) throws ElfException {
    Notes read = NONE;
    long unit = alignment == 8 ? 8 : 4;
    long at = 0;
    while (at <= notes.size() - 12) {
      long nameSize = notes.u32(at);
      long size = notes.u32(at + 4);
      long description = at + padded(12 + nameSize, unit);
      notes.check(description, size);
      String owner = nameSize == 0 || nameSize > LONGEST_NAME ? "" : name(notes, at + 12, nameSize);
      if (owner.equals(GNU) && notes.u32(at + 8) == NT_GNU_BUILD_ID) {
        byte[] id = new byte[(int) size];
        for (int i = 0; i < id.length; i++) {
          id[i] = (byte) notes.u8(description + i);
        }
        read = read.and(new Notes(HexFormat.of().formatHex(id), null));
      } else if (OTHER_SYSTEMS.contains(owner)) {
        read = read.and(new Notes(null, owner));
      }
      at = description + padded(size, unit);
    }
    return read;
  }

  /** These and others; what these say counts. */
  Notes and(Notes others) {
    return new Notes(
        buildId == null ? others.buildId : buildId,
        otherSystem == null ? others.otherSystem : otherSystem);
  }

  /** The owner's name, which ends with a zero or the first of those that pad it. */
  private static String name(Bytes notes, long at, long size) throws ElfException {
    StringBuilder name = new StringBuilder();
    for (long i = at; i < at + size && notes.u8(i) != 0; i++) {
      name.append((char) notes.u8(i));
    }
    return name.toString();
  }

  private static long padded(long size, long unit) {
    return (size + unit - 1) / unit * unit;
  }
}
