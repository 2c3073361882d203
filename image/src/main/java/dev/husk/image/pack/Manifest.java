package dev.husk.image.pack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.husk.image.check.ModuleNeed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** What an image says of itself, as JSON beside its kernel. */
final class Manifest {
  private Manifest() {}

  static byte[] json(Image image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("app", image.app().name());
      json.writeStringField("kind", image.app().kind().toString());
      json.writeStringField("main", image.app().mainClass());
      json.writeStringField("kernel", image.kernel().file().version());
      json.writeNumberField("rootBytes", image.root().size());
      json.writeArrayFieldStart("command");
      for (String word : image.command()) {
        json.writeString(word);
      }
      json.writeEndArray();
      if (HeapSize.words(image.app().jvmOptions()).isPresent()) {
        json.writeStringField("heap", HeapSize.words(image.app().jvmOptions()).get());
      }
      json.writeArrayFieldStart("modules");
      json.writeString("java.base");
      for (ModuleNeed need : image.report().modules()) {
        json.writeString(need.module());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }
}
