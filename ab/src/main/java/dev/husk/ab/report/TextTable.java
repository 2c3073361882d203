package dev.husk.ab.report;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Comparison;
import dev.husk.ab.stats.Summary;
import dev.husk.ab.stats.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a run found, for a terminal of 100 columns: the verdict, the figures, the warnings. */
public final class TextTable {
  private static final int WIDTH = 100;
  private static final int LONGEST_TITLE = 35;
  private static final int LONGEST_NAME = 24;
  private static final String GAP = "  ";

  private final Results results;
  private final Analysis analysis;

  private TextTable(Results results, Analysis analysis) {
    this.results = results;
    this.analysis = analysis;
  }

  /** The text, with a line feed at the end of each line. */
  public static String of(Results results, Analysis analysis) {
    return new TextTable(results, analysis).text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    analysis.verdict().lines().forEach(line -> wrap(text, "", line));
    List<Figure> measured = results.figures().stream().filter(this::isMeasured).toList();
    if (!measured.isEmpty()) {
      boolean oneLine = fitsOneLine(measured);
      for (List<Variant> variants : blocks(measured)) {
        text.append('\n');
        append(text, rows(measured, variants, oneLine));
      }
      text.append('\n');
      wrap(text, "", legend(oneLine));
    }
    List<String> missing =
        results.figures().stream()
            .filter(figure -> !isMeasured(figure))
            .map(Figure::title)
            .toList();
    if (!missing.isEmpty() && !measured.isEmpty()) {
      wrap(text, "", "Not measured: " + String.join("; ", missing) + ".");
    }
    if (!analysis.warnings().isEmpty()) {
      text.append('\n');
      analysis.warnings().forEach(warning -> wrap(text, "! ", warning));
    }
    return text.toString();
  }

  private String legend(boolean oneLine) {
    String medians = "Medians of the rounds";
    if (results.variants().size() < 2) {
      return medians + ".";
    }
    String base = results.variants().getFirst().name();
    return medians
        + (oneLine ? "; the ratio to " : "; below, the ratio to ")
        + base
        + " with its 95 % interval. same: the rounds show no difference; noisy: the machine was too"
        + " noisy to say; few: too few rounds.";
  }

  /** The base with as many others as there is room for. */
  private List<List<Variant>> blocks(List<Figure> figures) {
    List<Variant> all = results.variants();
    if (fitsOneLine(figures)) {
      return List.of(all);
    }
    List<List<Variant>> blocks = new ArrayList<>();
    List<Variant> block = new ArrayList<>(all.subList(0, 1));
    for (Variant other : all.subList(1, all.size())) {
      block.add(other);
      if (block.size() > 2 && width(rows(figures, block, false)) > WIDTH) {
        block.removeLast();
        blocks.add(List.copyOf(block));
        block = new ArrayList<>(List.of(all.getFirst(), other));
      }
    }
    blocks.add(block);
    return blocks;
  }

  private boolean fitsOneLine(List<Figure> figures) {
    return width(rows(figures, results.variants(), true)) <= WIDTH;
  }

  /** The cells of the table: a line for each figure, or a second one for the ratios. */
  private List<List<String>> rows(List<Figure> figures, List<Variant> variants, boolean oneLine) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    for (Variant variant : variants) {
      head.add(cut(variant.name(), LONGEST_NAME));
      if (oneLine && isOther(variant)) {
        head.add("");
        head.add("");
      }
    }
    rows.add(head);
    for (Figure figure : figures) {
      List<String> row = new ArrayList<>(List.of(cut(figure.title(), LONGEST_TITLE)));
      List<String> second = new ArrayList<>(List.of(""));
      for (Variant variant : variants) {
        Summary summary = analysis.summary(variant.name(), figure.id());
        String median = figure.format(summary.median());
        if (!isOther(variant)) {
          row.add(median);
          second.add("");
          continue;
        }
        Comparison comparison = analysis.comparison(variant.name(), figure.id());
        String times = Words.times(comparison.ratio(), comparison.interval());
        Mark mark = Mark.of(comparison.verdict());
        if (oneLine) {
          row.addAll(List.of(median, times, mark.brief()));
        } else {
          row.add(median + GAP + mark.brief());
          second.add(times);
        }
      }
      rows.add(row);
      if (!oneLine) {
        rows.add(second);
      }
    }
    return rows;
  }

  private boolean isOther(Variant variant) {
    return variant != results.variants().getFirst();
  }

  private boolean isMeasured(Figure figure) {
    return results.variants().stream()
        .anyMatch(variant -> !analysis.summary(variant.name(), figure.id()).rounds().isEmpty());
  }

  private static int width(List<List<String>> rows) {
    return IntStream.of(widths(rows)).sum() + GAP.length() * (rows.getFirst().size() - 1);
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static void append(StringBuilder text, List<List<String>> rows) {
    int[] widths = widths(rows);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length()).append(GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static void wrap(StringBuilder text, String bullet, String words) {
    StringBuilder line = new StringBuilder(bullet);
    boolean empty = true;
    for (String word : words.strip().split("\\s+")) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line.setLength(0);
        line.repeat(' ', bullet.length());
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    text.append(line).append('\n');
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
