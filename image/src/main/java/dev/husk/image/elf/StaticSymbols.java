package dev.husk.image.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The symbol table of a file that names what isn't exported (.symtab, .strtab). No linker reads it
 * at run time; in libjvm.so it is a sixth of the file. What it names are functions in the traces of
 * a crash, which {@code addr2line} finds as well in the file that came with the JDK: nothing else
 * moves.
 */
public final class StaticSymbols {
  private static final int HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;

  // Types of sections, and their flags.
  private static final int SYMBOL_TABLE = 2;
  private static final int STRING_TABLE = 3;
  private static final int NO_BITS = 8;
  private static final long ALLOCATED = 2;
  private static final long INFO_LINK = 0x40;

  // Fields of the header.
  private static final int SEGMENTS = 32;
  private static final int SECTIONS = 40;
  private static final int SEGMENT_COUNT = 56;
  private static final int SECTION_SIZE = 58;
  private static final int SECTION_COUNT = 60;
  private static final int NAMES_INDEX = 62;

  // Fields of a section header.
  private static final int TYPE = 4;
  private static final int FLAGS = 8;
  private static final int OFFSET = 24;
  private static final int SIZE = 32;
  private static final int LINK = 40;
  private static final int INFO = 44;

  // Fields of a program header.
  private static final int SEGMENT_OFFSET = 8;
  private static final int SEGMENT_SIZE = 32;

  private final byte[] file;
  private final ByteBuffer fields;
  private final int sections;
  private final int count;
  private final int names;

  private StaticSymbols(byte[] file) {
    this.file = file;
    fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    sections = (int) fields.getLong(SECTIONS);
    count = Short.toUnsignedInt(fields.getShort(SECTION_COUNT));
    names = Short.toUnsignedInt(fields.getShort(NAMES_INDEX));
  }

  /**
   * A file without it. What isn't a little-endian ELF64 file with such a table at its end, where
   * linkers put it, comes back as it is.
   */
  public static byte[] removed(byte[] file) {
    boolean elf =
        file.length >= HEADER
            && Arrays.equals(file, 0, 6, new byte[] {0x7f, 'E', 'L', 'F', 2, 1}, 0, 6);
    try {
      return elf ? new StaticSymbols(file).without() : file;
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      return file; // Damaged; who loads it says how.
    }
  }

  private byte[] without() {
    int table = table();
    if (table < 0
        || fields.getShort(SECTION_SIZE) != SECTION_HEADER
        || fields.getLong(SECTIONS) != sections) {
      return file;
    }
    int strings = fields.getInt(header(table) + LINK);
    if (strings <= table || strings >= count || strings == names) {
      return file;
    }
    // The file up to the table stays; behind it there may only be its strings and all names.
    int end = Math.toIntExact(fields.getLong(header(table) + OFFSET));
    if (!endsWith(table, strings, end)) {
      return file;
    }
    int namesAt = Math.toIntExact(fields.getLong(header(names) + OFFSET));
    int namesSize = Math.toIntExact(fields.getLong(header(names) + SIZE));
    Objects.checkFromIndexSize(namesAt, namesSize, file.length);
    int headers = aligned(end + namesSize);
    int length = headers + (count - 2) * SECTION_HEADER;
    if (length >= file.length) {
      return file; // The names lie over what should go.
    }
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(file, 0, end).put(file, namesAt, namesSize).position(headers);
    for (int i = 0; i < count; i++) {
      if (i != table && i != strings) {
        int at = out.position();
        out.put(file, header(i), SECTION_HEADER);
        out.putInt(at + LINK, moved(fields.getInt(header(i) + LINK), table, strings));
        if (i == names) {
          out.putLong(at + OFFSET, end);
        }
      }
    }
    out.putLong(SECTIONS, headers);
    out.putShort(SECTION_COUNT, (short) (count - 2));
    out.putShort(NAMES_INDEX, (short) moved(names, table, strings));
    return out.array();
  }

  private int table() {
    for (int i = 1; i < count; i++) {
      int at = header(i);
      if (fields.getInt(at + TYPE) == SYMBOL_TABLE && fields.getLong(at + FLAGS) == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Whether behind the begin of the two there are they and the names alone, which nobody needs. */
  private boolean endsWith(int table, int strings, int end) {
    for (int i = 1; i < count; i++) {
      int at = header(i);
      long begin = fields.getLong(at + OFFSET);
      long size = fields.getInt(at + TYPE) == NO_BITS ? 0 : fields.getLong(at + SIZE);
      long flags = fields.getLong(at + FLAGS);
      boolean goes = i == table || i == strings;
      if (goes || i == names) {
        int type = i == table ? SYMBOL_TABLE : STRING_TABLE;
        if (begin < end || (flags & ALLOCATED) != 0 || fields.getInt(at + TYPE) != type) {
          return false;
        }
      } else if (begin + size > end) {
        return false;
      }
      int link = fields.getInt(at + LINK);
      boolean toOne = link == table || link == strings;
      boolean infoMoves = (flags & INFO_LINK) != 0 && fields.getInt(at + INFO) >= table;
      if (!goes && (toOne || infoMoves)) {
        return false;
      }
    }
    return sections >= end && segmentsEndBefore(end);
  }

  private boolean segmentsEndBefore(int end) {
    long table = fields.getLong(SEGMENTS);
    int segments = Short.toUnsignedInt(fields.getShort(SEGMENT_COUNT));
    for (int i = 0; i < segments; i++) {
      int at = Math.toIntExact(table + (long) i * PROGRAM_HEADER);
      if (fields.getLong(at + SEGMENT_OFFSET) + fields.getLong(at + SEGMENT_SIZE) > end) {
        return false;
      }
    }
    return table + (long) segments * PROGRAM_HEADER <= end;
  }

  private int header(int section) {
    return sections + section * SECTION_HEADER;
  }

  private static int moved(int index, int table, int strings) {
    return index - (index > table ? 1 : 0) - (index > strings ? 1 : 0);
  }

  private static int aligned(int at) {
    return at + 7 & ~7;
  }
}
