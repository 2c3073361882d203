package dev.husk.scheduler;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds static variables of the VM by the names under which HotSpot describes itself to tools and
 * compilers (vmStructs.hpp, vmStructs_jvmci.cpp).
 *
 * <p>There are two tables of entries {@code {typeName, fieldName, typeString, isStatic, offset,
 * address}}: that for the serviceability agent, whose address and layout the library exports, and
 * that for JVMCI compilers, which it hands out to those only; the two lie in the same data segment.
 * So the segment is searched for the entry, and nothing outside the library's own mappings is read.
 */
final class VmStructs {
  private static final String LIBRARY = "/libjvm.so";

  /** The longest name that is compared, bytes. */
  private static final int LONGEST_NAME = 64;

  /** Mappings of the library in the order of their addresses: start, end, 1 if writable. */
  private final long[] mappings;

  private final int count;

  private VmStructs(String maps) {
    long[] mappings = new long[48];
    int count = 0;
    boolean inLibrary = false;
    for (int from = 0; from < maps.length() && count + 3 <= mappings.length; ) {
      int end = maps.indexOf('\n', from);
      if (end < 0) {
        end = maps.length();
      }
      // 7f06b3c00000-7f06b4a00000 r-xp 00000000 fe:00 260386    /path/libjvm.so
      int dash = maps.indexOf('-', from);
      int space = maps.indexOf(' ', dash);
      boolean named = maps.startsWith(LIBRARY, end - LIBRARY.length());
      // Variables without a value at start lie in a mapping without a name behind the others.
      boolean unnamed =
          inLibrary && maps.lastIndexOf('/', end) < from && maps.charAt(end - 1) != ']';
      inLibrary = named || unnamed;
      if (inLibrary && maps.charAt(space + 1) == 'r') {
        mappings[count] = Long.parseUnsignedLong(maps, from, dash, 16);
        mappings[count + 1] = Long.parseUnsignedLong(maps, dash + 1, space, 16);
        mappings[count + 2] = maps.charAt(space + 2) == 'w' ? 1 : 0;
        count += 3;
      }
      from = end + 1;
    }
    this.mappings = mappings;
    this.count = count;
  }

  /**
   * The address of a static variable of one byte that may be written, or 0 where this VM doesn't
   * tell.
   *
   * @param type the C++ class
   * @param field the variable's name
   * @param fieldType its C++ type
   */
  static long addressOf(String type, String field, String fieldType) {
    long table = exported("gHotSpotVMStructs");
    if (table == 0) {
      return 0;
    }
    VmStructs structs;
    try (FileInputStream in = new FileInputStream("/proc/self/maps")) {
      structs = new VmStructs(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return 0;
    }
    return structs.find(table, type, field, fieldType);
  }

  /** The value of an exported variable, or 0. */
  private static long exported(String symbol) {
    long address = HuskLang.findNative(symbol);
    return address == 0 ? 0 : Jdk.U.getLong(address);
  }

  private long find(long table, String type, String field, String fieldType) {
    long typeName = exported("gHotSpotVMStructEntryTypeNameOffset");
    long fieldName = exported("gHotSpotVMStructEntryFieldNameOffset");
    long typeString = exported("gHotSpotVMStructEntryTypeStringOffset");
    long isStatic = exported("gHotSpotVMStructEntryIsStaticOffset");
    long address = exported("gHotSpotVMStructEntryAddressOffset");
    long stride = exported("gHotSpotVMStructEntryArrayStride");
    int segment = mappingOf(table, 1);
    if (segment < 0) {
      return 0;
    }
    long start = mappings[segment];
    long end = mappings[segment + 1] - stride;
    // Behind the exported table, whose hundreds of entries would take a millisecond to compare.
    long behind = table;
    while (stride > 0 && behind <= end && Jdk.U.getLong(behind + typeName) != 0) {
      behind += stride;
    }
    // The compilers' table comes after the other in each build that was looked at.
    for (int pass = 0; pass < 2; pass++) {
      long to = pass == 0 ? end : table;
      for (long entry = pass == 0 ? behind : start; entry <= to; entry += Long.BYTES) {
        if (isName(Jdk.U.getLong(entry + typeName), type)
            && isName(Jdk.U.getLong(entry + fieldName), field)
            && isName(Jdk.U.getLong(entry + typeString), fieldType)
            && Jdk.U.getInt(entry + isStatic) == 1) {
          long found = Jdk.U.getLong(entry + address);
          int home = mappingOf(found, 1);
          return home >= 0 && mappings[home + 2] == 1 ? found : 0;
        }
      }
    }
    return 0;
  }

  /** The index of the mapping that holds an address and the bytes after it, or -1. */
  private int mappingOf(long address, int bytes) {
    for (int i = 0; i < count; i += 3) {
      if (address >= mappings[i] && address <= mappings[i + 1] - bytes) {
        return i;
      }
    }
    return -1;
  }

  private boolean isName(long address, String name) {
    if (mappingOf(address, LONGEST_NAME) < 0) {
      return false;
    }
    int length = name.length();
    for (int i = 0; i < length; i++) {
      if (Jdk.U.getByte(address + i) != name.charAt(i)) {
        return false;
      }
    }
    return Jdk.U.getByte(address + length) == 0;
  }
}
