package dev.husk.ab.report;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Variant;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Comparison;
import dev.husk.ab.stats.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes {@code report.html}: one file with all that is in it, which loads nothing and runs
 * nothing, for screens from a phone's on, dark and light, and for paper.
 */
public final class HtmlReport {
  /** Tells the browser, too, that nothing is to be loaded or run. */
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** From this length on a verdict is set smaller. */
  private static final int LONG_VERDICT = 220;

  /** From this length on in a lighter face, too. */
  private static final int VERY_LONG_VERDICT = 700;

  /** Ratios with their intervals, and the latency limit: no line should end within one. */
  private static final Pattern TOGETHER =
      Pattern.compile(
          "[0-9.,]+×(,|) \\(?[0-9.,∞]+–[0-9.,∞]+×\\)?|[0-9.,]+×|p99 ≤ [0-9.,]+ ms|[0-9.,]+ req/s");

  private final Results results;
  private final Analysis analysis;
  private final Charts charts;
  private final Markup page = new Markup();

  private HtmlReport(Results results, Analysis analysis) {
    this.results = results;
    this.analysis = analysis;
    charts = new Charts(results, analysis);
  }

  /**
   * Writes the file, over one that is there.
   *
   * @throws IOException when it can't be written
   */
  public static void write(Results results, Analysis analysis, Path file) throws IOException {
    Files.writeString(file, new HtmlReport(results, analysis).html());
  }

  private String html() {
    page.raw("<!DOCTYPE html>").line().open("html", "lang", "en").open("head").line();
    page.raw("<meta charset=\"utf-8\">").line();
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">").line();
    page.raw("<meta name=\"color-scheme\" content=\"light dark\">").line();
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">").line();
    page.element("title", "A/B: " + results.title()).line();
    page.open("style").raw(style()).close("style").line();
    page.close("head").line().open("body").line().open("main").line();
    header();
    verdict();
    warnings();
    if (!results.rounds().isEmpty()) {
      measured();
    }
    section("environment", "Environment", this::environment);
    section("repeat", "Repeat it", this::repeat);
    section("method", "How to read this", this::method);
    page.close("main").line().close("body").close("html").line();
    return page.toString();
  }

  private void measured() {
    section("figures", "Figures", this::figures);
    if (isMeasured(Figure.THROUGHPUT)) {
      section("curve", "Throughput against latency", this::curve);
    }
    if (isMeasured(Figure.P9999)) {
      section("latencies", "Latency by percentile", this::latencies);
    }
    section("usage", "CPU and memory over time", this::usage);
    section("startup", "Start-up", this::startUp);
    section("rounds", "Every run, in order", this::rounds);
  }

  /** Whether the run meant to measure it. What a load command prints has no sweep, for one. */
  private boolean isMeasured(Figure figure) {
    return results.figures().contains(figure);
  }

  private void section(String id, String title, Runnable content) {
    page.open("section", "id", id).element("h2", title).line();
    content.run();
    page.close("section").line();
  }

  private void header() {
    page.open("header");
    page.element("p", "A/B run", "class", "kind");
    page.element("h1", results.title());
    page.open("p", "class", "note");
    page.text(
        results.variants().stream().map(Variant::name).collect(Collectors.joining(" · "))
            + " · "
            + roundsInWords()
            + " · ");
    page.element("time", TIME.format(results.started()), "datetime", results.started().toString());
    page.close("p").close("header").line();
  }

  private String roundsInWords() {
    int rounds = results.rounds().stream().mapToInt(round -> round.number()).max().orElse(0);
    return rounds == 1 ? "1 round" : rounds + " rounds";
  }

  private void verdict() {
    page.open("section", "id", "verdict").element("h2", "Verdict", "class", "hidden").line();
    states();
    int length = analysis.verdict().length();
    String style =
        length > VERY_LONG_VERDICT ? "long light" : length > LONG_VERDICT ? "long" : "short";
    analysis
        .verdict()
        .lines()
        .forEach(
            line ->
                page.open("p", "class", "verdict " + style)
                    .raw(TOGETHER.matcher(Markup.escape(line)).replaceAll("<span>$0</span>"))
                    .close("p")
                    .line());
    List<Variant> variants = results.variants();
    for (int i = 1; i < variants.size(); i++) {
      Variant other = variants.get(i);
      List<Comparison> shown =
          results.headline().stream()
              .map(id -> analysis.comparison(other.name(), id))
              .filter(comparison -> !Double.isNaN(comparison.ratio()))
              .toList();
      if (!shown.isEmpty()) {
        page.open("h3");
        Legend.name(page, i, other.name());
        page.element("span", " against " + variants.getFirst().name(), "class", "against");
        page.close("h3").open("ul", "class", "tiles").line();
        shown.forEach(this::tile);
        page.close("ul").line();
      }
    }
    page.close("section").line();
  }

  private void tile(Comparison comparison) {
    Mark mark = Mark.of(comparison.verdict());
    String[] times = Words.times(comparison.ratio(), comparison.interval()).split(" ", 2);
    page.open("li", "class", "tile " + mark.style());
    page.element("span", results.figure(comparison.figure()).title(), "class", "topic");
    page.open("span", "class", "big").text(times[0]);
    page.element("span", times.length > 1 ? " " + times[1] : "", "class", "range").close("span");
    FigureTable.mark(page, comparison);
    page.close("li").line();
  }

  /** What must be known before the verdict is read. */
  private void states() {
    List<String> failed = new ArrayList<>();
    List<String> unsure = new ArrayList<>();
    if (!results.complete()) {
      failed.add("✕ partial: the run didn't come to its end");
    }
    for (Variant other : results.variants().stream().skip(1).toList()) {
      for (String id : results.headline()) {
        Comparison comparison = analysis.comparison(other.name(), id);
        switch (comparison.verdict()) {
          case NO_BASE -> failed.add("✕ " + comparison.base() + " failed");
          case FAILED -> failed.add("✕ " + other.name() + " failed");
          case TOO_NOISY -> unsure.add("? too noisy to say");
          case TOO_FEW_ROUNDS -> {
            if (!results.rounds().isEmpty()) {
              unsure.add("… too few rounds");
            }
          }
          case BETTER, WORSE, NO_DIFFERENCE -> {}
        }
      }
    }
    if (failed.isEmpty() && unsure.isEmpty()) {
      return;
    }
    page.open("p", "class", "states");
    failed.stream()
        .distinct()
        .forEach(state -> page.element("span", state, "class", "mark failed"));
    unsure.stream()
        .distinct()
        .forEach(state -> page.element("span", state, "class", "mark unsure"));
    page.close("p").line();
  }

  private void warnings() {
    page.open("section", "id", "warnings").element("h2", "Warnings");
    if (analysis.warnings().isEmpty()) {
      page.element("p", "None.", "class", "empty");
    } else {
      page.open("ul");
      analysis.warnings().forEach(warning -> page.element("li", warning).line());
      page.close("ul");
    }
    page.close("section").line();
  }

  private void figures() {
    new FigureTable(results, analysis).write(page);
  }

  private void curve() {
    chart(
        charts.curve(),
        true,
        "Further right is more throughput, lower is faster. The line goes through the medians of"
            + " the rounds at each offered rate; faint lines are single rounds. Points at which the"
            + " driver was the limit are left out.");
  }

  private void latencies() {
    chart(
        charts.latencies(),
        true,
        "How long the fastest part of the requests took at most, all rounds of a variant together"
            + (results.fixedRate() > 0
                ? ", at " + Axis.plain(results.fixedRate()) + " req/s."
                : ", in a closed loop.")
            + " The axis stretches the slow end: from mark to mark a tenth of the requests is"
            + " left."
            + unreadable());
  }

  private String unreadable() {
    int rounds = charts.unreadableLatencies();
    return rounds == 0 ? "" : " The latencies of " + rounds + " runs could not be read.";
  }

  private void startUp() {
    chart(
        charts.startUp(),
        false,
        "From the start of the process to the first correct reply. A sign for"
            + " each round, a line at the median.");
  }

  private void chart(String drawing, boolean legend, String caption) {
    if (drawing.isEmpty()) {
      page.element("p", "Not measured.", "class", "empty");
      return;
    }
    if (legend) {
      Legend.write(page, results);
    }
    page.open("figure").raw(drawing).element("figcaption", caption).close("figure").line();
  }

  private void usage() {
    List<String> cpu = charts.cpu();
    List<String> memory = charts.memory();
    if (cpu.isEmpty()) {
      page.element("p", "Not measured.", "class", "empty");
      return;
    }
    panels("CPU", cpu);
    panels("Memory", memory);
    page.element(
        "p",
        "The strong line is the round in the middle, the faint ones are the others. Warm-up, sweep"
            + " and the measurement at the fixed rate follow each other.",
        "class",
        "note");
  }

  private void panels(String title, List<String> panels) {
    page.element("h3", title).open("div", "class", "panels").line();
    for (int i = 0; i < panels.size(); i++) {
      page.open("figure").open("figcaption");
      Legend.name(page, i, results.variants().get(i).name());
      page.close("figcaption").raw(panels.get(i)).close("figure").line();
    }
    page.close("div").line();
  }

  private void rounds() {
    Legend.write(page, results);
    page.open("div", "class", "panels").line();
    for (String id : results.headline()) {
      String drawing = charts.order(results.figure(id));
      if (!drawing.isEmpty()) {
        page.open("figure").raw(drawing).close("figure").line();
      }
    }
    page.close("div").line();
    new RoundTable(results).write(page);
  }

  private void environment() {
    page.open("dl").line();
    results.environment().forEach(this::entry);
    page.close("dl").line();
  }

  private void repeat() {
    page.element("p", "This command, in the same directory, runs it all again:");
    page.element("pre", shell(results.command())).line();
    page.open("dl").line();
    entry("app", results.appCommand());
    entry("load", results.loadDescription());
    if (results.latencyLimitMillis() > 0) {
      entry("latency limit", "p99 ≤ " + Axis.plain(results.latencyLimitMillis()) + " ms");
    }
    if (isMeasured(Figure.P9999)) {
      entry(
          "fixed rate",
          results.fixedRate() > 0
              ? Axis.plain(results.fixedRate()) + " req/s"
              : "none: a closed loop");
    }
    results.variants().forEach(variant -> entry("variant " + variant.name(), variant.describe()));
    page.close("dl").line();
  }

  private void entry(String name, String value) {
    page.open("div").element("dt", name).element("dd", value).close("div").line();
  }

  private void method() {
    for (String text :
        List.of(
            "Each round starts every variant once, in an order that is drawn anew, warms it up and"
                + " measures it. Figures are medians of the rounds. The ranges beside them are 95 %"
                + " intervals by the bootstrap: percentile method, 10,000 resamples, a fixed seed.",
            "A ratio is a variant’s median divided by that of the first variant. It counts as a"
                + " difference, “better” or “worse”, when the exact two-sided Mann-Whitney test"
                + " gives a p-value of 0.05 at most and the ratio’s interval leaves 1 out. Each"
                + " figure is tested by itself.",
            "“No difference” says that the rounds don’t show one; one smaller than the interval may"
                + " be there. It is “too noisy to say” when half the interval is wider than 25 % of"
                + " the ratio, or others had more than 15 % of the machine’s CPU in the median"
                + " round. Fewer than four rounds of each are too few for a verdict.",
            "A variant that answered wrongly, died or didn’t answer has failed, whatever its speed."
                + " Latencies count from when a request was due, not from when it was sent.")) {
      page.element("p", text, "class", "note").line();
    }
  }

  /** A command as a shell takes it: words with anything unusual in single quotes. */
  static String shell(List<String> command) {
    return command.stream()
        .map(
            word ->
                word.matches("[A-Za-z0-9_@%+=:,./-]+")
                    ? word
                    : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing beside " + HtmlReport.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css beside " + HtmlReport.class, e);
    }
  }
}
