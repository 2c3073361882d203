package dev.husk.image.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.husk.image.elf.Machine;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What kernels and modules need of a little-endian ELF64 file (System V ABI, "Object Files"): where
 * its notes are, and a section by its name. Tables are read when they are asked for.
 */
final class ElfFile {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SECTION_HEADER = 64;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;

  private final Content file;
  private final ByteBuffer header;
  private final Machine machine;

  private ElfFile(Content file, ByteBuffer header, Machine machine) {
    this.file = file;
    this.header = header;
    this.machine = machine;
  }

  /** Tells whether a file with this begin is an ELF file of any kind. */
  static boolean begins(byte[] head) {
    return head.length > 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
  }

  /**
   * Reads the header.
   *
   * @throws IOException if it is none for one of our machines
   */
  static ElfFile read(Content file) throws IOException {
    byte[] head;
    try (InputStream in = file.open()) {
      head = in.readNBytes(HEADER);
    }
    if (!begins(head)) {
      throw new IOException("not an ELF file");
    }
    if (head.length < HEADER || head[4] != 2 || head[5] != 1) {
      throw new IOException("an ELF file, but not a little-endian 64-bit one");
    }
    ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int number = header.getShort(18) & 0xffff;
    Machine machine =
        Machine.of(number)
            .orElseThrow(
                () ->
                    new IOException(
                        "an ELF file for the machine " + number + ", neither x86-64 nor aarch64"));
    return new ElfFile(file, header, machine);
  }

  Machine machine() {
    return machine;
  }

  /** The first physical address behind all that is loaded. */
  long end() throws IOException {
    long end = 0;
    ByteBuffer table = table(32, 54, 56, PROGRAM_HEADER, "program headers");
    for (int at = 0; at < table.capacity(); at += PROGRAM_HEADER) {
      if (table.getInt(at) == PT_LOAD) {
        end = Math.max(end, table.getLong(at + 24) + table.getLong(at + 40));
      }
    }
    return end;
  }

  /** The segments that hold notes. */
  List<Content> notes() throws IOException {
    List<Content> notes = new ArrayList<>();
    ByteBuffer table = table(32, 54, 56, PROGRAM_HEADER, "program headers");
    for (int at = 0; at < table.capacity(); at += PROGRAM_HEADER) {
      if (table.getInt(at) == PT_NOTE) {
        notes.add(part(table.getLong(at + 8), table.getLong(at + 32), "a note"));
      }
    }
    return notes;
  }

  /** The first section of this name. */
  Optional<Content> section(String name) throws IOException {
    ByteBuffer table = table(40, 58, 60, SECTION_HEADER, "section headers");
    int strings = (header.getShort(62) & 0xffff) * SECTION_HEADER;
    if (strings >= table.capacity()) {
      return Optional.empty();
    }
    byte[] names = sectionAt(table, strings).bytes();
    for (int at = 0; at < table.capacity(); at += SECTION_HEADER) {
      if (stringAt(names, table.getInt(at), name)) {
        return Optional.of(sectionAt(table, at));
      }
    }
    return Optional.empty();
  }

  private Content sectionAt(ByteBuffer table, int at) throws IOException {
    return part(table.getLong(at + 24), table.getLong(at + 32), "a section");
  }

  private static boolean stringAt(byte[] strings, int at, String string) {
    byte[] wanted = (string + '\0').getBytes(ISO_8859_1);
    if (at < 0 || at > strings.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (strings[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private ByteBuffer table(int offset, int entrySize, int count, int size, String what)
      throws IOException {
    int entries = header.getShort(count) & 0xffff;
    if (entries != 0 && (header.getShort(entrySize) & 0xffff) != size) {
      throw new IOException("broken ELF file: " + what + " of another size than " + size);
    }
    byte[] bytes =
        part(entries == 0 ? 0 : header.getLong(offset), (long) entries * size, what).bytes();
    if (bytes.length < entries * size) {
      throw new IOException("broken ELF file: " + what + " are cut off");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Content part(long offset, long size, String what) throws IOException {
    if (offset < 0 || size < 0 || offset > file.size() - size) {
      throw new IOException(
          "broken ELF file: %s, %s bytes at %s, outside the file of %d bytes"
              .formatted(
                  what, Long.toUnsignedString(size), Long.toUnsignedString(offset), file.size()));
    }
    return file.part(offset, size);
  }
}
