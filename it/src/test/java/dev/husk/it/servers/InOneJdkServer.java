package dev.husk.it.servers;

import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own server, with its clients in the same JVM. */
final class InOneJdkServer {
  private InOneJdkServer() {}

  public static void main(String[] args) throws Exception {
    Path file = WebClients.file();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService workers = Executors.newCachedThreadPool();
    server.setExecutor(workers);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          exchange.sendResponseHeaders(200, path.equals("/file") ? Files.size(file) : 0);
          try (exchange;
              InputStream in = exchange.getRequestBody();
              OutputStream out = exchange.getResponseBody()) {
            if (path.equals("/file")) {
              Files.copy(file, out);
            } else {
              WebClients.serve(path, in, out);
            }
          }
        });
    server.start();
    int port = server.getAddress().getPort();
    System.out.println("port " + port);
    WebClients.check(port, false);
    server.stop(0);
    workers.shutdown();
    WebClients.checkRefused(port);
    System.exit(0);
  }
}
