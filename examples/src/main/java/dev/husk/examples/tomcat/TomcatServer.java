package dev.husk.examples.tomcat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * An embedded Tomcat that serves {@link TextServlet} with Tomcat's own thread pool. Only two of its
 * settings differ from the defaults: it binds to the loopback address, and it does not close a
 * connection after 100 requests.
 */
public final class TomcatServer {
  /** A system property that means what {@code --threads} does, for those who can't change that. */
  public static final String THREADS = "dev.husk.examples.threads";

  /** Kept: the logging framework holds loggers, and with them their levels, weakly. */
  private static final Logger LOG = Logger.getLogger("org.apache");

  private TomcatServer() {}

  /**
   * Serves until the process ends.
   *
   * @param args {@code --port=<n>} (default 0, any free one) and {@code --threads=platform|virtual}
   */
  public static void main(String[] args) throws IOException, LifecycleException {
    int port = 0;
    boolean virtual = System.getProperty(THREADS, "platform").equals("virtual");
    for (String arg : args) {
      if (arg.startsWith("--port=")) {
        port = Integer.parseInt(arg.substring("--port=".length()));
      } else if (arg.equals("--threads=virtual")) {
        virtual = true;
      } else if (!arg.equals("--threads=platform")) {
        System.err.println("TomcatServer: unknown argument " + arg);
        System.err.println("usage: TomcatServer [--port=<n>] [--threads=platform|virtual]");
        System.exit(2);
      }
    }
    LOG.setLevel(Level.WARNING);
    Path base = Files.createTempDirectory("husk-tomcat");
    base.toFile().deleteOnExit();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.toString());
    Connector connector = new Connector("HTTP/1.1");
    connector.setPort(port);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("useVirtualThreads", Boolean.toString(virtual));
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", base.toString());
    Tomcat.addServlet(context, "text", new TextServlet());
    context.addServletMappingDecoded("/", "text");
    tomcat.start();
    System.out.println("ready " + connector.getLocalPort());
    tomcat.getServer().await();
  }
}
