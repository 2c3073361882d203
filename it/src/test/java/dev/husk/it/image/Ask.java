package dev.husk.it.image;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** A request of HTTP, as a client outside an image sends it. */
record Ask(String method, String target, Map<String, String> headers, String body) {
  private static final String BOUNDARY = "----a-boundary";
  private static final int LONGEST = 2000;

  static Ask get(String target) {
    return of("GET", target, "", "");
  }

  static Ask of(String method, String target, String type, String body) {
    return new Ask(method, target, type.isEmpty() ? Map.of() : Map.of("Content-Type", type), body);
  }

  /** A form with one file. */
  static Ask upload(String target, String field, String name, String content) {
    String form =
        """
        --%s\r
        Content-Disposition: form-data; name="%s"; filename="%s"\r
        Content-Type: text/plain\r
        \r
        %s\r
        --%1$s--\r
        """
            .formatted(BOUNDARY, field, name, content);
    return of("POST", target, "multipart/form-data; boundary=" + BOUNDARY, form);
  }

  Ask with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Ask(method, target, more, body);
  }

  /** Asks, and says what was answered: the status, the headers and the body. */
  String answer(HttpClient client, int port) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
            .timeout(Duration.ofMinutes(2))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    StringBuilder text =
        new StringBuilder(method + " " + target + " -> " + response.statusCode() + "\n");
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      if (!header.getKey().equals("date")) {
        text.append(header.getKey()).append(": ").append(header.getValue()).append('\n');
      }
    }
    // Error pages name the host; ports that are free have five digits.
    return timeless(text + "\n" + shown(response.body())).replace(":" + port + "/", ":*/");
  }

  private static String shown(byte[] body) {
    if (body.length <= LONGEST) {
      return new String(body, StandardCharsets.UTF_8);
    }
    CRC32 crc = new CRC32();
    crc.update(body);
    return body.length + " bytes, " + Long.toHexString(crc.getValue());
  }

  /** Without what differs each time. */
  private static String timeless(String answer) {
    return answer
        .replaceAll("JSESSIONID=[^;]*", "JSESSIONID=*")
        .replaceAll("\"timestamp\":\"[^\"]*\"", "\"timestamp\":\"*\"");
  }
}
