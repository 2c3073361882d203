package dev.husk.it.servers;

import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.h2.tools.Server;

/** H2 as a server on TCP, with its JDBC driver in the same JVM. */
final class InOneH2 {
  private static final int CLIENTS = 8;
  private static final int ROWS = 500;

  private InOneH2() {}

  public static void main(String[] args) throws Exception {
    Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    int port = server.getPort();
    System.out.println("port " + port);
    String url = "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:it;DB_CLOSE_DELAY=-1";
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("create table item(id int primary key, owner int, text varchar(1000))");
      statement.execute("create table large(id int primary key, data blob)");
      List<Callable<String>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int own = i;
        clients.add(() -> client(url, own));
      }
      try (ExecutorService pool = Executors.newFixedThreadPool(CLIENTS)) {
        for (Future<String> future : pool.invokeAll(clients)) {
          System.out.println(future.get());
        }
      }
      try (ResultSet sum =
          statement.executeQuery("select count(*), sum(id), sum(length(text)) from item")) {
        sum.next();
        System.out.println(sum.getLong(1) + " " + sum.getLong(2) + " " + sum.getLong(3));
      }
      cancel(connection);
    }
    server.stop();
    try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
      System.out.println("still served: " + connection);
    } catch (SQLException e) {
      System.out.println("stopped: " + e.getErrorCode() + " " + e.getCause());
    }
    System.exit(0);
  }

  private static String client(String url, int own) throws Exception {
    byte[] data = new byte[2_000_000 + own];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 31 + own);
    }
    try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into item values(?, ?, ?)")) {
        for (int i = 0; i < ROWS; i++) {
          insert.setInt(1, own * ROWS + i);
          insert.setInt(2, own);
          insert.setString(3, "row ".repeat(i % 200));
          if (i % 2 == 0) {
            insert.addBatch();
          } else {
            insert.executeUpdate();
          }
        }
        insert.executeBatch();
      }
      try (PreparedStatement insert =
          connection.prepareStatement("insert into large values(?, ?)")) {
        insert.setInt(1, own);
        insert.setBytes(2, data);
        insert.executeUpdate();
      }
      connection.commit();
      CRC32 sum = new CRC32();
      try (Statement statement = connection.createStatement();
          ResultSet large = statement.executeQuery("select data from large where id = " + own)) {
        large.next();
        try (InputStream in = large.getBinaryStream(1)) {
          sum.update(in.readAllBytes());
        }
      }
      int rows = 0;
      try (Statement statement = connection.createStatement();
          ResultSet items =
              statement.executeQuery("select id, text from item where owner = " + own)) {
        while (items.next()) {
          rows++;
        }
      }
      CRC32 expected = new CRC32();
      expected.update(data);
      return "client " + own + ": " + rows + " rows, " + (sum.getValue() == expected.getValue());
    }
  }

  /** A statement that another thread cancels, by another connection of the driver's. */
  private static void cancel(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      Thread canceller =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 200; i++) {
                    Thread.sleep(50);
                    statement.cancel();
                  }
                } catch (InterruptedException | SQLException e) {
                  // Cancelled, and the statement closed.
                }
              });
      canceller.start();
      try {
        statement.executeQuery(
            "select count(*) from system_range(1, 1000000) a, system_range(1, 1000000) b");
        System.out.println("not cancelled");
      } catch (SQLException e) {
        System.out.println("cancelled: " + e.getErrorCode());
      }
      canceller.interrupt();
      canceller.join();
    }
  }
}
