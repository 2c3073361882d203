package dev.husk.image.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.husk.image.tree.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON document that somebody else wrote, and where it stands there. What it is isn't
 * known before it is asked for; each question throws an IOException that says what is wrong where.
 *
 * @param where as a JSON pointer (RFC 6901): {@code index.json#/manifests/0/digest}
 * @param value a Map, a List, a String, a Long, a Double, a Boolean, or null for what is absent
 */
record Json(String where, @Nullable Object value) {

  /** More than any real document of an image has. */
  static final int MOST_BYTES = 4 << 20;

  private static final int MOST_LEVELS = 32;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build())
          .build();

  /** Reads a document. */
  static Json read(String where, Content content) throws IOException {
    if (content.size() > MOST_BYTES) {
      throw new IOException(where + ": " + content.size() + " bytes are too many for JSON");
    }
    try (JsonParser parser = FACTORY.createParser(content.bytes())) {
      if (parser.nextToken() == null) {
        throw new IOException(where + " is empty");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException(where + ": something follows the document");
      }
      return new Json(where + "#", value);
    } catch (JsonProcessingException e) {
      // Without Jackson's hints for programmers.
      JsonLocation at = e.getLocation();
      String place = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new IOException(where + place + ": " + e.getOriginalMessage(), e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, value(parser));
        }
        yield fields;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalStateException("no value: " + parser.currentToken());
    };
  }

  boolean isAbsent() {
    return value == null;
  }

  /** A field of this object, or of none. */
  Json get(String name) throws IOException {
    return new Json(where + "/" + name, fields().get(name));
  }

  /** The names and values of this object; none if it is absent. */
  Map<?, ?> fields() throws IOException {
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> fields) {
      return fields;
    }
    throw new IOException(where + " isn't an object");
  }

  /** The names and the strings of this object; none if it is absent. */
  Map<String, String> texts() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Object name : fields().keySet()) {
      texts.put((String) name, get((String) name).text());
    }
    return texts;
  }

  /** The elements of this array; none if it is absent. */
  List<Json> list() throws IOException {
    List<Json> elements = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        elements.add(new Json(where + "/" + elements.size(), element));
      }
    } else if (value != null) {
      throw new IOException(where + " isn't an array");
    }
    return elements;
  }

  /** The strings of this array; none if it is absent. */
  List<String> strings() throws IOException {
    List<String> strings = new ArrayList<>();
    for (Json element : list()) {
      strings.add(element.text());
    }
    return strings;
  }

  /** This string. */
  String text() throws IOException {
    if (value instanceof String text) {
      return text;
    }
    throw new IOException(where + (isAbsent() ? " is missing" : " isn't a string"));
  }

  /** This string, or the other if it is absent. */
  String textOr(String other) throws IOException {
    return isAbsent() ? other : text();
  }

  /** This whole number. */
  long number() throws IOException {
    if (value instanceof Long number) {
      return number;
    }
    throw new IOException(where + (isAbsent() ? " is missing" : " isn't a whole number"));
  }

  /** Maps, lists, strings, integers and longs as a document, fields in the order of their maps. */
  static byte[] write(Object document) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json, document);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory doesn't fail", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> fields -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          json.writeFieldName((String) field.getKey());
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      case List<?> elements -> {
        json.writeStartArray();
        for (Object element : elements) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case String text -> json.writeString(text);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
    }
  }
}
