package dev.husk.image.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link ElfFile} by its program headers, as the dynamic linker does: section headers may
 * be stripped, and only tools for people read them.
 */
final class ElfReader {
  private static final int HEADER_SIZE = 64;
  private static final int PROGRAM_HEADER_SIZE = 56;
  private static final int EXECUTABLE = 2;
  private static final int SHARED_OBJECT = 3;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int PT_NOTE = 4;

  private final Bytes file;
  private final ElfIdentity identity;
  private final List<Segment> segments = new ArrayList<>();

  /** A part of the file and the address that it is loaded to. */
  private record Segment(long address, Bytes data) {}

  ElfReader(String name, byte[] bytes) throws ElfException {
    this.file = Bytes.of(name, bytes);
    this.identity = ElfIdentity.of(name, bytes);
  }

  ElfFile read() throws ElfException {
    Machine machine =
        identity
            .supported()
            .orElseThrow(
                () ->
                    file.error(
                        identity + " code, but images are made for Linux on x86-64 and aarch64"));
    file.check(0, HEADER_SIZE);
    checkType(file.u16(16));
    Bytes dynamic = file.slice("dynamic section", 0, 0);
    String interpreter = null;
    Notes notes = Notes.NONE;
    int count = file.u16(56);
    if (count > 0 && file.u16(54) != PROGRAM_HEADER_SIZE) {
      throw file.error("its program headers have " + file.u16(54) + " bytes");
    }
    Bytes headers = file.slice("program headers", file.i64(32), (long) count * PROGRAM_HEADER_SIZE);
    for (long at = 0; at < headers.size(); at += PROGRAM_HEADER_SIZE) {
      long offset = headers.i64(at + 8);
      long size = headers.i64(at + 32);
      switch ((int) headers.u32(at)) {
        case PT_LOAD ->
            segments.add(
                new Segment(headers.i64(at + 16), file.slice("loaded segment", offset, size)));
        case PT_DYNAMIC -> dynamic = file.slice("dynamic section", offset, size);
        case PT_INTERP ->
            interpreter = StringTable.read(file.slice("interpreter", offset, size), 0);
        case PT_NOTE ->
            notes = notes.and(Notes.read(file.slice("notes", offset, size), headers.i64(at + 48)));
        default -> {}
      }
    }
    return read(machine, interpreter, notes, DynamicSection.read(dynamic));
  }

  private ElfFile read(
      Machine machine, @Nullable String interpreter, Notes notes, DynamicSection dynamic)
      throws ElfException {
    StringTable strings = strings(dynamic);
    List<String> needed = new ArrayList<>();
    for (long at : dynamic.needed()) {
      needed.add(strings.get(at));
    }
    VersionTable versions =
        VersionTable.read(
            strings,
            bytes("version needs", dynamic, DynamicSection.VERNEED),
            dynamic.get(DynamicSection.VERNEEDNUM, 0),
            bytes("version definitions", dynamic, DynamicSection.VERDEF),
            dynamic.get(DynamicSection.VERDEFNUM, 0));
    return new ElfFile(
        machine,
        interpreter,
        string(strings, dynamic, DynamicSection.SONAME),
        List.copyOf(needed),
        path(string(strings, dynamic, DynamicSection.RPATH)),
        path(string(strings, dynamic, DynamicSection.RUNPATH)),
        (dynamic.get(DynamicSection.FLAGS_1, 0) & DynamicSection.NO_DEFAULT_DIRECTORIES) != 0,
        symbols(strings, dynamic, versions),
        versions.needs(),
        versions.definitions(),
        notes.buildId(),
        notes.otherSystem());
  }

  private void checkType(int type) throws ElfException {
    if (type != EXECUTABLE && type != SHARED_OBJECT) {
      throw file.error(
          switch (type) {
            case 1 -> "an object file that isn't linked yet";
            case 4 -> "a core dump";
            default -> "neither an executable nor a shared object (type " + type + ")";
          });
    }
  }

  /** The bytes from this address on to the end of what the file holds of the segment. */
  private Bytes at(String name, long address) throws ElfException {
    for (Segment segment : segments) {
      long offset = address - segment.address;
      if (address >= segment.address && offset >= 0 && offset < segment.data.size()) {
        return segment.data.from(name, offset);
      }
    }
    throw file.error(
        "the %s at address %#x lie in no segment that is loaded".formatted(name, address));
  }

  private @Nullable Bytes bytes(String name, DynamicSection dynamic, long tag) throws ElfException {
    return dynamic.has(tag) ? at(name, dynamic.get(tag, 0)) : null;
  }

  private StringTable strings(DynamicSection dynamic) throws ElfException {
    Bytes data = bytes("dynamic strings", dynamic, DynamicSection.STRTAB);
    if (data == null) {
      return new StringTable(file.slice("dynamic strings", 0, 0));
    }
    return new StringTable(
        data.slice("dynamic strings", 0, dynamic.get(DynamicSection.STRSZ, data.size())));
  }

  private static @Nullable String string(StringTable strings, DynamicSection dynamic, long tag)
      throws ElfException {
    return dynamic.has(tag) ? strings.get(dynamic.get(tag, 0)) : null;
  }

  private static List<String> path(@Nullable String path) {
    return path == null ? List.of() : List.of(path.split(":"));
  }

  private List<Symbol> symbols(StringTable strings, DynamicSection dynamic, VersionTable versions)
      throws ElfException {
    Bytes table = bytes("dynamic symbols", dynamic, DynamicSection.SYMTAB);
    if (table == null) {
      return List.of();
    }
    long count =
        SymbolCount.of(
            bytes("hash table", dynamic, DynamicSection.HASH),
            bytes("GNU hash table", dynamic, DynamicSection.GNU_HASH),
            relocations(dynamic, DynamicSection.RELA, DynamicSection.RELASZ),
            relocations(dynamic, DynamicSection.JMPREL, DynamicSection.PLTRELSZ));
    Bytes versionOf = bytes("symbol versions", dynamic, DynamicSection.VERSYM);
    table.check(0, count * DynamicSection.SYMBOL_SIZE);
    List<Symbol> symbols = new ArrayList<>();
    for (long i = 1; i < count; i++) {
      long at = i * DynamicSection.SYMBOL_SIZE;
      String name = strings.get(table.u32(at));
      boolean defined = table.u16(at + 6) != 0;
      Symbol.Binding binding = binding(table, table.u8(at + 4) >> 4);
      int version = versionOf == null ? VersionTable.GLOBAL : versionOf.u16(2 * i);
      symbols.add(versions.symbol(name, binding, defined, version));
    }
    return List.copyOf(symbols);
  }

  private @Nullable Bytes relocations(DynamicSection dynamic, long tag, long sizeTag)
      throws ElfException {
    long size = dynamic.get(sizeTag, 0);
    Bytes data = size == 0 ? null : bytes("relocations", dynamic, tag);
    return data == null ? null : data.slice("relocations", 0, size);
  }

  private static Symbol.Binding binding(Bytes table, int binding) throws ElfException {
    return switch (binding) {
      case 0 -> Symbol.Binding.LOCAL;
      case 1 -> Symbol.Binding.GLOBAL;
      case 2 -> Symbol.Binding.WEAK;
      case 10 -> Symbol.Binding.UNIQUE;
      default -> throw table.error("unknown binding " + binding + " of a symbol");
    };
  }

  /** The tags of the dynamic section; the last of a tag counts, as in the dynamic linker. */
  private record DynamicSection(List<Long> needed, Map<Long, Long> values) {
    static final long SYMBOL_SIZE = 24;
    static final long NO_DEFAULT_DIRECTORIES = 0x800;

    static final long NEEDED = 1;
    static final long PLTRELSZ = 2;
    static final long HASH = 4;
    static final long STRTAB = 5;
    static final long SYMTAB = 6;
    static final long RELA = 7;
    static final long RELASZ = 8;
    static final long STRSZ = 10;
    static final long SONAME = 14;
    static final long RPATH = 15;
    static final long JMPREL = 23;
    static final long RUNPATH = 29;
    static final long GNU_HASH = 0x6ffffef5L;
    static final long VERSYM = 0x6ffffff0L;
    static final long FLAGS_1 = 0x6ffffffbL;
    static final long VERDEF = 0x6ffffffcL;
    static final long VERDEFNUM = 0x6ffffffdL;
    static final long VERNEED = 0x6ffffffeL;
    static final long VERNEEDNUM = 0x6fffffffL;

    private static final int ENTRY_SIZE = 16;

    static DynamicSection read(Bytes data) throws ElfException {
      List<Long> needed = new ArrayList<>();
      Map<Long, Long> values = new HashMap<>();
      for (long at = 0; at + ENTRY_SIZE <= data.size() && data.i64(at) != 0; at += ENTRY_SIZE) {
        long tag = data.i64(at);
        long value = data.i64(at + 8);
        if (tag == NEEDED) {
          needed.add(value);
        } else {
          values.put(tag, value);
        }
      }
      return new DynamicSection(needed, values);
    }

    boolean has(long tag) {
      return values.containsKey(tag);
    }

    long get(long tag, long otherwise) {
      return values.getOrDefault(tag, otherwise);
    }
  }
}
