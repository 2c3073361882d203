package dev.husk.image.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A {@link Report} for programs: the names are those of its records. */
final class ReportJson {
  private final JsonGenerator json;

  private ReportJson(JsonGenerator json) {
    this.json = json;
  }

  static void write(Report report, Writer out) throws IOException {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      new ReportJson(json).write(report);
    }
  }

  private void write(Report report) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", report.name());
    json.writeStringField("kind", report.kind().toString());
    json.writeStringField("mainClass", report.mainClass());
    json.writeNumberField("jars", report.jars());
    json.writeNumberField("classes", report.classes());
    json.writeNumberField("nativeMethods", report.nativeMethods());
    json.writeArrayFieldStart("modules");
    for (ModuleNeed need : report.modules()) {
      json.writeStartObject();
      json.writeStringField("module", need.module());
      json.writeBooleanField("certain", need.certain());
      json.writeStringField("because", need.because());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("libraries");
    for (NativeLibrary library : report.libraries()) {
      write(library);
    }
    json.writeEndArray();
    write("systemLibraries", report.systemLibraries().stream().map(Path::toString).toList());
    json.writeNumberField("otherLibraries", report.otherLibraries());
    json.writeArrayFieldStart("calls");
    for (CallSite call : report.calls()) {
      json.writeStartObject();
      json.writeStringField("topic", name(call.topic()));
      json.writeStringField("jar", call.jar());
      json.writeStringField("caller", call.caller());
      json.writeStringField("target", call.target());
      json.writeEndObject();
    }
    json.writeEndArray();
    write("errors", report.errors());
    write("warnings", report.warnings());
    json.writeStringField("verdict", report.verdict());
    json.writeEndObject();
  }

  private void write(NativeLibrary library) throws IOException {
    json.writeStartObject();
    json.writeStringField("jar", library.jar());
    json.writeStringField("entry", library.entry());
    json.writeBooleanField("jni", library.jni());
    write("needed", library.needed());
    json.writeArrayFieldStart("bypasses");
    for (NativeLibrary.Bypass bypass : library.bypasses()) {
      json.writeStartObject();
      json.writeStringField("seam", name(bypass.seam()));
      write("functions", bypass.functions());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("advice", library.advice());
    json.writeEndObject();
  }

  private void write(String name, List<String> strings) throws IOException {
    json.writeArrayFieldStart(name);
    for (String string : strings) {
      json.writeString(string);
    }
    json.writeEndArray();
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
