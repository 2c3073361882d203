package dev.husk.image.squashfs;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was used last, by its number. Can be used by several threads. */
final class Recent<V> {
  private final Source<V> source;
  private final LinkedHashMap<Long, V> values;

  /** Where values come from. */
  interface Source<V> {
    V read(long number) throws IOException;
  }

  /** Keeps so many. */
  Recent(int most, Source<V> source) {
    this.source = source;
    values =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
            return size() > most;
          }
        };
  }

  synchronized V get(long number) throws IOException {
    V value = values.get(number);
    if (value == null) {
      value = source.read(number);
      values.put(number, value);
    }
    return value;
  }
}
