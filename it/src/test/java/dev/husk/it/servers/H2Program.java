package dev.husk.it.servers;

import java.sql.SQLException;
import org.h2.tools.Server;

/** H2 as a server on TCP. */
final class H2Program {
  private H2Program() {}

  public static void main(String[] args) throws SQLException {
    Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    System.out.println("port " + server.getPort());
  }
}
