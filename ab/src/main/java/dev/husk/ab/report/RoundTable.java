package dev.husk.ab.report;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.stats.Words;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/** Every run in the order in which they were made. */
final class RoundTable {
  private static final String NONE = "-";

  private final Results results;

  RoundTable(Results results) {
    this.results = results;
  }

  void write(Markup page) {
    List<Figure> figures = results.headline().stream().map(results::figure).toList();
    page.open("table", "class", figures.size() > 4 ? "cards many" : "cards");
    page.open("thead").open("tr");
    page.element("th", "run", "scope", "col");
    if (figures.isEmpty()) {
      page.element("th", "", "scope", "col"); // where a failed run says why
    }
    for (Figure figure : figures) {
      page.element("th", figure.title(), "scope", "col", "class", "number");
    }
    page.element("th", "warm-up", "scope", "col", "class", "number");
    page.element("th", "others’ CPU", "scope", "col", "class", "number");
    page.element("th", "remarks", "scope", "col");
    page.close("tr").close("thead").line().open("tbody");
    for (Round round : results.rounds()) {
      row(page, round, figures);
    }
    page.close("tbody").close("table").line();
  }

  private void row(Markup page, Round round, List<Figure> figures) {
    page.open("tr", "class", round.failure() == null ? "" : "bad");
    page.open("th", "scope", "row");
    page.element("span", round.number() + "." + round.position(), "class", "run");
    Legend.name(page, place(round.variant()), round.variant());
    page.close("th");
    if (round.failure() == null) {
      for (Figure figure : figures) {
        Double value = round.figures().get(figure.id());
        cell(page, figure.title(), value == null ? NONE : figure.format(value));
      }
      if (figures.isEmpty()) {
        cell(page, "", NONE);
      }
    } else {
      failure(page, round.failure(), Math.max(1, figures.size()));
    }
    cell(page, "warm-up", Axis.plain(Math.round(10 * round.warmUpSeconds()) / 10.0) + " s");
    cell(
        page,
        "others’ CPU",
        Double.isNaN(round.otherCpu()) ? NONE : Math.round(100 * round.otherCpu()) + " %");
    page.open("td", "class", "remarks", "data-label", "remarks").open("div");
    for (String remark : remarks(round)) {
      page.element("span", remark, "class", "message");
    }
    if (!round.log().isEmpty()) {
      page.element("a", "log", "href", reference(round.log()));
    }
    page.close("div").close("td").close("tr").line();
  }

  /** What went wrong, in the place of the figures. */
  private static void failure(Markup page, Round.Failure failure, int columns) {
    page.open("td", "class", "remarks", "colspan", String.valueOf(columns)).open("div");
    page.element("span", "✕ " + Words.of(failure.kind()), "class", "mark failed");
    page.element("span", failure.message(), "class", "message");
    page.close("div").close("td");
  }

  private static void cell(Markup page, String label, String value) {
    String style = value.equals(NONE) ? "number none" : "number";
    page.element("td", value, "class", style, "data-label", label);
  }

  private static List<String> remarks(Round round) {
    List<String> remarks = new ArrayList<>();
    if (round.failure() == null && !round.warm()) {
      remarks.add("The warm-up ended at its limit.");
    }
    remarks.addAll(round.notes());
    return remarks;
  }

  private int place(String variant) {
    for (int i = 0; i < results.variants().size(); i++) {
      if (results.variants().get(i).name().equals(variant)) {
        return i;
      }
    }
    return 0;
  }

  /** A relative reference, which the leading dot keeps from being anything else. */
  private static String reference(String file) {
    try {
      return new URI(null, null, "./" + file, null).toASCIIString();
    } catch (URISyntaxException e) {
      return "#rounds";
    }
  }
}
