package dev.husk.image.kubernetes;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes maps, lists, strings, numbers and booleans as YAML in block style, such that readers of
 * YAML 1.1 (Kubernetes' among them) and of 1.2 see the same.
 */
final class Yaml {

  private static final int STEP = 2;

  /** What can stand without quotes, if it isn't one of the words below. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");

  /** What one version of YAML or another takes for a boolean or for null, in any case. */
  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private final StringBuilder out = new StringBuilder();

  private Yaml() {}

  /** One document after the other. */
  static String write(List<Map<String, Object>> documents) {
    Yaml yaml = new Yaml();
    for (Map<String, Object> document : documents) {
      yaml.out.append("---\n");
      yaml.map(document, 0, false);
    }
    return yaml.out.toString();
  }

  /** What follows a colon or a dash. */
  private void value(Object value, int indent) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> out.append(" {}\n");
      case List<?> list when list.isEmpty() -> out.append(" []\n");
      case Map<?, ?> map -> {
        out.append('\n');
        map(map, indent, false);
      }
      case List<?> list -> {
        out.append('\n');
        list(list, indent);
      }
      default -> out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private void map(Map<?, ?> map, int indent, boolean afterDash) {
    int spaces = afterDash ? 1 : indent;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.repeat(' ', spaces).append(scalar(entry.getKey())).append(':');
      value(entry.getValue(), indent + STEP);
      spaces = indent;
    }
  }

  private void list(List<?> list, int indent) {
    for (Object element : list) {
      out.repeat(' ', indent).append('-');
      if (element instanceof Map<?, ?> map && !map.isEmpty()) {
        map(map, indent + STEP, true);
      } else {
        value(element, indent + STEP);
      }
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case String text -> string(text);
      case Integer _, Long _, Boolean _ -> value.toString();
      default -> throw new IllegalArgumentException("no YAML for a " + value.getClass());
    };
  }

  private static String string(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(character -> escape(character, quoted));
    return quoted.append('"').toString();
  }

  /** As YAML 1.2, section 5.7, has it. */
  private static void escape(int character, StringBuilder quoted) {
    switch (character) {
      case '"', '\\' -> quoted.append('\\').appendCodePoint(character);
      case '\n' -> quoted.append("\\n");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (isPrintable(character)) {
          quoted.appendCodePoint(character);
        } else {
          quoted.append((character <= 0xffff ? "\\u%04x" : "\\U%08x").formatted(character));
        }
      }
    }
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
