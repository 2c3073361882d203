package dev.husk.image.kubernetes;

import java.text.Normalizer;
import java.util.Locale;

/** Makes the names that a cluster takes out of those that people give. */
final class Names {

  private static final int LONGEST = 63;

  private Names() {}

  /**
   * A label of RFC 1035, which is what a Service's name must be and every other name may be: lower
   * case letters, digits and hyphens, a letter first, no hyphen last, at most 63.
   */
  static String label(String name) {
    String label =
        Normalizer.normalize(name, Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-", "");
    if (label.isEmpty() || !Character.isLetter(label.charAt(0))) {
      label = "app-" + label;
    }
    return label.substring(0, Math.min(label.length(), LONGEST)).replaceAll("-$", "");
  }
}
