package dev.husk.bench.suite;

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
      row.add("%.0f %%".formatted(100 * result.spread(variant, first.name())));
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

  /** The first column to the left, the others to the right. */
  private static String aligned(List<List<String>> rows) {
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
