package dev.husk.it.servers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/** The HTTP clients of the JDK, and what a server of the same JVM serves them. */
final class WebClients {
  private static final int MB = 1 << 20;
  private static final int CLIENTS = 4;
  private static final int ROUNDS = Integer.getInteger("it.rounds", 1);
  private static final byte[] LARGE = random(2 * MB + 321);

  private WebClients() {}

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** A file that the server serves as {@code /file}, alone in its folder. */
  static Path file() throws IOException {
    Path file = Files.createTempDirectory("husk-web").resolve("file");
    Files.write(file, LARGE);
    return file;
  }

  /** Answers one request, but for {@code /file}; blocking. */
  static void serve(String path, InputStream in, OutputStream out) throws IOException {
    switch (path) {
      case "/sum" -> {
        byte[] buffer = new byte[10_000];
        CRC32 sum = new CRC32();
        long length = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sum.update(buffer, 0, n);
          length += n;
        }
        out.write((length + " " + sum.getValue()).getBytes(StandardCharsets.UTF_8));
      }
      case "/echo" -> in.transferTo(out);
      case "/large" -> {
        for (int at = 0; at < LARGE.length; at += 100_000) {
          out.write(LARGE, at, Math.min(100_000, LARGE.length - at));
        }
      }
      default -> out.write(("page " + path).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What one client sends and gets: a path, and how many bytes of which body, chunked or not. */
  private record Exchange(String path, int length, boolean chunked) {
    InputStream body() {
      // In pieces, as from a pipe.
      int half = length / 2;
      return new SequenceInputStream(
          new ByteArrayInputStream(LARGE, 0, half),
          new ByteArrayInputStream(LARGE, half, length - half));
    }
  }

  private static final List<Exchange> EXCHANGES =
      List.of(
          new Exchange("/hello", 0, false),
          new Exchange("/large", 0, false),
          new Exchange("/file", 0, false),
          new Exchange("/sum", MB, false),
          new Exchange("/sum", 2 * MB, true),
          new Exchange("/echo", 100_000, false),
          new Exchange("/echo", MB, true));

  private interface Client {
    String exchange(Exchange exchange) throws Exception;
  }

  /**
   * Runs all clients against a port and prints what they got, in an order of its own.
   *
   * @param h2c whether the server speaks HTTP/2 after an upgrade
   */
  static void check(int port, boolean h2c) throws Exception {
    try (HttpClient one = client(HttpClient.Version.HTTP_1_1);
        HttpClient two = client(HttpClient.Version.HTTP_2)) {
      check("HttpClient", exchange -> send(one, port, exchange));
      if (h2c) {
        // The upgrade, alone; the others then share its connection.
        System.out.println("h2c " + send(two, port, EXCHANGES.getFirst()));
        check("HttpClient with h2c", exchange -> send(two, port, exchange));
      }
      check("HttpURLConnection", exchange -> connect(port, exchange));
    }
    breakOff(port);
    System.out.println("after breaking off: " + connect(port, EXCHANGES.getFirst()));
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).connectTimeout(Duration.ofSeconds(10)).build();
  }

  private static void check(String name, Client client) throws Exception {
    for (boolean virtual : new boolean[] {false, true}) {
      try (ExecutorService pool =
          virtual
              ? Executors.newVirtualThreadPerTaskExecutor()
              : Executors.newFixedThreadPool(CLIENTS)) {
        List<Callable<List<String>>> tasks = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          tasks.add(
              () -> {
                List<String> answers = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                  for (Exchange exchange : EXCHANGES) {
                    answers.add(exchange + ": " + client.exchange(exchange));
                  }
                }
                return answers;
              });
        }
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (Future<List<String>> future : pool.invokeAll(tasks)) {
          for (String answer : future.get()) {
            counts.merge(answer, 1, Integer::sum);
          }
        }
        counts.forEach(
            (answer, count) ->
                System.out.println(
                    name + (virtual ? ", virtual" : "") + ", " + count + " times " + answer));
      }
    }
  }

  private static String send(HttpClient client, int port, Exchange exchange) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(port, exchange)).timeout(Duration.ofSeconds(30));
    if (exchange.length > 0) {
      request.POST(
          exchange.chunked
              ? BodyPublishers.ofInputStream(exchange::body)
              : BodyPublishers.ofByteArray(LARGE, 0, exchange.length));
    }
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    return response.version() + " " + answer(response.statusCode(), response.body());
  }

  private static String connect(int port, Exchange exchange) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri(port, exchange).toURL().openConnection();
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(30_000);
    if (exchange.length > 0) {
      connection.setDoOutput(true);
      if (exchange.chunked) {
        connection.setChunkedStreamingMode(8_000);
      } else {
        connection.setFixedLengthStreamingMode(exchange.length);
      }
      try (OutputStream out = connection.getOutputStream();
          InputStream body = exchange.body()) {
        body.transferTo(out);
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in = connection.getInputStream()) {
      return answer(status, in.readAllBytes());
    }
  }

  private static URI uri(int port, Exchange exchange) {
    return URI.create("http://127.0.0.1:" + port + exchange.path);
  }

  private static String answer(int status, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return status
        + " "
        + (body.length < 100
            ? new String(body, StandardCharsets.UTF_8)
            : body.length + " " + sum.getValue());
  }

  /** Clients that go away in the middle of an answer, with a FIN and with a reset. */
  private static void breakOff(int port) throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (i % 2 == 0) {
          socket.setSoLinger(true, 0);
        }
        socket
            .getOutputStream()
            .write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        if (i % 4 < 2) {
          byte[] some = socket.getInputStream().readNBytes(10_000);
          if (some.length != 10_000) {
            System.out.println("read only " + some.length);
          }
        }
      }
    }
  }

  /** The server is gone: nobody listens, in the process or out of it. */
  static void checkRefused(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      System.out.println("still served: " + socket);
    } catch (ConnectException e) {
      System.out.println("stopped: " + e.getMessage());
    }
  }
}
