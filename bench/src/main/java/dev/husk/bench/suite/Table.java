package dev.husk.bench.suite;

import dev.husk.bench.measure.Stats;
import java.util.ArrayList;
import java.util.List;

/** Results as text. */
public final class Table {
  private Table() {}

  /** A row per variant, a column per metric, then the bars and what came of them. */
  public static String of(Result result) {
    Benchmark benchmark = result.benchmark();
    Metric first = benchmark.metrics().getFirst();
    List<String> header = new ArrayList<>();
    header.add("");
    for (Metric metric : benchmark.metrics()) {
      header.add(metric.title());
    }
    header.add("spread");
    List<List<String>> rows = new ArrayList<>();
    rows.add(header);
    for (String variant : result.variants()) {
      List<String> row = new ArrayList<>();
      row.add(variant);
      for (Metric metric : benchmark.metrics()) {
        row.add(metric.format(result.median(variant, metric.name())));
      }
      row.add("%.0f %%".formatted(100 * Stats.spread(result.rounds(variant, first.name()))));
      rows.add(row);
    }
    StringBuilder text = new StringBuilder();
    text.append(benchmark.name()).append(": ").append(benchmark.title()).append('\n');
    text.append(aligned(rows));
    for (Bar bar : benchmark.bars()) {
      double value = result.value(bar);
      text.append("  ").append(bar).append("  ->  ");
      if (Double.isNaN(value)) {
        text.append("not measured\n");
      } else {
        text.append("%.3g, %s%n".formatted(value, bar.met(value) ? "met" : "MISSED"));
      }
    }
    result.failures().forEach((variant, why) -> text.append("  FAILED ").append(why).append('\n'));
    return text.toString();
  }

  /** A row per metric, a column per variant, and each variant's ratio to the first one. */
  public static String sideBySide(Result result) {
    List<String> variants = result.variants();
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>();
    header.add("");
    for (String variant : variants) {
      header.add(variant);
      if (header.size() > 2) {
        header.add("ratio");
      }
    }
    rows.add(header);
    for (Metric metric : result.benchmark().metrics()) {
      List<String> row = new ArrayList<>();
      row.add(metric.title());
      double base = Double.NaN;
      for (String variant : variants) {
        double value = result.median(variant, metric.name());
        row.add(metric.format(value));
        if (row.size() == 2) {
          base = value;
        } else {
          row.add("%.2f".formatted(value / base));
        }
      }
      rows.add(row);
    }
    return aligned(rows);
  }

  /** The first column to the left, the others to the right. */
  static String aligned(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < row.size(); i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + pad : "  " + pad + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
