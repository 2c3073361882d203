package dev.husk.ab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@link Loads#jdbc}. */
final class JdbcLoad implements Load {
  private final JdbcOptions options;
  private final Lesson lesson = new Lesson(Expectation.ofStatus(Expectation.NO_STATUS));
  private final ClassLoader drivers;
  private final Driver driver;

  JdbcLoad(JdbcOptions options) {
    this.options = options;
    this.drivers =
        options.jars().isEmpty()
            ? JdbcLoad.class.getClassLoader()
            : new URLClassLoader(
                options.jars().stream().map(JdbcLoad::url).toArray(URL[]::new),
                JdbcLoad.class.getClassLoader());
    this.driver = new Driver(options.driver(), options.jars(), 0);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("JDBC driver " + jar + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String describe() {
    return "JDBC %s '%s' on %d connections; %s"
        .formatted(
            options.url(), options.query(), options.driver().connections(), lesson.describe());
  }

  @Override
  public int port() {
    return options.port();
  }

  @Override
  public boolean isReady(InetSocketAddress address) throws WrongReplyException {
    try {
      return learn(address, 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (SQLException e) {
      if (isNoConnection(e)) {
        return false;
      }
      throw new WrongReplyException("the database refuses: " + e.getMessage());
    }
  }

  /** Class 08 of SQLSTATE is a connection exception; a driver that says nothing may mean one. */
  private static boolean isNoConnection(SQLException failure) {
    String state = failure.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("90");
  }

  /** False when there is no answer within the timeout. */
  private boolean learn(InetSocketAddress address, int times)
      throws SQLException, WrongReplyException, InterruptedException {
    // Not every JDBC driver heeds a timeout; a thread that hangs in one is left to itself.
    FutureTask<Boolean> contact = new FutureTask<>(() -> ask(address, times));
    Thread.ofPlatform().daemon().name("jdbc-contact").start(contact);
    try {
      return contact.get(options.driver().timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WrongReplyException wrong) {
        throw wrong;
      }
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new SQLException("the JDBC driver failed: " + e.getCause(), "HY000", e);
    }
  }

  private boolean ask(InetSocketAddress address, int times)
      throws SQLException, WrongReplyException {
    try (JdbcClient client =
        JdbcClient.connect(
            drivers,
            url(address),
            options.user(),
            options.password(),
            options.query(),
            options.driver().timeout().toNanos())) {
      for (int i = 0; i < times; i++) {
        lesson.take(client.ask());
      }
      return true;
    }
  }

  private String url(InetSocketAddress address) {
    return options.url(
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress(),
        address.getPort());
  }

  @Override
  public LoadReport run(InetSocketAddress address, double rate, Duration time)
      throws IOException, InterruptedException {
    Plan plan = Plan.of(address, rate, time, options.driver());
    if (!lesson.isComplete()) {
      try {
        learn(address, Lesson.REPLIES);
      } catch (SQLException | WrongReplyException e) {
        // The run will say so.
      }
    }
    return driver.run(
        new Job.Jdbc(
            plan,
            url(address),
            options.user(),
            options.password(),
            options.query(),
            lesson.expectation()));
  }

  @Override
  public void close() {
    driver.close();
    if (drivers instanceof URLClassLoader jars) {
      try {
        jars.close();
      } catch (IOException e) {
        // Nothing reads from them any more.
      }
    }
  }
}
