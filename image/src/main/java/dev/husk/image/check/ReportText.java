package dev.husk.image.check;

import java.nio.file.Path;
import java.util.List;

/** A {@link Report} for people. */
final class ReportText {
  private static final int MOST_FUNCTIONS = 3;

  private final StringBuilder out = new StringBuilder();

  private ReportText() {}

  static String of(Report report) {
    ReportText text = new ReportText();
    text.add(report);
    return text.out.toString();
  }

  private void add(Report report) {
    line(
        "%s: %s, main class %s, %s, %s, %s"
            .formatted(
                report.name(),
                report.kind(),
                report.mainClass(),
                Count.of(report.jars(), "jar"),
                Count.of(report.classes(), "class"),
                Count.of(report.nativeMethods(), "native method")));
    group("errors", "", report.errors());
    group("warnings", "", report.warnings());
    group("modules", "", report.modules().stream().map(ReportText::module).toList());
    int others = report.otherLibraries();
    if (!report.libraries().isEmpty() || others > 0) {
      section(
          "native libraries",
          others == 0 ? "" : ", and %d for other machines".formatted(others),
          report.libraries().stream().map(ReportText::library).toList());
    }
    group(
        "libraries of this system",
        ": those need them, and an image gets them",
        report.systemLibraries().stream().map(Path::toString).toList());
    for (Topic topic : Topic.values()) {
      List<String> calls = report.calls(topic).stream().map(ReportText::call).toList();
      group(topic.heading(), ": " + topic.meaning(), calls);
    }
    line("");
    line(report.verdict());
  }

  private static String module(ModuleNeed need) {
    return need.module() + (need.certain() ? "" : ", likely,") + " because " + need.because();
  }

  private static String library(NativeLibrary library) {
    StringBuilder line = new StringBuilder(library.label());
    line.append(library.jni() ? " (JNI" : " (no JNI");
    if (!library.needed().isEmpty()) {
      line.append(", needs ").append(String.join(", ", library.needed()));
    }
    line.append(')');
    String separator = " ";
    for (NativeLibrary.Bypass bypass : library.bypasses()) {
      line.append(separator)
          .append("calls ")
          .append(some(bypass.functions()))
          .append(" itself: ")
          .append(bypass.seam().meaning());
      separator = "; ";
    }
    return library.advice().isEmpty()
        ? line.toString()
        : line.append("; ").append(library.advice()).toString();
  }

  private static String some(List<String> functions) {
    int more = functions.size() - MOST_FUNCTIONS;
    return more <= 0
        ? String.join(", ", functions)
        : String.join(", ", functions.subList(0, MOST_FUNCTIONS)) + " and " + more + " more";
  }

  private static String call(CallSite call) {
    return "%s (%s) calls %s".formatted(call.caller(), call.jar(), call.target());
  }

  private void group(String heading, String meaning, List<String> lines) {
    if (!lines.isEmpty()) {
      section(heading, meaning, lines);
    }
  }

  private void section(String heading, String meaning, List<String> lines) {
    line("");
    line("%s (%d)%s".formatted(heading, lines.size(), meaning));
    lines.forEach(line -> line("  " + line));
  }

  private void line(String line) {
    out.append(line).append('\n');
  }
}
