package dev.husk.it;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes out of a child's output what may differ between two runs. */
final class Text {
  private static final Pattern HASH = Pattern.compile("@[0-9a-f]{4,16}\\b");
  private static final Pattern ID = Pattern.compile("Thread\\[#\\d+");
  private static final Pattern HIDDEN = Pattern.compile("\\$\\$Lambda[/0-9a-zA-Zx.]*");
  private static final String OWN_FRAME = "\tat dev.husk.it.";

  private Text() {}

  /** The lines of stdout, or of stderr with stack traces cut down to the program's frames. */
  static List<String> normalised(List<String> lines) {
    List<String> result = new ArrayList<>();
    for (String line : lines) {
      boolean foreignFrame =
          line.stripLeading().startsWith("at ")
              && line.startsWith("\t")
              && !line.startsWith(OWN_FRAME);
      boolean cut = line.stripLeading().startsWith("... ") && line.endsWith(" more");
      boolean sharing = line.contains("Sharing is only supported for boot loader classes");
      if (!foreignFrame && !cut && !sharing) {
        result.add(normalised(line));
      }
    }
    return result;
  }

  private static String normalised(String line) {
    String text = HASH.matcher(line).replaceAll("@n");
    text = ID.matcher(text).replaceAll("Thread[#n");
    return HIDDEN.matcher(text).replaceAll("\\$\\$Lambda");
  }
}
