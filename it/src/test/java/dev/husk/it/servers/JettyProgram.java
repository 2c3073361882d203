package dev.husk.it.servers;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty with one blocking handler. */
final class JettyProgram {
  private JettyProgram() {}

  private static final class PagesHandler extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
      try (var in = Content.Source.asInputStream(request);
          var out = Content.Sink.asOutputStream(response)) {
        Pages.serve(request.getHttpURI().getPath(), in, out);
      }
      callback.succeeded();
      return true;
    }
  }

  public static void main(String[] args) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new PagesHandler());
    server.setStopAtShutdown(true);
    server.start();
    System.out.println("port " + connector.getLocalPort());
    server.join();
  }
}
