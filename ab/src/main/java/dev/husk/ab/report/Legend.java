package dev.husk.ab.report;

import dev.husk.ab.Results;

/** Names of variants with the line and the sign that stand for them. */
final class Legend {
  /** As many looks as there are; after that they begin again. */
  private static final int LOOKS = 5;

  private Legend() {}

  /** The look of a variant by its place. */
  static int look(int variant) {
    return variant % LOOKS;
  }

  /** All variants of a run. */
  static void write(Markup page, Results results) {
    page.open("ul", "class", "legend");
    for (int i = 0; i < results.variants().size(); i++) {
      page.open("li");
      name(page, i, results.variants().get(i).name());
      page.close("li");
    }
    page.close("ul").line();
  }

  /** One of them. */
  static void name(Markup page, int variant, String name) {
    page.open("span", "class", "name").raw(sample(variant)).text(name).close("span");
  }

  /** Line and sign alone: the name beside them says what a screen reader needs. */
  private static String sample(int variant) {
    Svg svg = new Svg("sample", 30, 12);
    svg.line("line v" + look(variant), 1, 6, 29, 6);
    svg.sign("sign v" + look(variant), look(variant), 15, 6, 3.6, "");
    return svg.end();
  }
}
