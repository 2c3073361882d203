package dev.husk.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.husk.it.Both.Results;
import dev.husk.it.second.SecondAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Existing servers answer a real client on Husk as on the stock JVM. */
final class ServersTest {
  private static final String PACKAGE = "dev.husk.it.servers.";
  private static final String[] PATHS = {
    "/hello", "/slow", "/thread", "/monitor", "/large", "/echo", "/none"
  };
  private static final int CLIENTS = 16;

  @ParameterizedTest
  @ValueSource(strings = {"Tomcat", "Jetty", "Undertow"})
  void answersHttp(String server) throws Exception {
    compare(server, side -> List.of());
  }

  /** They use off-heap memory rightly, and Husk takes nothing for a mistake that is none. */
  @ParameterizedTest
  @ValueSource(strings = {"Tomcat", "Jetty", "Undertow"})
  void withCheckedMemory(String server) throws Exception {
    compare(server, side -> List.of("-Dhusk.memory=checked"));
  }

  @Test
  void withJfrOn() throws Exception {
    Path folder = Files.createTempDirectory("husk-jfr");
    compare(
        "Tomcat",
        side ->
            List.of(
                "-XX:StartFlightRecording:settings=profile,filename="
                    + folder.resolve(side + ".jfr"),
                "-Xlog:jfr*=off"));
    for (Side side : List.of(Side.STOCK, Side.HUSK)) {
      List<RecordedEvent> events = RecordingFile.readAllEvents(folder.resolve(side + ".jfr"));
      assertTrue(
          events.stream()
              .anyMatch(event -> event.getEventType().getName().equals("jdk.JVMInformation")),
          side + "");
    }
  }

  @Test
  void besideASecondAgent() throws Exception {
    Path jar = AgentJar.of("Premain-Class", SecondAgent.class);
    List<String> out = compare("Tomcat", side -> List.of("-javaagent:" + jar));
    assertTrue(out.contains("the second agent is at work"), out::toString);
  }

  /** What the arguments of the server's JVM are on a side. */
  private interface Arguments {
    List<String> on(Side side);
  }

  private static List<String> compare(String server, Arguments arguments) throws Exception {
    List<List<String>> outputs = new ArrayList<>(List.of(List.of(), List.of()));
    Results<List<String>> results =
        Both.run(
            side -> {
              try (Child child =
                  Child.start(side, arguments.on(side), PACKAGE + server + "Program")) {
                List<String> answers = http(child);
                answers.add("stopped: " + stop(child));
                outputs.set(side.ordinal(), child.out());
                child.err().stream()
                    .filter(line -> line.startsWith("husk: off-heap memory"))
                    .forEach(answers::add);
                return answers;
              }
            });
    String difference = Transcript.difference("answer", results.stock(), results.husk());
    if (!difference.isEmpty()) {
      fail(server + difference);
    }
    return outputs.get(Side.HUSK.ordinal());
  }

  static int port(Child child) throws InterruptedException {
    String line = child.line("port ", 30_000);
    assertNotNull(line, () -> "the server didn't start:\n" + String.join("\n", child.err()));
    return Integer.parseInt(line.substring(5));
  }

  /** The answers to many requests at once, in an order of their own, with their counts. */
  private static List<String> http(Child child) throws Exception {
    int port = port(child);
    List<Callable<List<String>>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          () -> {
            List<String> answers = new ArrayList<>();
            try (HttpClient client =
                HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build()) {
              for (int n = 0; n < 5; n++) {
                for (String path : PATHS) {
                  answers.add(answer(client, port, path));
                }
              }
            }
            return answers;
          });
    }
    return all(clients, child);
  }

  private static String answer(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20));
    if (path.equals("/echo")) {
      request.POST(BodyPublishers.ofString("e".repeat(100_000)));
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    String body = response.body();
    return path
        + " "
        + response.statusCode()
        + " "
        + response.headers().firstValue("content-type").orElse("")
        + " "
        + (body.length() < 200 ? body : body.length() + " " + body.hashCode());
  }

  private static List<String> all(List<Callable<List<String>>> clients, Child child)
      throws Exception {
    TreeSet<String> different = new TreeSet<>();
    int count = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(clients.size())) {
      for (Future<List<String>> future : pool.invokeAll(clients)) {
        List<String> answers = future.get();
        different.addAll(answers);
        count += answers.size();
      }
    } catch (Exception e) {
      throw new AssertionError(
          e + "\n" + String.join("\n", child.err()) + "\n" + child.threadDump(), e);
    }
    List<String> result = new ArrayList<>(different);
    result.add("answers: " + count);
    return result;
  }

  private static String stop(Child child) throws Exception {
    child.signal("TERM");
    return child.ends(20_000)
        ? "exit " + child.process().exitValue()
        : "HANG\n" + child.threadDump();
  }

  @Test
  void h2AnswersJdbc() throws Exception {
    Results<List<String>> results =
        Both.run(
            side -> {
              try (Child child = Child.start(side, List.of(), PACKAGE + "H2Program")) {
                String url = "jdbc:h2:tcp://127.0.0.1:" + port(child) + "/mem:it;DB_CLOSE_DELAY=-1";
                List<String> answers = new ArrayList<>();
                try (Connection connection = DriverManager.getConnection(url, "sa", "");
                    Statement statement = connection.createStatement()) {
                  statement.execute("create table account(id int primary key, amount int)");
                  for (int i = 0; i < 4; i++) {
                    statement.execute("insert into account values(" + i + ", 1000)");
                  }
                  List<Callable<List<String>>> clients = new ArrayList<>();
                  for (int i = 0; i < 8; i++) {
                    int own = i;
                    clients.add(() -> transfers(url, own));
                  }
                  answers.addAll(all(clients, child));
                  try (ResultSet sum =
                      statement.executeQuery("select sum(amount), count(*) from account")) {
                    sum.next();
                    answers.add("sum " + sum.getInt(1) + " of " + sum.getInt(2));
                  }
                }
                answers.addAll(lockTimeout(url));
                answers.add("stopped: " + stop(child));
                return answers;
              }
            });
    assertEquals(results.stock(), results.husk());
  }

  /** Moves money around: rows that several connections lock, in one order. */
  private static List<String> transfers(String url, int own) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        PreparedStatement update =
            connection.prepareStatement("update account set amount = amount + ? where id = ?")) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set lock_timeout 20000");
      }
      for (int i = 0; i < 50; i++) {
        int from = Math.min(i % 4, (i + own) % 4);
        int to = Math.max(i % 4, (i + own) % 4);
        for (int[] step : new int[][] {{-1, from}, {1, to}}) {
          update.setInt(1, step[0]);
          update.setInt(2, step[1]);
          update.executeUpdate();
        }
        connection.commit();
      }
    }
    return List.of("transfers done");
  }

  /** One connection holds a row; the other's wait for it ends with the lock timeout. */
  private static List<String> lockTimeout(String url) throws SQLException {
    try (Connection holder = DriverManager.getConnection(url, "sa", "");
        Connection waiter = DriverManager.getConnection(url, "sa", "");
        Statement hold = holder.createStatement();
        Statement wait = waiter.createStatement()) {
      holder.setAutoCommit(false);
      hold.execute("update account set amount = 0 where id = 0");
      wait.execute("set lock_timeout 100");
      try {
        wait.execute("update account set amount = 1 where id = 0");
        return List.of("no timeout");
      } catch (SQLException e) {
        return List.of("timeout " + e.getErrorCode());
      } finally {
        holder.rollback();
      }
    }
  }
}
