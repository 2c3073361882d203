package dev.husk.image.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GNU symbol versions by their indices: Linux Standard Base, Core - Generic, section 10.7. A file
 * numbers those it needs and those it defines together.
 *
 * @param needs in the order of the file
 * @param definitions without the base version, which is the name of the file
 */
record VersionTable(
    Map<Integer, Version> byIndex, List<VersionNeed> needs, List<String> definitions) {

  /** The index of a symbol that has no version and is seen by all. */
  static final int GLOBAL = 1;

  /** Set in the index of a definition that a reference without a version doesn't mean. */
  private static final int HIDDEN = 0x8000;

  /** As many as 15 bits can number. */
  private static final int MOST = 0x7fff;

  private static final int FLAG_BASE = 1;
  private static final int FLAG_WEAK = 2;

  /** A version, and the library that it is expected of, or null when the file itself defines it. */
  record Version(String name, @Nullable String library) {}

  static VersionTable read(
      StringTable strings,
      @Nullable Bytes needs,
      long needCount,
      @Nullable Bytes definitions,
      long definitionCount)
      throws ElfException {
    VersionTable table = new VersionTable(new HashMap<>(), new ArrayList<>(), new ArrayList<>());
    if (needs != null) {
      table.readNeeds(strings, needs, needCount);
    }
    if (definitions != null) {
      table.readDefinitions(strings, definitions, definitionCount);
    }
    return new VersionTable(
        Map.copyOf(table.byIndex), List.copyOf(table.needs), List.copyOf(table.definitions));
  }

  private void readNeeds(StringTable strings, Bytes data, long count) throws ElfException {
    long at = 0;
    for (long i = 0; i < count; i++) {
      String library = strings.get(data.u32(at + 4));
      int versions = data.u16(at + 2);
      long versionAt = at + data.u32(at + 8);
      for (int j = 0; j < versions; j++) {
        if (needs.size() == MOST) {
          throw data.error("more than " + MOST + " versions");
        }
        String version = strings.get(data.u32(versionAt + 8));
        needs.add(new VersionNeed(library, version, (data.u16(versionAt + 4) & FLAG_WEAK) != 0));
        byIndex.put(data.u16(versionAt + 6) & MOST, new Version(version, library));
        versionAt = next(data, versionAt, 12, j + 1 == versions);
      }
      at = next(data, at, 12, i + 1 == count);
    }
  }

  private void readDefinitions(StringTable strings, Bytes data, long count) throws ElfException {
    long at = 0;
    for (long i = 0; i < count; i++) {
      // The first name is the version's own; the others are those that it builds on.
      String version = strings.get(data.u32(at + data.u32(at + 12)));
      byIndex.put(data.u16(at + 4) & MOST, new Version(version, null));
      if ((data.u16(at + 2) & FLAG_BASE) == 0) {
        definitions.add(version);
      }
      at = next(data, at, 16, i + 1 == count);
    }
  }

  /** Where the next record lies: each has the distance to it in the last four of its bytes. */
  private static long next(Bytes data, long at, int distanceAt, boolean last) throws ElfException {
    long distance = data.u32(at + distanceAt);
    if (distance == 0 && !last) {
      throw data.error("the list ends before its count");
    }
    return at + distance;
  }

  /** A symbol by the version index of its entry. */
  Symbol symbol(String name, Symbol.Binding binding, boolean defined, int index) {
    int number = index & MOST;
    Version version = number <= GLOBAL ? null : byIndex.get(number);
    if (version == null) {
      return new Symbol(name, binding, defined, null, null, false);
    }
    boolean byDefault = defined && version.library == null && (index & HIDDEN) == 0;
    return new Symbol(name, binding, defined, version.name, version.library, byDefault);
  }
}
