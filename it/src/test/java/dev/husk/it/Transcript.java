package dev.husk.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a program printed, case by case, on one side. */
final class Transcript {
  /** The pseudo-case for what follows the last case: the JVM's exit. */
  static final String EXIT = "~exit";

  /**
   * One case.
   *
   * @param dump the threads of the child where the case hung, else empty
   */
  record Entry(List<String> out, List<String> err, String dump) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  void put(String name, Entry entry) {
    entries.put(name, entry);
  }

  Map<String, Entry> entries() {
    return entries;
  }

  /** The differences to the other side, one text per case. */
  List<String> differences(Transcript husk) {
    List<String> result = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(entries.keySet());
    names.addAll(husk.entries.keySet());
    for (String name : names) {
      Entry stockEntry = entries.get(name);
      Entry huskEntry = husk.entries.get(name);
      if (stockEntry == null || huskEntry == null) {
        result.add(name + ": not run on " + (stockEntry == null ? "stock" : "husk"));
        continue;
      }
      String out = difference("stdout", stockEntry.out(), huskEntry.out());
      String err =
          difference("stderr", withoutWarning(stockEntry.err()), withoutWarning(huskEntry.err()));
      if (!out.isEmpty() || !err.isEmpty()) {
        result.add(name + ":" + out + err + dump("stock", stockEntry) + dump("husk", huskEntry));
      }
    }
    return result;
  }

  /**
   * Without the JVM's warning where a stack ends in the middle of what may use the reserved zone:
   * that is more on Husk, see docs/compatibility.md.
   */
  private static List<String> withoutWarning(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.contains("overflow in ReservedStackAccess annotated method"))
        .toList();
  }

  private static String dump(String side, Entry entry) {
    return entry.dump().isEmpty() ? "" : "\n  threads of " + side + ":\n" + entry.dump();
  }

  /** The first line that differs, with both sides and what is behind it where one side ends. */
  static String difference(String stream, List<String> stock, List<String> husk) {
    int at = 0;
    while (at < stock.size() && at < husk.size() && stock.get(at).equals(husk.get(at))) {
      at++;
    }
    if (at == stock.size() && at == husk.size()) {
      return "";
    }
    return "\n  "
        + stream
        + " line "
        + (at + 1)
        + "\n    stock: "
        + from(stock, at)
        + "\n    husk:  "
        + from(husk, at);
  }

  private static String from(List<String> lines, int at) {
    if (at == lines.size()) {
      return "(nothing)";
    }
    return String.join("\n           ", lines.subList(at, Math.min(lines.size(), at + 6)));
  }
}
