package dev.husk.ab.report;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Comparison;
import dev.husk.ab.stats.Interval;
import dev.husk.ab.stats.Summary;
import dev.husk.ab.stats.Words;
import java.util.List;

/** The table of figures: a row for each, a column for each variant. */
final class FigureTable {
  private final Results results;
  private final Analysis analysis;

  FigureTable(Results results, Analysis analysis) {
    this.results = results;
    this.analysis = analysis;
  }

  /** The table, or a sentence where there is nothing to show. */
  void write(Markup page) {
    List<Figure> measured = results.figures().stream().filter(this::isMeasured).toList();
    if (measured.isEmpty()) {
      page.element("p", "No round was measured.", "class", "empty");
      return;
    }
    page.open("table", "class", results.variants().size() > 3 ? "cards many" : "cards");
    page.open("thead").open("tr").element("th", "figure", "scope", "col");
    for (int i = 0; i < results.variants().size(); i++) {
      page.open("th", "scope", "col", "class", "number");
      Legend.name(page, i, results.variants().get(i).name());
      page.close("th");
    }
    page.close("tr").close("thead").line().open("tbody");
    for (Figure figure : measured) {
      boolean headline = results.headline().contains(figure.id());
      page.open("tr", "class", headline ? "headline" : "");
      page.element("th", figure.title(), "scope", "row");
      for (Variant variant : results.variants()) {
        cell(page, figure, variant);
      }
      page.close("tr").line();
    }
    page.close("tbody").close("table").line();
    List<String> missing =
        results.figures().stream()
            .filter(figure -> !isMeasured(figure))
            .map(Figure::title)
            .toList();
    if (!missing.isEmpty()) {
      page.element("p", "Not measured: " + String.join("; ", missing) + ".", "class", "note");
    }
  }

  private void cell(Markup page, Figure figure, Variant variant) {
    Summary summary = analysis.summary(variant.name(), figure.id());
    page.open("td", "class", "number", "data-label", variant.name());
    page.open("div", "class", "value");
    page.element("span", figure.format(summary.median()), "class", "median");
    Interval interval = summary.interval();
    if (Double.isFinite(interval.low())) {
      Figure plain = new Figure("", "", "", figure.better(), figure.decimals());
      page.element(
          "span",
          plain.format(interval.low()) + "–" + plain.format(interval.high()),
          "class",
          "range");
    }
    page.close("div");
    if (variant != results.variants().getFirst()) {
      Comparison comparison = analysis.comparison(variant.name(), figure.id());
      String times = Words.times(comparison.ratio(), comparison.interval());
      page.open("div", "class", "value");
      page.element("span", times.equals("-") ? "" : times, "class", "ratio");
      mark(page, comparison);
      page.close("div");
    }
    page.close("td");
  }

  /** A verdict as a label. */
  static void mark(Markup page, Comparison comparison) {
    Mark mark = Mark.of(comparison.verdict());
    page.element(
        "span",
        mark.symbol() + " " + mark.words(),
        "class",
        "mark " + mark.style(),
        "title",
        comparison.words());
  }

  private boolean isMeasured(Figure figure) {
    return results.variants().stream()
        .anyMatch(variant -> !analysis.summary(variant.name(), figure.id()).rounds().isEmpty());
  }
}
