package notes;

import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Serves notes, and static files of its class path. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String port = System.getenv("PORT");
    Server server = new Server(port == null ? 8080 : Integer.parseInt(port));
    ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    context.setBaseResource(ResourceFactory.of(context).newClassLoaderResource("static/"));
    context.addServlet(new ServletHolder("notes", new Notes()), "/notes/*");
    ServletHolder slow = new ServletHolder("slow", new Slow());
    slow.setAsyncSupported(true);
    context.addServlet(slow, "/slow");
    context.addServlet(new ServletHolder("default", new DefaultServlet()), "/");
    server.setHandler(context);
    server.setStopAtShutdown(true);
    server.setStopTimeout(2000);
    server.start();
    System.out.println("notes are served");
    server.join();
  }
}
