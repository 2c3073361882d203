package dev.husk.ab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.husk.ab.Figure;
import dev.husk.ab.Results;
import dev.husk.ab.Round;
import dev.husk.ab.SampleRun;
import dev.husk.ab.stats.Analyst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlReportTest {
  private static final Pattern ELEMENT = Pattern.compile("<(/?)([a-zA-Z0-9]+)([^<>]*)>");
  private static final List<String> VOID = List.of("meta");

  @TempDir Path directory;

  static Stream<Results> samples() {
    return Stream.of(
        SampleRun.two(),
        SampleRun.failing(),
        SampleRun.five(),
        SampleRun.noisy(),
        SampleRun.partial(),
        SampleRun.empty(),
        SampleRun.of(Figure.GC_PAUSES, new double[4], new double[4]),
        SampleRun.of(Figure.RSS, new double[] {1}),
        SampleRun.of(Figure.FIRST_REPLY, new double[] {-1e300, 0}, new double[] {1e-300, 1e300}));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void hasAllSectionsWithTheVerdictFirst(Results results) throws IOException {
    Assumptions.assumeFalse(results.rounds().isEmpty());
    String html = html(results);
    int at = 0;
    for (String id :
        List.of(
            "verdict",
            "warnings",
            "figures",
            "curve",
            "latencies",
            "usage",
            "startup",
            "rounds",
            "environment",
            "repeat",
            "method")) {
      int next = html.indexOf("<section id=\"" + id + "\">");
      if (next < 0) {
        Figure shown = Map.of("curve", Figure.THROUGHPUT, "latencies", Figure.P9999).get(id);
        assertTrue(shown != null && !results.figures().contains(shown), id);
        continue;
      }
      assertTrue(next > at, id);
      at = next;
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void closesWhatItOpens(Results results) throws IOException {
    java.util.ArrayDeque<String> open = new java.util.ArrayDeque<>();
    String html = html(results).replaceFirst("<!DOCTYPE html>", "");
    Matcher matcher = ELEMENT.matcher(html);
    while (matcher.find()) {
      if (matcher.group(1).isEmpty()) {
        if (!VOID.contains(matcher.group(2))) {
          open.push(matcher.group(2));
        }
      } else {
        assertEquals(open.pop(), matcher.group(2), () -> html.substring(0, matcher.end()));
      }
    }
    assertTrue(open.isEmpty(), open::toString);
    assertFalse(html.contains("NaN"), html);
    assertFalse(html.contains("Infinity"), html);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void loadsAndRunsNothing(Results results) throws IOException {
    String html = html(results);
    Matcher matcher = ELEMENT.matcher(html);
    while (matcher.find()) {
      String attributes = matcher.group(3);
      assertFalse(attributes.contains("://"), attributes);
      String names = attributes.replaceAll("\"[^\"]*\"", "");
      assertFalse(names.matches("(?s).* (src|srcset|style|on[a-z]+)=.*"), attributes);
      assertFalse(matcher.group(2).matches("script|link|img|iframe|object"), matcher.group());
      if (attributes.contains(" href=")) {
        assertTrue(attributes.contains(" href=\"./logs/"), attributes);
      }
    }
    assertFalse(html.contains("@import"));
    assertFalse(html.contains("url("));
  }

  @Test
  void escapesWhatComesFromOutside() throws IOException {
    String html = html(SampleRun.failing());
    assertFalse(html.contains("<img"));
    assertTrue(
        html.contains(
            "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot; &#39;apostrophes&#39;"));
    assertEquals("\ufffd[31m\tred\n", Markup.escape("\u001b[31m\tred\n"));
  }

  @Test
  void keepsLogsRelative() throws IOException {
    Results results = SampleRun.of(Figure.RSS, new double[] {1}, new double[] {2});
    Round round = results.rounds().getFirst();
    String log = "javascript:alert(1)//a b\".log";
    Round hostile =
        new Round(
            1,
            1,
            round.variant(),
            Map.of(),
            List.of(),
            "",
            List.of(),
            1,
            true,
            0,
            List.of(),
            null,
            log);
    String html = html(SampleRun.with(results, true, List.of(hostile), List.of()));
    assertTrue(html.contains("href=\"./javascript:alert(1)//a%20b%22.log\""), html);
  }

  @Test
  void aRunWithoutRoundsHasNoEmptySections() throws IOException {
    String html = html(SampleRun.empty());
    assertFalse(html.contains("Latency by percentile"), html);
    assertTrue(html.contains("<h2>Environment</h2>"), html);
  }

  @Test
  void marksWhatTheVerdictCannotBeReadWithout() throws IOException {
    assertTrue(html(SampleRun.failing()).contains("mark failed\">✕ husk-zgc failed<"));
    assertTrue(html(SampleRun.partial()).contains("mark failed\">✕ partial: the run didn"));
    assertTrue(html(SampleRun.noisy()).contains("mark unsure\">? too noisy to say<"));
    assertTrue(html(SampleRun.few()).contains("mark unsure\">… too few rounds<"));
    assertFalse(html(SampleRun.two()).contains("class=\"states\""));
  }

  @Test
  void givesTheSameForTheSameRun() throws IOException {
    assertEquals(html(SampleRun.two()), html(SampleRun.two()));
  }

  @Test
  void quotesTheCommandForAShell() {
    assertEquals(
        "husk ab --url 'http://h/?a=1&b=2' 'it'\\''s' -- java -jar a.jar",
        HtmlReport.shell(
            List.of(
                "husk",
                "ab",
                "--url",
                "http://h/?a=1&b=2",
                "it's",
                "--",
                "java",
                "-jar",
                "a.jar")));
  }

  private String html(Results results) throws IOException {
    Path file = directory.resolve("report.html");
    HtmlReport.write(results, Analyst.analyse(results), file);
    return Files.readString(file);
  }
}
