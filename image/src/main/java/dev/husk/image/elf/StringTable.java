package dev.husk.image.elf;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** DT_STRTAB: strings by their offsets, each ended by a zero. */
final class StringTable {
  /** Names may share their ends, but not so much that a small file makes a large table. */
  private static final long SHARED = 16;

  private final Bytes data;
  private final Map<Long, String> known = new HashMap<>();
  private long budget;

  StringTable(Bytes data) {
    this.data = data;
    this.budget = SHARED * data.size();
  }

  String get(long at) throws ElfException {
    String string = known.get(at);
    if (string == null) {
      string = read(data, at);
      budget -= string.length();
      if (budget < 0) {
        throw data.error("its strings overlap too much");
      }
      known.put(at, string);
    }
    return string;
  }

  /** The string at an offset, up to its zero. */
  static String read(Bytes data, long at) throws ElfException {
    long end = at;
    while (data.u8(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[(int) (end - at)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) data.u8(at + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
