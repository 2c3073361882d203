package hello;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.Executors;

/** The JDK's HTTP server: greets, and serves a directory that it fills itself. */
final class Main {
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

  private Main() {}

  public static void main(String[] args) throws IOException {
    Path files = Files.createDirectories(Path.of("files")).toAbsolutePath();
    Path file = Files.writeString(files.resolve("a.txt"), "a file\n");
    // Clients are told; a fixed time makes answers that can be compared.
    Files.setLastModifiedTime(file, TIME);
    Files.setLastModifiedTime(files, TIME);
    String port = System.getenv("PORT");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(port == null ? 8080 : Integer.parseInt(port)), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Main::greet);
    server.createContext("/files/", SimpleFileServer.createFileHandler(files));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.stop(0);
                  System.out.println("stopped");
                }));
    server.start();
  }

  private static void greet(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    String text =
        "%s %s, %d bytes, %s\n"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                sent.length,
                Thread.currentThread().isVirtual());
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
