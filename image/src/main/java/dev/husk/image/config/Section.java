package dev.husk.image.config;

import dev.husk.image.config.HuskToml.Include;
import dev.husk.image.init.DataDirectory;
import dev.husk.image.pack.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of a configuration file, or one that isn't there. Remembers which keys it was asked
 * for: those are the valid ones.
 */
final class Section {

  private static final Pattern MEMORY = Pattern.compile("([1-9][0-9]{0,5})([MG])");
  private static final Pattern MILLIS = Pattern.compile("([1-9][0-9]{0,5})m");

  private final String file;
  private final String name;
  private final @Nullable TomlTable table;
  private final TreeSet<String> valid = new TreeSet<>();

  Section(String file, String name, @Nullable TomlTable table) {
    this.file = file;
    this.name = name;
    this.table = table;
  }

  /** The table of this name. */
  Section section(String key) throws ConfigException {
    return new Section(file, key, get(key, TomlTable.class, "a table: [" + key + "]"));
  }

  @Nullable String text(String key) throws ConfigException {
    return get(key, String.class, "a string in quotes");
  }

  List<String> texts(String key) throws ConfigException {
    return elements(key, String.class, "strings in quotes");
  }

  /** Whether it says true; what isn't there says false. */
  boolean yes(String key) throws ConfigException {
    return Boolean.TRUE.equals(get(key, Boolean.class, "true or false"));
  }

  List<Integer> ports(String key) throws ConfigException {
    List<Integer> ports = new ArrayList<>();
    for (long port : elements(key, Long.class, "numbers")) {
      ports.add(inRange(key, port, 65_535));
    }
    return ports;
  }

  @Nullable Integer seconds(String key) throws ConfigException {
    Long seconds = get(key, Long.class, "a whole number");
    return seconds == null ? null : inRange(key, seconds, 86_400);
  }

  @Nullable Integer mebibytes(String key) throws ConfigException {
    String text = text(key);
    if (text == null) {
      return null;
    }
    Matcher parts = MEMORY.matcher(text);
    if (!parts.matches()) {
      throw error(position(key), key + " is an amount like \"512M\" or \"1G\"");
    }
    return Integer.parseInt(parts.group(1)) * (parts.group(2).equals("G") ? 1024 : 1);
  }

  @Nullable User user(String key) throws ConfigException {
    String text = text(key);
    try {
      return text == null ? null : User.parse(text);
    } catch (IllegalArgumentException e) {
      throw error(position(key), key + ": " + e.getMessage());
    }
  }

  @Nullable Integer cpuMillis(String key) throws ConfigException {
    Object value = get(key, Object.class, "");
    if (value instanceof Long cpus) {
      return inRange(key, cpus, 1024) * 1000;
    }
    if (value == null) {
      return null;
    }
    Matcher parts = MILLIS.matcher(value.toString());
    if (!parts.matches()) {
      throw error(position(key), key + " is a number of processors, or thousandths like \"500m\"");
    }
    return Integer.parseInt(parts.group(1));
  }

  List<DataDirectory> data(String key) throws ConfigException {
    List<DataDirectory> data = new ArrayList<>();
    for (String text : texts(key)) {
      try {
        data.add(DataDirectory.parse(text));
      } catch (IllegalArgumentException e) {
        throw error(position(key), key + ": " + e.getMessage());
      }
    }
    return data;
  }

  List<Include> includes(String key) throws ConfigException {
    List<Include> includes = new ArrayList<>();
    for (String text : texts(key)) {
      int colon = text.lastIndexOf(':');
      String path = text.substring(colon + 1).replaceAll("^/+", "");
      if (colon <= 0 || path.isEmpty()) {
        throw error(position(key), "\"" + text + "\" isn't of the form \"host:path/in/image\"");
      }
      includes.add(new Include(text.substring(0, colon), path));
    }
    return includes;
  }

  /** One of the names of an enum, in small letters. */
  <E extends Enum<E>> @Nullable E choice(String key, Class<E> type) throws ConfigException {
    String text = text(key);
    if (text == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      names.add("\"" + name + "\"");
    }
    throw error(position(key), key + " is " + String.join(" or ", names));
  }

  /** All keys, which may be any, with their strings. */
  SortedMap<String, String> variables() throws ConfigException {
    TreeMap<String, String> variables = new TreeMap<>();
    if (table != null) {
      for (String key : table.keySet()) {
        variables.put(key, text(key));
      }
    }
    return variables;
  }

  void refuseOtherKeys() throws ConfigException {
    if (table == null) {
      return;
    }
    for (String key : table.keySet()) {
      if (!valid.contains(key)) {
        throw error(
            position(key),
            "there is no \"%s\"%s; did you mean \"%s\"?"
                .formatted(key, name.isEmpty() ? "" : " in [" + name + "]", nearest(key)));
      }
    }
  }

  ConfigException error(@Nullable TomlPosition at, String message) {
    String place = at == null ? "" : ":" + at.line() + ":" + at.column();
    return new ConfigException(file + place + ": " + message);
  }

  private <T> @Nullable T get(String key, Class<T> type, String wanted) throws ConfigException {
    valid.add(key);
    Object value = table == null ? null : table.get(List.of(key));
    if (value != null && !type.isInstance(value)) {
      throw error(position(key), key + " must be " + wanted);
    }
    return type.cast(value);
  }

  private <T> List<T> elements(String key, Class<T> type, String wanted) throws ConfigException {
    TomlArray array = get(key, TomlArray.class, "an array of " + wanted);
    List<T> elements = new ArrayList<>();
    for (int i = 0; array != null && i < array.size(); i++) {
      if (!type.isInstance(array.get(i))) {
        throw error(array.inputPositionOf(i), key + " must be an array of " + wanted);
      }
      elements.add(type.cast(array.get(i)));
    }
    return elements;
  }

  private int inRange(String key, long value, int most) throws ConfigException {
    if (value < 1 || value > most) {
      throw error(position(key), key + ": " + value + " isn't between 1 and " + most);
    }
    return (int) value;
  }

  private @Nullable TomlPosition position(String key) {
    return table == null ? null : table.inputPositionOf(List.of(key));
  }

  private String nearest(String key) {
    return valid.stream()
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
        .orElseThrow();
  }

  /** Levenshtein's: how many characters to insert, delete or replace. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
