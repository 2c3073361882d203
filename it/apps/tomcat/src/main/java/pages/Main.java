package pages;

import jakarta.servlet.MultipartConfigElement;
import java.io.File;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** Serves the web app that lies beside it, and two servlets. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    Tomcat tomcat = new Tomcat();
    String port = System.getenv("PORT");
    tomcat.setPort(port == null ? 8080 : Integer.parseInt(port));
    Context context = tomcat.addWebapp("", new File("webapp").getAbsolutePath());
    Tomcat.addServlet(context, "guests", new Guests(java.nio.file.Path.of("guests.txt")));
    context.addServletMappingDecoded("/guests", "guests");
    Wrapper upload = Tomcat.addServlet(context, "upload", new Upload());
    // All of an upload goes through a file of the work directory.
    upload.setMultipartConfigElement(new MultipartConfigElement("", 1 << 20, 1 << 21, 0));
    context.addServletMappingDecoded("/upload", "upload");
    tomcat.getConnector();
    tomcat.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("good night")));
    tomcat.getServer().await();
  }
}
