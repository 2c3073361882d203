package dev.husk.ab.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program or library says of the libraries that it needs.
 *
 * @param wide whether it is a file of 64 bits
 * @param machine the processor's number
 * @param interpreter the loader of a program, null for a library
 * @param needed names of libraries
 * @param searchPath where it wants them to be looked for first; {@code $ORIGIN} is its directory
 */
record Elf(
    boolean wide,
    int machine,
    @Nullable String interpreter,
    List<String> needed,
    List<String> searchPath) {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int LITTLE_ENDIAN = 1;
  private static final int WIDE = 2;

  // Kinds of program headers and of entries of the dynamic section.
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;

  /** Whether a file begins as such a file does. */
  static boolean isElf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it isn't one, or is damaged
   */
  static Elf read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IOException(file + ": too large for a library");
      }
      return parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException(file + ": not a valid ELF file", e);
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @throws IllegalArgumentException when a number in them can't be
   * @throws IndexOutOfBoundsException when they end too early
   */
  static Elf parse(ByteBuffer bytes) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes.get(i) != MAGIC[i]) {
        throw new IllegalArgumentException("no ELF file");
      }
    }
    return new Reader(bytes).read();
  }

  /** A program header. */
  private record Segment(int kind, long offset, long address, long size) {}

  private static final class Reader {
    private final ByteBuffer bytes;
    private final boolean wide;
    private final List<Segment> segments = new ArrayList<>();

    Reader(ByteBuffer bytes) {
      wide = bytes.get(4) == WIDE;
      this.bytes =
          bytes.order(
              bytes.get(5) == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    Elf read() {
      readSegments();
      @Nullable String interpreter = null;
      List<String> needed = new ArrayList<>();
      List<String> searchPath = new ArrayList<>();
      for (Segment segment : segments) {
        if (segment.kind == PT_INTERP) {
          interpreter = text(segment.offset);
        } else if (segment.kind == PT_DYNAMIC) {
          readDynamic(segment, needed, searchPath);
        }
      }
      return new Elf(wide, bytes.getShort(18) & 0xffff, interpreter, needed, searchPath);
    }

    private void readSegments() {
      long table = wide ? bytes.getLong(32) : word(28);
      int size = bytes.getShort(wide ? 54 : 42) & 0xffff;
      int count = bytes.getShort(wide ? 56 : 44) & 0xffff;
      for (int i = 0; i < count; i++) {
        int at = at(table + (long) i * size);
        segments.add(
            wide
                ? new Segment(
                    bytes.getInt(at),
                    bytes.getLong(at + 8),
                    bytes.getLong(at + 16),
                    bytes.getLong(at + 32))
                : new Segment(bytes.getInt(at), word(at + 4), word(at + 8), word(at + 16)));
      }
    }

    private void readDynamic(Segment dynamic, List<String> needed, List<String> searchPath) {
      List<Long> neededAt = new ArrayList<>();
      List<Long> pathsAt = new ArrayList<>();
      long strings = -1;
      int entry = wide ? 16 : 8;
      for (long i = 0; i + entry <= dynamic.size; i += entry) {
        int at = at(dynamic.offset + i);
        long tag = wide ? bytes.getLong(at) : word(at);
        long value = wide ? bytes.getLong(at + 8) : word(at + 4);
        if (tag == DT_NULL) {
          break;
        }
        if (tag == DT_NEEDED) {
          neededAt.add(value);
        } else if (tag == DT_RPATH || tag == DT_RUNPATH) {
          pathsAt.add(value);
        } else if (tag == DT_STRTAB) {
          strings = offset(value);
        }
      }
      for (long name : neededAt) {
        needed.add(text(strings + name));
      }
      for (long path : pathsAt) {
        searchPath.addAll(List.of(text(strings + path).split(":")));
      }
    }

    /** Where in the file an address is. */
    private long offset(long address) {
      for (Segment segment : segments) {
        if (segment.kind == PT_LOAD
            && address >= segment.address
            && address - segment.address < segment.size) {
          return segment.offset + address - segment.address;
        }
      }
      throw new IllegalArgumentException("no segment has the address " + address);
    }

    private String text(long offset) {
      int start = at(offset);
      int end = start;
      while (bytes.get(end) != 0) {
        end++;
      }
      byte[] text = new byte[end - start];
      bytes.get(start, text);
      return new String(text, StandardCharsets.UTF_8);
    }

    private int at(long offset) {
      if (offset < 0 || offset >= bytes.limit()) {
        throw new IndexOutOfBoundsException("offset " + offset);
      }
      return (int) offset;
    }

    private long word(int at) {
      return Integer.toUnsignedLong(bytes.getInt(at));
    }
  }
}
