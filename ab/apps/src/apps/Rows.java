package apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the rows of the table in docs/compatibility.md from the results of ./run. */
final class Rows {
  /** A column, by the figures that it may come from. */
  private enum Column {
    THROUGHPUT("closed_throughput", "operations", "produced"),
    SECOND("consumed"),
    CPU("cpu"),
    P99("p99"),
    RSS("rss"),
    OFF_HEAP("off_heap"),
    START("first_reply");

    private final List<String> figures;

    Column(String... figures) {
      this.figures = List.of(figures);
    }
  }

  private Rows() {}

  public static void main(String[] args) throws IOException {
    System.out.println("\nHusk to stock: " + String.join(" | ", names()) + " | others' CPU");
    for (String app : List.of(args).subList(1, args.length)) {
      Path file = Path.of(args[0], app, "results.json");
      if (!Files.exists(file)) {
        System.out.println("| " + app + " | no results |");
        continue;
      }
      JsonNode results = new ObjectMapper().readTree(file.toFile());
      List<String> cells = new ArrayList<>(List.of(app));
      for (Column column : Column.values()) {
        cells.add(cell(results, column));
      }
      double[] others =
          results.get("rounds").findValues("otherCpu").stream()
              .mapToDouble(JsonNode::asDouble)
              .sorted()
              .toArray();
      cells.add(String.format(Locale.ROOT, "%.0f %%", 100 * others[others.length / 2]));
      System.out.println("| " + String.join(" | ", cells) + " |");
      for (JsonNode round : results.get("rounds")) {
        if (!round.get("failure").isNull()) {
          System.out.println("  failed: " + round.get("failure").get("message").asText());
        }
      }
    }
  }

  private static List<String> names() {
    return java.util.Arrays.stream(Column.values())
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static String cell(JsonNode results, Column column) {
    for (JsonNode each : results.get("comparisons")) {
      if (column.figures.contains(each.get("figure").asText())) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f–%.2f) %s",
                each.get("ratio").asDouble(),
                each.get("interval").get(0).asDouble(),
                each.get("interval").get(1).asDouble(),
                switch (each.get("verdict").asText()) {
                  case "better" -> "**better**";
                  case "too_noisy" -> "noisy";
                  case "no_difference" -> "";
                  default -> each.get("verdict").asText();
                })
            .strip();
      }
    }
    return "-";
  }
}
