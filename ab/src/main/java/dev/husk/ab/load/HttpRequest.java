package dev.husk.ab.load;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request, ready to be sent.
 *
 * @param text its bytes, as ISO 8859-1
 * @param head whether the reply has no body whatever its headers say
 * @param repeatable whether a client may send it again when the connection was closed under it (RFC
 *     9110, section 9.2.2)
 */
record HttpRequest(String text, boolean head, boolean repeatable) implements Serializable {
  static HttpRequest of(
      String method, String target, String host, List<String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    addUnlessGiven(text, headers, "Host", host);
    addUnlessGiven(text, headers, "Accept", "*/*");
    if (bytes.length > 0 || method.startsWith("P")) {
      addUnlessGiven(text, headers, "Content-Length", Integer.toString(bytes.length));
    }
    for (String header : headers) {
      text.append(new String(header.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
          .append("\r\n");
    }
    text.append("\r\n").append(new String(bytes, StandardCharsets.ISO_8859_1));
    return new HttpRequest(
        text.toString(),
        method.equals("HEAD"),
        List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE").contains(method));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void addUnlessGiven(
      StringBuilder text, List<String> headers, String name, String value) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    if (headers.stream().noneMatch(each -> each.toLowerCase(Locale.ROOT).startsWith(start))) {
      text.append(name).append(": ").append(value).append("\r\n");
    }
  }
}
