package dev.husk.ab.load;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/1.1, and what is a correct reply to it.
 *
 * @param url {@code http://host:port/path}, or {@code /path} on the first port the app listens on.
 *     The host is what the app is told in the header {@code Host}; connections go to the app
 *     wherever it runs
 * @param method such as GET
 * @param headers each {@code Name: value}
 * @param body in UTF-8, "" for none
 * @param expectStatus the only correct status; 0 for what the first variant answers, below 400
 * @param expectBody the only correct body, or {@code /a pattern/} that must be found in its first
 *     2^20 bytes; null for what the first variant answers, if it answers the same each time
 * @param driver how the driver works
 */
public record HttpOptions(
    String url,
    String method,
    List<String> headers,
    String body,
    int expectStatus,
    @Nullable String expectBody,
    DriverOptions driver) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one makes no sense; the message says what to do
   */
  public HttpOptions {
    parse(url);
    if (!method.matches("[A-Za-z]+") || method.equalsIgnoreCase("CONNECT")) {
      throw new IllegalArgumentException("'" + method + "' is not a method such as GET or POST");
    }
    for (String header : headers) {
      if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\r\\n]*")) {
        throw new IllegalArgumentException("header '" + header + "' is not Name: value");
      }
    }
    if (expectStatus != 0 && (expectStatus < 200 || expectStatus > 599)) {
      throw new IllegalArgumentException(
          "expected status: " + expectStatus + " is not between 200 and 599");
    }
    String pattern = pattern(expectBody);
    if (pattern != null) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("expected body: " + e.getMessage(), e);
      }
    }
    method = method.toUpperCase(Locale.ROOT);
    headers = List.copyOf(headers);
  }

  /** A GET whose correct reply is learned. */
  public static HttpOptions of(String url) {
    return new HttpOptions(url, "GET", List.of(), "", 0, null, DriverOptions.DEFAULT);
  }

  public HttpOptions withMethod(String name) {
    return new HttpOptions(url, name, headers, body, expectStatus, expectBody, driver);
  }

  /** With one more, {@code Name: value}. */
  public HttpOptions withHeader(String header) {
    List<String> all = new ArrayList<>(headers);
    all.add(header);
    return new HttpOptions(url, method, all, body, expectStatus, expectBody, driver);
  }

  public HttpOptions withBody(String text) {
    return new HttpOptions(url, method, headers, text, expectStatus, expectBody, driver);
  }

  public HttpOptions withExpectStatus(int status) {
    return new HttpOptions(url, method, headers, body, status, expectBody, driver);
  }

  public HttpOptions withExpectBody(String text) {
    return new HttpOptions(url, method, headers, body, expectStatus, text, driver);
  }

  public HttpOptions withDriver(DriverOptions options) {
    return new HttpOptions(url, method, headers, body, expectStatus, expectBody, options);
  }

  /** The port of the app, 0 for the first it listens on. */
  int port() {
    URI uri = parse(url);
    return uri == null ? 0 : uri.getPort() < 0 ? 80 : uri.getPort();
  }

  /**
   * The request, as it is sent.
   *
   * @param port of the app, for the header {@code Host} where the URL has none
   */
  HttpRequest request(int port) {
    URI uri = parse(url);
    String host = "localhost:" + port;
    String target = url;
    if (uri != null) {
      host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
      target = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      target += uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }
    return HttpRequest.of(method, target, host, headers, body);
  }

  /** Null for a path alone. */
  private static @Nullable URI parse(String url) {
    if (url.startsWith("/")) {
      if (!url.matches("[!-~]+")) {
        throw new IllegalArgumentException(
            "url '" + url + "': blanks and letters beyond ASCII must be written as %XX");
      }
      return null;
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url '" + url + "': " + e.getMessage(), e);
    }
    if ("https".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException(
          "url '"
              + url
              + "': the driver doesn't speak TLS. Give the app's http port, or a load command that"
              + " does, such as --load 'wrk https://{host}:{port}/'");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "url '" + url + "' is neither http://host:port/path nor /path");
    }
    return uri;
  }

  /** The pattern of {@code /pattern/}, null for anything else. */
  static @Nullable String pattern(@Nullable String expectBody) {
    return expectBody != null
            && expectBody.length() > 1
            && expectBody.startsWith("/")
            && expectBody.endsWith("/")
        ? expectBody.substring(1, expectBody.length() - 1)
        : null;
  }
}
