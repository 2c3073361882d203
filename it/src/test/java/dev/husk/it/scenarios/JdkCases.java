package dev.husk.it.scenarios;

import static dev.husk.it.scenarios.Help.ended;
import static dev.husk.it.scenarios.Help.go;
import static dev.husk.it.scenarios.Help.opened;
import static dev.husk.it.scenarios.Help.thrown;

import com.sun.net.httpserver.HttpServer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;

/** Services of the JDK that bring threads of their own: HTTP, RMI, JMX, asynchronous channels. */
final class JdkCases {
  private JdkCases() {}

  public static void main(String[] args) throws InterruptedException {
    Cases.run(JdkCases.class, args);
  }

  private static HttpServer server(ExecutorService pool) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(SocketHelp.loopback(), 0), 128);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String answer =
              exchange.getRequestURI().getPath()
                  + " "
                  + body.length
                  + " "
                  + Thread.currentThread().isVirtual();
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.setExecutor(pool);
    server.start();
    return server;
  }

  private static URI uri(HttpServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Case
  static Object httpServerAndBlockingClients() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      HttpServer server = server(pool);
      Set<String> answers = new TreeSet<>();
      AtomicInteger count = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        threads.add(
            go(
                () -> {
                  try (HttpClient client = HttpClient.newHttpClient()) {
                    for (int n = 0; n < 10; n++) {
                      String body =
                          client
                              .send(
                                  HttpRequest.newBuilder(uri(server, "/a"))
                                      .POST(BodyPublishers.ofByteArray(new byte[20_000]))
                                      .build(),
                                  BodyHandlers.ofString())
                              .body();
                      synchronized (answers) {
                        answers.add(body);
                      }
                      count.incrementAndGet();
                    }
                  }
                }));
      }
      String end = ended(threads.toArray(new Thread[0]));
      server.stop(0);
      return end + " " + answers + " " + count;
    }
  }

  @Case
  static Object httpClientAsynchronous() throws Exception {
    try (ExecutorService pool = Executors.newCachedThreadPool();
        HttpClient client = HttpClient.newBuilder().executor(pool).build()) {
      HttpServer server = server(pool);
      List<CompletableFuture<String>> futures = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        futures.add(
            client
                .sendAsync(
                    HttpRequest.newBuilder(uri(server, "/b")).build(), BodyHandlers.ofString())
                .thenApply(response -> response.body()));
      }
      Set<String> answers = new TreeSet<>();
      for (CompletableFuture<String> future : futures) {
        answers.add(future.get(10, TimeUnit.SECONDS));
      }
      server.stop(0);
      return answers;
    }
  }

  @Case
  static Object httpClientTimesOutAndIsInterrupted() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    HttpServer server = HttpServer.create(new InetSocketAddress(SocketHelp.loopback(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Help.quietly(gate::await).run();
          exchange.close();
        });
    ExecutorService pool = Executors.newCachedThreadPool();
    server.setExecutor(pool);
    server.start();
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri(server, "/")).build();
      seen.add(
          thrown(
              () ->
                  client.send(
                      HttpRequest.newBuilder(uri(server, "/"))
                          .timeout(Duration.ofMillis(1500))
                          .build(),
                      BodyHandlers.ofString())));
      Thread thread =
          go(() -> seen.add(thrown(() -> client.send(request, BodyHandlers.ofString()))));
      Help.pause(100);
      thread.interrupt();
      seen.add(ended(thread));
      gate.countDown();
    }
    server.stop(0);
    pool.shutdown();
    return seen + " " + pool.awaitTermination(10, TimeUnit.SECONDS);
  }

  /** A remote object. */
  public interface Greeter extends Remote {
    String greet(String name) throws RemoteException;
  }

  private static final class GreeterObject implements Greeter {
    @Override
    public String greet(String name) {
      return "hello "
          + name
          + " "
          + Thread.currentThread().isVirtual()
          + " "
          + Thread.currentThread().getName().startsWith("RMI TCP Connection");
    }
  }

  @Case
  static Object rmi() throws Exception {
    System.setProperty("java.rmi.server.hostname", "127.0.0.1");
    Registry registry = LocateRegistry.createRegistry(0);
    GreeterObject object = new GreeterObject();
    Greeter stub = (Greeter) UnicastRemoteObject.exportObject(object, 0);
    Set<String> answers = ConcurrentHashMap.newKeySet();
    AtomicInteger count = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          go(
              () -> {
                for (int n = 0; n < 20; n++) {
                  answers.add(stub.greet("you"));
                  count.incrementAndGet();
                }
              }));
    }
    String end = ended(threads.toArray(new Thread[0]));
    UnicastRemoteObject.unexportObject(object, true);
    UnicastRemoteObject.unexportObject(registry, true);
    return end + " " + answers + " " + count;
  }

  @Case
  static Object jmxOverRmi() throws Exception {
    System.setProperty("java.rmi.server.hostname", "127.0.0.1");
    JMXConnectorServer server =
        JMXConnectorServerFactory.newJMXConnectorServer(
            new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
            null,
            ManagementFactory.getPlatformMBeanServer());
    server.start();
    try (JMXConnector connector = JMXConnectorFactory.connect(server.getAddress())) {
      MBeanServerConnection connection = connector.getMBeanServerConnection();
      ThreadMXBean bean =
          ManagementFactory.newPlatformMXBeanProxy(
              connection, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
      CountDownLatch gate = new CountDownLatch(1);
      Thread thread = go("seen through JMX", gate::await);
      Help.reaches(thread, Thread.State.WAITING);
      var info = bean.getThreadInfo(thread.threadId());
      boolean counted = bean.getThreadCount() > 1;
      gate.countDown();
      return (info == null ? "null" : info.getThreadName() + " " + info.getThreadState())
          + " "
          + counted
          + " "
          + ended(thread);
    } finally {
      server.stop();
    }
  }

  @Case
  static Object asynchronousGroupWithOwnThreads() throws Exception {
    Set<Thread> made = ConcurrentHashMap.newKeySet();
    AsynchronousChannelGroup group =
        AsynchronousChannelGroup.withFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "group");
              made.add(thread);
              return thread;
            });
    CountDownLatch all = new CountDownLatch(20);
    AtomicInteger onOwn = new AtomicInteger();
    try (AsynchronousServerSocketChannel listener =
        AsynchronousServerSocketChannel.open(group)
            .bind(new InetSocketAddress(SocketHelp.loopback(), 0))) {
      listener.accept(
          null,
          new CompletionHandler<>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Object attachment) {
              listener.accept(null, this);
              ByteBuffer buffer = ByteBuffer.allocate(10);
              channel.read(
                  buffer,
                  null,
                  new CompletionHandler<Integer, Object>() {
                    @Override
                    public void completed(Integer count, Object attachment) {
                      if (made.contains(Thread.currentThread())) {
                        onOwn.incrementAndGet();
                      }
                      all.countDown();
                    }

                    @Override
                    public void failed(Throwable e, Object attachment) {}
                  });
            }

            @Override
            public void failed(Throwable e, Object attachment) {}
          });
      for (int i = 0; i < 20; i++) {
        AsynchronousSocketChannel client = AsynchronousSocketChannel.open();
        client.connect(listener.getLocalAddress()).get();
        client.write(SocketHelp.bytes(1)).get();
      }
      boolean through = opened(all);
      group.shutdownNow();
      return through
          + " "
          + onOwn
          + " "
          + made.size()
          + " "
          + group.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  @Case
  static Object embeddedDatabaseInFiles() throws Exception {
    Path folder = Files.createTempDirectory("husk-h2");
    String url = "jdbc:h2:" + folder.resolve("db");
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("create table t(id int primary key, v varchar)");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int own = i;
        threads.add(
            go(
                () -> {
                  try (Connection mine = DriverManager.getConnection(url, "sa", "");
                      Statement insert = mine.createStatement()) {
                    for (int n = 0; n < 100; n++) {
                      insert.execute("insert into t values(" + (own * 100 + n) + ", 'x')");
                    }
                  }
                }));
      }
      String end = ended(threads.toArray(new Thread[0]));
      try (ResultSet result = statement.executeQuery("select count(*) from t")) {
        result.next();
        end += " " + result.getInt(1);
      }
      return end;
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
