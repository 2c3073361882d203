package dev.husk.image.disk;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gives each file of a directory the second name that FAT wants, of eight and three characters
 * (fatgen103, "The Basis-Name Generation Algorithm"). A name that differs from such a one in the
 * case of its letters alone keeps it; others get a tail, {@code ~1} and on in the order given.
 */
final class ShortNames {
  private static final int LONGEST_NAME = 255;
  private static final String NEVER = "\"*/:<>?\\|";
  private static final String IN_LONG_NAMES_ONLY = "+,;=[]";

  /** All names, long and short: none is another's in a different case. */
  private final Set<String> taken = new HashSet<>();

  /** The tail tried last, by what stands around it. */
  private final Map<String, Integer> tails = new HashMap<>();

  private ShortNames() {}

  /**
   * The short names, with their dot, by the long ones.
   *
   * @throws IOException if FAT can't hold a name, or two differ in their letters' case alone
   */
  static Map<String, String> of(Collection<String> names) throws IOException {
    ShortNames given = new ShortNames();
    for (String name : names) {
      check(name);
      if (!given.taken.add(upperCase(name))) {
        throw new IOException("FAT: two files are named " + name + " in upper or lower case");
      }
    }
    Map<String, String> shortNames = new LinkedHashMap<>();
    for (String name : names) {
      shortNames.put(name, given.shortName(upperCase(name)));
    }
    return shortNames;
  }

  private String shortName(String name) {
    String stripped = name.replace(" ", "").replaceFirst("^\\.+", "");
    int firstDot = stripped.indexOf('.');
    int lastDot = stripped.lastIndexOf('.');
    String base = cut(firstDot < 0 ? stripped : stripped.substring(0, firstDot), FatEntry.BASE);
    String extension =
        lastDot < 0
            ? ""
            : "." + cut(stripped.substring(lastDot + 1), FatEntry.SHORT_NAME - FatEntry.BASE);
    if (name.equals(base + extension)) {
      return name;
    }
    int number = tails.getOrDefault(base + extension, 0);
    String shortName;
    do {
      String tail = "~" + ++number;
      shortName = cut(base, FatEntry.BASE - tail.length()) + tail + extension;
    } while (!taken.add(shortName));
    tails.put(base + extension, number);
    return shortName;
  }

  private static String cut(String text, int length) {
    StringBuilder result = new StringBuilder(text);
    result.setLength(Math.min(text.length(), length));
    for (int i = 0; i < result.length(); i++) {
      char c = result.charAt(i);
      if (c > '~' || IN_LONG_NAMES_ONLY.indexOf(c) >= 0) {
        result.setCharAt(i, '_');
      }
    }
    return result.toString();
  }

  /** Character by character, as FAT compares names. */
  private static String upperCase(String name) {
    StringBuilder result = new StringBuilder(name);
    for (int i = 0; i < result.length(); i++) {
      result.setCharAt(i, Character.toUpperCase(result.charAt(i)));
    }
    return result.toString();
  }

  private static void check(String name) throws IOException {
    if (name.length() > LONGEST_NAME) {
      throw new IOException("FAT: the name " + name + " has more than 255 characters");
    }
    if (name.endsWith(".") || name.endsWith(" ") || name.startsWith(" ")) {
      throw new IOException("FAT: the name \"" + name + "\" has a dot or a space at an end");
    }
    if (name.chars().anyMatch(c -> c < ' ' || NEVER.indexOf(c) >= 0)) {
      throw new IOException("FAT: the name \"" + name + "\" has a character that it can't hold");
    }
  }
}
