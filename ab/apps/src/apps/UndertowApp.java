package apps;

import io.undertow.Undertow;
import io.undertow.util.Headers;

/** Undertow as it comes, with one handler. */
final class UndertowApp {
  private UndertowApp() {}

  public static void main(String[] args) {
    Undertow.builder()
        .addHttpListener(Integer.parseInt(args[0]), "0.0.0.0")
        .setHandler(
            exchange -> {
              exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
              exchange.getResponseSender().send("Hello, World!");
            })
        .build()
        .start();
  }
}
