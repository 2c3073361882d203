package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.pause;
import static dev.husk.it.scenarios.LoopbackHelp.buffer;
import static dev.husk.it.scenarios.LoopbackHelp.pattern;
import static dev.husk.it.scenarios.LoopbackHelp.readOf;
import static dev.husk.it.scenarios.LoopbackHelp.told;
import static dev.husk.it.scenarios.SocketHelp.channelPair;
import static dev.husk.it.scenarios.SocketHelp.loopback;
import static dev.husk.it.scenarios.SocketHelp.pair;

import com.sun.net.httpserver.HttpServer;
import dev.husk.it.scenarios.Kind.Meanwhile;
import dev.husk.it.scenarios.SocketHelp.ChannelPair;
import dev.husk.it.scenarios.SocketHelp.Pair;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Files, pipes and HTTP by way of connections. */
final class TransferCases {
  private static final int SIZE = 3_000_000;

  private TransferCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(TransferCases.class, args);
  }

  private static Path file() throws Exception {
    Path file = Files.createTempFile("husk-transfer", ".bin");
    file.toFile().deleteOnExit();
    Files.write(file, pattern(SIZE));
    return file;
  }

  private static String read(FileChannel channel) throws Exception {
    return Arrays.equals(pattern(SIZE), channelBytes(channel)) + " " + channel.position();
  }

  private static byte[] channelBytes(FileChannel channel) throws Exception {
    ByteBuffer all = ByteBuffer.allocate((int) channel.size());
    channel.read(all, 0);
    return all.array();
  }

  @Case
  static Object fileToConnection() throws Exception {
    Path file = file();
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair();
              FileChannel from = FileChannel.open(file)) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      long sum = 0;
                      while (sum < SIZE) {
                        sum += from.transferTo(sum, SIZE - sum, pair.client());
                      }
                      long behind = from.transferTo(SIZE + 10L, 5, pair.client());
                      pair.client().shutdownOutput();
                      return sum + " " + behind;
                    });
            byte[] back = Channels.newInputStream(pair.server()).readAllBytes();
            return writer.end() + Arrays.equals(pattern(SIZE), back) + from.position();
          }
        });
  }

  /** One call sends everything, but for a virtual thread, for which some is enough. */
  @Case
  static Object blockingCallsAreWhole() throws Exception {
    Path file = Files.createTempFile("whole", null);
    byte[] bytes = pattern((16 << 20) + 100);
    Files.write(file, bytes);
    ByteBuffer[] parts = {ByteBuffer.wrap(bytes, 0, 100), ByteBuffer.wrap(bytes, 100, 16 << 20)};
    try {
      return Kind.each(
          kind -> {
            StringBuilder all = new StringBuilder();
            for (int way = 0; way < 3; way++) {
              int by = way;
              try (ChannelPair pair = channelPair();
                  FileChannel from = FileChannel.open(file)) {
                SocketChannel to = pair.client();
                Meanwhile writer =
                    kind.begin(
                        k -> {
                          long n =
                              switch (by) {
                                case 0 -> to.write(ByteBuffer.wrap(bytes));
                                case 1 ->
                                    to.write(
                                        new ByteBuffer[] {
                                          parts[0].duplicate(), parts[1].duplicate()
                                        });
                                default -> from.transferTo(0, bytes.length, to);
                              };
                          to.shutdownOutput();
                          return k == Kind.VIRTUAL ? n >= 0 && n <= bytes.length : n;
                        });
                byte[] back = Channels.newInputStream(pair.server()).readAllBytes();
                all.append(writer.end())
                    .append(Arrays.equals(bytes, 0, back.length, back, 0, back.length))
                    .append(' ');
              }
            }
            return all;
          });
    } finally {
      Files.delete(file);
    }
  }

  @Case
  static Object fileToFullConnection() throws Exception {
    Path file = file();
    return Kind.each(
        kind -> {
          try (ChannelPair pair = channelPair();
              FileChannel from = FileChannel.open(file)) {
            pair.client().configureBlocking(false);
            long n = 1;
            for (int idle = 0; idle < 5; ) {
              n = from.transferTo(0, SIZE, pair.client());
              idle = n == 0 ? idle + 1 : 0;
              pause(n == 0 ? 3 : 0);
            }
            pair.server().read(ByteBuffer.allocate(100));
            pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.server().close();
            pause(10);
            return n
                + " "
                + told(() -> from.transferTo(0, SIZE, pair.client()))
                + told(() -> from.transferTo(0, SIZE, pair.client()))
                + pair.client().isOpen();
          }
        });
  }

  @Case
  static Object fileToClosedConnection() throws Exception {
    Path file = file();
    try (ChannelPair pair = channelPair();
        FileChannel from = FileChannel.open(file)) {
      pair.client().shutdownOutput();
      String shut = told(() -> from.transferTo(0, 10, pair.client()));
      pair.client().close();
      return shut
          + told(() -> from.transferTo(0, 10, pair.client()))
          + told(() -> from.transferTo(0, 10, pair.server()));
    }
  }

  @Case
  static Object connectionToFile() throws Exception {
    return Kind.each(
        kind -> {
          Path file = Files.createTempFile("husk-transfer", ".bin");
          try (ChannelPair pair = channelPair();
              FileChannel to =
                  FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      Channels.newOutputStream(pair.client()).write(pattern(SIZE));
                      pair.client().close();
                      return "written";
                    });
            long sum = 0;
            for (long n; (n = to.transferFrom(pair.server(), sum, 1 << 20)) > 0; ) {
              sum += n;
            }
            return writer.end() + sum + " " + read(to);
          } finally {
            Files.delete(file);
          }
        });
  }

  @Case
  static Object streamsToAndFromFiles() throws Exception {
    Path file = file();
    return Kind.each(
        kind -> {
          Path copy = Files.createTempFile("husk-transfer", ".bin");
          try (Pair pair = pair()) {
            Meanwhile writer =
                kind.begin(
                    k -> {
                      long n = Files.copy(file, pair.client().getOutputStream());
                      pair.client().shutdownOutput();
                      return n;
                    });
            long n;
            try (OutputStream out = Files.newOutputStream(copy)) {
              n = pair.server().getInputStream().transferTo(out);
            }
            return writer.end() + " " + n + " " + Files.mismatch(file, copy);
          } finally {
            Files.delete(copy);
          }
        });
  }

  @Case
  static Object connectionToConnection() {
    return Kind.each(
        kind -> {
          try (Pair one = pair();
              Pair two = pair()) {
            Meanwhile relay =
                kind.begin(
                    k -> {
                      InputStream in = one.server().getInputStream();
                      long n = in.transferTo(two.client().getOutputStream());
                      two.client().shutdownOutput();
                      return n;
                    });
            Meanwhile writer =
                kind.begin(
                    k -> {
                      one.client().getOutputStream().write(pattern(SIZE));
                      one.client().close();
                      return "written";
                    });
            byte[] back = two.server().getInputStream().readAllBytes();
            return writer.end() + relay.end() + Arrays.equals(pattern(SIZE), back);
          }
        });
  }

  @Case
  static Object pipes() {
    return Kind.each(
        kind -> {
          Pipe pipe = Pipe.open();
          Meanwhile writer =
              kind.begin(
                  k -> {
                    ByteBuffer bytes = ByteBuffer.wrap(pattern(SIZE));
                    while (bytes.hasRemaining()) {
                      pipe.sink().write(bytes);
                    }
                    pipe.sink().close();
                    return "written";
                  });
          byte[] back = Channels.newInputStream(pipe.source()).readAllBytes();
          String end = readOf(pipe.source());
          pipe.source().close();
          Pipe other = Pipe.open();
          other.source().close();
          String broken = told(() -> other.sink().write(buffer("x")));
          other.sink().close();
          return writer.end() + Arrays.equals(pattern(SIZE), back) + end + broken;
        });
  }

  @Case
  static Object lines() {
    return Kind.each(
        kind -> {
          try (Pair pair = pair()) {
            pair.client().setTcpNoDelay(true);
            pair.server().setTcpNoDelay(true);
            Meanwhile server =
                kind.begin(
                    k -> {
                      BufferedReader in =
                          new BufferedReader(new InputStreamReader(pair.server().getInputStream()));
                      PrintWriter out = new PrintWriter(pair.server().getOutputStream(), true);
                      int n = 0;
                      for (String line = in.readLine(); line != null; line = in.readLine()) {
                        out.println("<" + line + ">");
                        n++;
                      }
                      pair.server().shutdownOutput();
                      return n;
                    });
            BufferedReader in =
                new BufferedReader(new InputStreamReader(pair.client().getInputStream()));
            PrintWriter out = new PrintWriter(pair.client().getOutputStream(), true);
            int right = 0;
            for (int i = 0; i < 100; i++) {
              out.println("line " + i);
              right += in.readLine().equals("<line " + i + ">") ? 1 : 0;
            }
            pair.client().shutdownOutput();
            return right + " " + server.end() + in.readLine();
          }
        });
  }

  private static HttpServer server(Kind kind) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 50);
    server.setExecutor(
        Executors.newCachedThreadPool(
            body ->
                switch (kind) {
                  case VIRTUAL -> Thread.ofVirtual().unstarted(body);
                  case ORDINARY -> daemon(new Thread(body, "ordinary"));
                  case PLATFORM -> daemon(new Thread(body, "platform-http"));
                }));
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Remote", exchange.getRemoteAddress().toString());
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
            out.write("!".getBytes());
          }
        });
    server.start();
    return server;
  }

  private static Thread daemon(Thread thread) {
    thread.setDaemon(true);
    return thread;
  }

  private static URI uri(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/path");
  }

  @Case
  static Object httpClient() {
    return Kind.each(
        kind -> {
          HttpServer server = server(kind);
          HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
          try {
            int right = 0;
            for (int size : new int[] {1, 0, 100_000, 5, 1_000_000}) {
              HttpRequest request =
                  HttpRequest.newBuilder(uri(server))
                      .timeout(Duration.ofSeconds(6))
                      .POST(HttpRequest.BodyPublishers.ofByteArray(pattern(size)))
                      .build();
              var answer = client.send(request, BodyHandlers.ofByteArray());
              right += answer.statusCode() == 200 && answer.body().length == size + 1 ? 1 : 0;
            }
            CompletableFuture<?>[] many = new CompletableFuture<?>[20];
            Arrays.setAll(
                many,
                i ->
                    client.sendAsync(
                        HttpRequest.newBuilder(uri(server)).build(), BodyHandlers.ofString()));
            CompletableFuture.allOf(many).get(8, TimeUnit.SECONDS);
            return right + " " + many.length;
          } finally {
            client.shutdownNow();
            server.stop(0);
          }
        });
  }

  @Case
  static Object urlConnection() {
    return Kind.each(
        kind -> {
          HttpServer server = server(kind);
          try {
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < 3; i++) {
              HttpURLConnection connection =
                  (HttpURLConnection) uri(server).toURL().openConnection();
              connection.setReadTimeout(6_000);
              connection.setDoOutput(true);
              connection.getOutputStream().write('u');
              seen.append(connection.getResponseCode());
              seen.append(new String(connection.getInputStream().readAllBytes()));
            }
            return seen;
          } finally {
            server.stop(0);
          }
        });
  }

  @Case
  static Object httpFailures() {
    return Kind.each(
        kind -> {
          HttpServer server = server(kind);
          URI uri = uri(server);
          server.stop(0);
          HttpClient client = HttpClient.newHttpClient();
          try {
            String refused =
                told(
                    () ->
                        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()));
            String url = told(() -> uri.toURL().openStream());
            return refused + url;
          } finally {
            client.shutdownNow();
          }
        });
  }
}
