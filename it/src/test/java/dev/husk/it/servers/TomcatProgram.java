package dev.husk.it.servers;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with one blocking servlet. */
final class TomcatProgram {
  private TomcatProgram() {}

  private static final class PagesServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain");
      try {
        Pages.serve(request.getRequestURI(), request.getInputStream(), response.getOutputStream());
      } catch (InterruptedException e) {
        response.sendError(500, "interrupted");
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("husk-tomcat").toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "pages", new PagesServlet());
    context.addServletMappingDecoded("/*", "pages");
    tomcat.start();
    System.out.println("port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
