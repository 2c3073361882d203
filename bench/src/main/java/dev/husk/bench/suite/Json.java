package dev.husk.bench.suite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as JSON, every round of them, for whoever wants to look at them later. */
public final class Json {
  private Json() {}

  /**
   * One object with the machine and all benchmarks.
   *
   * @param machine what is known of the machine, in any order
   */
  public static String of(Map<String, Object> machine, List<Result> results) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("benchmarks", results.stream().map(Result::toJson).toList());
    StringBuilder text = new StringBuilder();
    write(all, text, "\n");
    return text.append('\n').toString();
  }

  private static void write(Object value, StringBuilder out, String newLine) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator).append(newLine).append("  ");
          quote(entry.getKey().toString(), out);
          out.append(": ");
          write(entry.getValue(), out, newLine + "  ");
          separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : newLine + "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          out.append(separator);
          write(element, out, newLine + "  ");
          separator = ", ";
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      default -> quote(value.toString(), out);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
