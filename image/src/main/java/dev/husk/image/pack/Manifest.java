package dev.husk.image.pack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.husk.image.check.ModuleNeed;
import dev.husk.image.init.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an image says of itself, as JSON beside its kernel. */
public final class Manifest {
  private static final String PORTS = "ports";
  private static final String DATA = "data";

  private Manifest() {}

  /**
   * The ports that a manifest has; none where it is from before they were in it.
   *
   * @throws IOException if it isn't JSON, or its ports are none
   */
  public static List<Integer> ports(String manifest) throws IOException {
    return list(manifest, PORTS, JsonParser::getIntValue);
  }

  /**
   * The directories for data that a manifest has.
   *
   * @throws IOException if it isn't JSON, or they are none
   */
  public static List<DataDirectory> data(String manifest) throws IOException {
    try {
      return list(manifest, DATA, json -> DataDirectory.parse(json.getText()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the image's manifest: " + e.getMessage(), e);
    }
  }

  private interface Element<T> {
    T read(JsonParser json) throws IOException;
  }

  private static <T> List<T> list(String manifest, String name, Element<T> element)
      throws IOException {
    List<T> list = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(manifest)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the image's manifest isn't an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals(name);
        if (json.nextToken() == JsonToken.START_ARRAY && wanted) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(element.read(json));
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new IOException("the image's manifest: " + e.getOriginalMessage(), e);
    }
    return list;
  }

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
      json.writeArrayFieldStart(PORTS);
      for (int port : image.ports()) {
        json.writeNumber(port);
      }
      json.writeEndArray();
      if (!image.data().isEmpty()) {
        json.writeArrayFieldStart(DATA);
        for (DataDirectory data : image.data()) {
          json.writeString(data.toString());
        }
        json.writeEndArray();
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
