package dev.husk.ab;

import dev.husk.ab.report.HtmlReport;
import dev.husk.ab.report.ResultsJson;
import dev.husk.ab.stats.Analysis;
import dev.husk.ab.stats.Analyst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes what a run has found. */
public final class Reports {
  /** For people. */
  public static final String HTML = "report.html";

  /** For programs; {@code docs/ab-results.schema.json} says what is in it. */
  public static final String JSON = "results.json";

  private Reports() {}

  /**
   * Compares, and writes both reports into a directory. Each appears whole or not at all.
   *
   * @throws IOException when there is no room or no right to write them; the message says where
   */
  public static Analysis write(Results results, Path directory) throws IOException {
    Analysis analysis = Analyst.analyse(results);
    Files.createDirectories(directory);
    write(directory.resolve(JSON), file -> ResultsJson.write(results, analysis, file));
    write(directory.resolve(HTML), file -> HtmlReport.write(results, analysis, file));
    return analysis;
  }

  private interface Writer {
    void write(Path file) throws IOException;
  }

  private static void write(Path file, Writer writer) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      writer.write(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw new IOException("could not write " + file + ": " + e.getMessage(), e);
    }
  }
}
