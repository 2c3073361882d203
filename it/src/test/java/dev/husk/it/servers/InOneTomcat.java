package dev.husk.it.servers;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, with its clients in the same JVM; sends its file with {@code sendfile}. */
final class InOneTomcat {
  private InOneTomcat() {}

  private static final class WebServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    WebServlet(Path file) {
      this.file = file;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (!request.getRequestURI().equals("/file")) {
        WebClients.serve(
            request.getRequestURI(), request.getInputStream(), response.getOutputStream());
      } else if (request.getAttribute("org.apache.tomcat.sendfile.support") == Boolean.TRUE) {
        long size = Files.size(file);
        response.setContentLengthLong(size);
        request.setAttribute("org.apache.tomcat.sendfile.filename", file.toString());
        request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
        request.setAttribute("org.apache.tomcat.sendfile.end", size);
      } else {
        Files.copy(file, response.getOutputStream());
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("husk-tomcat").toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "web", new WebServlet(WebClients.file()));
    context.addServletMappingDecoded("/*", "web");
    tomcat.start();
    int port = tomcat.getConnector().getLocalPort();
    System.out.println("port " + port);
    // No h2c: Tomcat now and then closes such a connection under HttpClient, on the stock JVM, too.
    WebClients.check(port, false);
    tomcat.stop();
    tomcat.destroy();
    WebClients.checkRefused(port);
    System.exit(0);
  }
}
