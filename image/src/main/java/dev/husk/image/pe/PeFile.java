package dev.husk.image.pe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.husk.image.elf.Machine;
import dev.husk.image.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A PE32+ file: Microsoft's "PE Format", as far as UEFI firmware looks at it (UEFI 2.10, 2.1.1).
 * {@link #read} and {@link #write} are inverses, but for the place of the sections in the file.
 *
 * @param machine what it runs on
 * @param subsystem {@link #EFI_APPLICATION}, or another kind of program
 * @param dllCharacteristics flags, IMAGE_DLLCHARACTERISTICS_...
 * @param imageBase the address in memory that it was linked for
 * @param entry where it starts, from the begin of the image
 * @param sections in the order of the file
 */
public record PeFile(
    Machine machine,
    int subsystem,
    int dllCharacteristics,
    long imageBase,
    long entry,
    List<PeSection> sections) {

  /** The subsystem of an EFI application: IMAGE_SUBSYSTEM_EFI_APPLICATION. */
  public static final int EFI_APPLICATION = 10;

  /** Of sections, in the file and in memory: one page, so that one can be protected by itself. */
  static final int ALIGNMENT = 4096;

  /** The section that the directory of relocations shows, by the name that all linkers give it. */
  static final String RELOCATIONS = ".reloc";

  private static final int MOST_HEADERS = 64 << 10;
  private static final int DOS_HEADER = 64;
  private static final int DOS_MAGIC = 0x5a4d;
  private static final int PE_OFFSET = 0x3c;
  private static final int PE_MAGIC = 0x4550;
  private static final int FILE_HEADER = 24;
  private static final int OPTIONAL_HEADER = 112;
  private static final int OPTIONAL_MAGIC = 0x20b;
  private static final int DIRECTORIES = 16;
  private static final int RELOCATION_DIRECTORY = 5;
  private static final int SECTION_HEADER = 40;
  private static final int MOST_SECTIONS = 96;
  private static final int NAME = 8;
  private static final long MOST_BYTES = 0xffff_ffffL;

  // IMAGE_FILE_EXECUTABLE_IMAGE and IMAGE_FILE_LARGE_ADDRESS_AWARE. Without
  // IMAGE_FILE_RELOCS_STRIPPED the firmware may load it anywhere.
  private static final int CHARACTERISTICS = 0x22;

  /** Takes a copy of the list. */
  public PeFile {
    sections = List.copyOf(sections);
  }

  /**
   * Reads the headers; the contents of the sections are read when they are opened.
   *
   * @throws IOException if it isn't a PE32+ file for one of our machines, or its headers are broken
   */
  public static PeFile read(Content file) throws IOException {
    byte[] head;
    try (InputStream in = file.open()) {
      head = in.readNBytes(MOST_HEADERS);
    }
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (head.length < DOS_HEADER || (bytes.getShort(0) & 0xffff) != DOS_MAGIC) {
      throw new IOException("not a PE file: it doesn't begin with MZ");
    }
    long pe = unsigned(bytes, PE_OFFSET);
    if (pe > head.length - FILE_HEADER - OPTIONAL_HEADER || bytes.getInt((int) pe) != PE_MAGIC) {
      throw new IOException("not a PE file: no PE header at 0x%x".formatted(pe));
    }
    ByteBuffer header = bytes.slice((int) pe, head.length - (int) pe).order(bytes.order());
    int count = header.getShort(6) & 0xffff;
    int table = FILE_HEADER + (header.getShort(20) & 0xffff);
    ByteBuffer optional =
        header.slice(FILE_HEADER, header.capacity() - FILE_HEADER).order(bytes.order());
    if (table < FILE_HEADER + OPTIONAL_HEADER || optional.getShort(0) != OPTIONAL_MAGIC) {
      throw new IOException(
          "not a 64-bit PE file (PE32+): its optional header has %d bytes and the magic 0x%x"
              .formatted(table - FILE_HEADER, optional.getShort(0) & 0xffff));
    }
    if (table + count * SECTION_HEADER > header.capacity()) {
      throw new IOException("broken PE file: its " + count + " section headers are cut off");
    }
    List<PeSection> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sections.add(readSection(header.slice(table + i * SECTION_HEADER, SECTION_HEADER), file));
    }
    return new PeFile(
        machine(header.getShort(4) & 0xffff),
        optional.getShort(68) & 0xffff,
        optional.getShort(70) & 0xffff,
        optional.getLong(24),
        unsigned(optional, 16),
        sections);
  }

  private static PeSection readSection(ByteBuffer header, Content file) throws IOException {
    header.order(ByteOrder.LITTLE_ENDIAN);
    byte[] name = new byte[NAME];
    header.get(0, name);
    int length = 0;
    while (length < NAME && name[length] != 0) {
      length++;
    }
    String text = new String(name, 0, length, US_ASCII);
    long inFile = unsigned(header, 16);
    long offset = inFile == 0 ? 0 : unsigned(header, 20);
    if (offset > file.size() - inFile) {
      throw new IOException(
          "broken PE file: section %s, %d bytes at %d, lies outside the file of %d bytes"
              .formatted(text, inFile, offset, file.size()));
    }
    // Linkers of old leave the size in memory out.
    long size = header.getInt(8) == 0 ? inFile : unsigned(header, 8);
    Content content = file.part(offset, Math.min(size, inFile));
    return new PeSection(text, unsigned(header, 12), size, header.getInt(36), content);
  }

  private static long unsigned(ByteBuffer bytes, int at) {
    return bytes.getInt(at) & 0xffff_ffffL;
  }

  /**
   * The file: headers, then the sections at multiples of 4096 bytes. The contents are read once for
   * the checksum of the header, and each time that the file is opened.
   *
   * @throws IOException if sections aren't ascending in memory, or the file would be larger than 4
   *     GB
   */
  public Content write() throws IOException {
    int size = headersSize();
    check(size);
    ByteBuffer headers = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    headers.putShort(0, (short) DOS_MAGIC).putInt(PE_OFFSET, DOS_HEADER);
    headers.position(DOS_HEADER);
    headers.putInt(PE_MAGIC).putShort((short) number(machine)).putShort((short) sections.size());
    // No time and no symbols.
    headers.putInt(0).putInt(0).putInt(0);
    headers.putShort((short) (OPTIONAL_HEADER + DIRECTORIES * 8)).putShort((short) CHARACTERISTICS);
    int optional = headers.position();
    headers.putShort(optional, (short) OPTIONAL_MAGIC);
    headers
        .putInt(optional + 4, (int) sizeInFile(true))
        .putInt(optional + 8, (int) sizeInFile(false));
    headers.putInt(optional + 16, (int) entry).putInt(optional + 20, (int) baseOfCode());
    headers.putLong(optional + 24, imageBase);
    headers.putInt(optional + 32, ALIGNMENT).putInt(optional + 36, ALIGNMENT);
    headers
        .putInt(optional + 56, (int) aligned(sections.getLast().end()))
        .putInt(optional + 60, size);
    headers.putShort(optional + 68, (short) subsystem);
    headers.putShort(optional + 70, (short) dllCharacteristics);
    headers.putInt(optional + 108, DIRECTORIES);
    headers.position(optional + OPTIONAL_HEADER + DIRECTORIES * 8);

    List<Content> parts = new ArrayList<>();
    parts.add(Content.of(headers.array()));
    long offset = size;
    for (PeSection section : sections) {
      long inFile = aligned(section.content().size());
      headers.put(section.name().getBytes(US_ASCII));
      headers.position(headers.position() + NAME - section.name().length());
      headers.putInt((int) section.size()).putInt((int) section.address());
      headers.putInt((int) inFile).putInt(inFile == 0 ? 0 : (int) offset);
      headers.putLong(0).putInt(0).putInt(section.characteristics());
      if (section.name().equals(RELOCATIONS)) {
        int directory = optional + OPTIONAL_HEADER + RELOCATION_DIRECTORY * 8;
        headers.putInt(directory, (int) section.address());
        headers.putInt(directory + 4, (int) section.size());
      }
      parts.add(section.content());
      parts.add(Content.of(new byte[(int) (inFile - section.content().size())]));
      offset += inFile;
    }
    Content file = new Joined(List.copyOf(parts));
    headers.putInt(optional + 64, checksum(file));
    return file;
  }

  private int headersSize() {
    return (int)
        aligned(
            DOS_HEADER
                + FILE_HEADER
                + OPTIONAL_HEADER
                + DIRECTORIES * 8
                + sections.size() * SECTION_HEADER);
  }

  private void check(int headers) throws IOException {
    if (sections.isEmpty() || sections.size() > MOST_SECTIONS) {
      throw new IOException("a PE file of " + sections.size() + " sections");
    }
    long end = headers;
    long file = headers;
    for (PeSection section : sections) {
      if (section.name().length() > NAME) {
        throw new IOException(section.name() + ": the name of a section has at most 8 characters");
      }
      // At least systemd's stub 252 has some that aren't aligned; firmware takes them.
      if (section.address() < end) {
        throw new IOException(
            "section %s at 0x%x begins below 0x%x, where what is before it ends"
                .formatted(section.name(), section.address(), end));
      }
      if (section.content().size() > section.size()) {
        throw new IOException(section.name() + " is larger in the file than in memory");
      }
      end = section.end();
      file += aligned(section.content().size());
      if (Math.max(aligned(end), file) > MOST_BYTES) {
        throw new IOException("a PE file is at most 4 GB, and " + section.name() + " ends above");
      }
    }
  }

  private long sizeInFile(boolean code) {
    return sections.stream()
        .filter(section -> section.isCode() == code)
        .mapToLong(section -> aligned(section.content().size()))
        .sum();
  }

  private long baseOfCode() {
    return sections.stream()
        .filter(PeSection::isCode)
        .mapToLong(PeSection::address)
        .min()
        .orElse(0);
  }

  static long aligned(long size) {
    return (size + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * The sum of all 16-bit words with the carries added in, and of the size, as {@code
   * MapFileAndCheckSum} of Windows makes it; the field itself is still zero.
   */
  private static int checksum(Content file) throws IOException {
    long sum = 0;
    ByteBuffer words = ByteBuffer.allocate(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
    try (InputStream in = file.open()) {
      int read;
      while ((read = in.readNBytes(words.array(), 0, words.capacity())) > 0) {
        for (int at = 0; at < read; at += 2) {
          sum += words.getShort(at) & 0xffff;
        }
      }
    }
    while (sum > 0xffff) {
      sum = (sum >>> 16) + (sum & 0xffff);
    }
    return (int) (sum + file.size());
  }

  private static int number(Machine machine) {
    return switch (machine) {
      case X86_64 -> 0x8664;
      case AARCH64 -> 0xaa64;
    };
  }

  private static Machine machine(int number) throws IOException {
    for (Machine machine : Machine.values()) {
      if (number(machine) == number) {
        return machine;
      }
    }
    throw new IOException(
        "a PE file for the machine 0x%x, neither x86-64 nor aarch64".formatted(number));
  }
}
