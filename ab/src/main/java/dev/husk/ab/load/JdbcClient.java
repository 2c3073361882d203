package dev.husk.ab.load;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** A connection of JDBC with its statement. One thread uses it. */
final class JdbcClient implements AutoCloseable {
  private static final int EXCERPT = 200;

  /** The SQLSTATE of an error that isn't one of the connection. */
  private static final String GENERAL = "HY000";

  private final Connection connection;
  private final PreparedStatement statement;

  private JdbcClient(Connection connection, PreparedStatement statement) {
    this.connection = connection;
    this.statement = statement;
  }

  /**
   * Connects.
   *
   * @param drivers where JDBC drivers are found
   * @param timeoutNanos for connecting and for each answer, as far as the driver heeds it
   */
  static JdbcClient connect(
      ClassLoader drivers, String url, String user, String word, String query, long timeoutNanos)
      throws SQLException {
    Properties properties = new Properties();
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
      properties.setProperty("password", word);
    }
    Connection connection = driver(drivers, url).connect(url, properties);
    if (connection == null) {
      throw new SQLException("the JDBC driver refuses " + url, GENERAL);
    }
    try {
      connection.setNetworkTimeout(
          Runnable::run, (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos)));
    } catch (SQLException | UnsupportedOperationException | AbstractMethodError e) {
      // An old driver; the caller doesn't wait for ever in any case.
    }
    try {
      return new JdbcClient(connection, connection.prepareStatement(query));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static Driver driver(ClassLoader drivers, String url) throws SQLException {
    for (Driver each : ServiceLoader.load(Driver.class, drivers)) {
      if (each.acceptsURL(url)) {
        return each;
      }
    }
    throw new SQLException(
        "no JDBC driver for " + url + "; name its jar, or put it on the class path", GENERAL);
  }

  /** Asks once, and reads all of the answer. */
  Answer ask() throws SQLException {
    CRC32C crc = new CRC32C();
    StringBuilder start = new StringBuilder();
    long rows = 0;
    if (statement.execute()) {
      try (ResultSet result = statement.getResultSet()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          rows++;
          for (int i = 1; i <= columns; i++) {
            String cell = result.getString(i);
            // A null differs from the word, and two cells from one with both texts.
            crc.update(cell == null ? 1 : 2);
            crc.update(String.valueOf(cell).getBytes(StandardCharsets.UTF_8));
            crc.update(0);
            if (start.length() < EXCERPT) {
              start.append(start.isEmpty() ? "" : i == 1 ? "; " : ", ").append(cell);
            }
          }
        }
      }
    } else {
      crc.update(statement.getUpdateCount());
      start.append(statement.getUpdateCount()).append(" changed");
    }
    return new Answer(
        Expectation.NO_STATUS, rows, (int) crc.getValue(), "", Answer.excerpt(start.toString()));
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The app is gone; so is the connection.
    }
  }
}
