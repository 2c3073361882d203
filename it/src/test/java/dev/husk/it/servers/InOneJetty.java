package dev.husk.it.servers;

import java.nio.file.Path;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Jetty, with its clients in the same JVM. */
final class InOneJetty {
  private InOneJetty() {}

  private static final class WebHandler extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      try (var in = Content.Source.asInputStream(request);
          var out = Content.Sink.asOutputStream(response)) {
        WebClients.serve(request.getHttpURI().getPath(), in, out);
      }
      callback.succeeded();
      return true;
    }
  }

  public static void main(String[] args) throws Exception {
    Path file = WebClients.file();
    Server server = new Server();
    HttpConfiguration configuration = new HttpConfiguration();
    ServerConnector connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ResourceHandler files = new ResourceHandler();
    files.setBaseResource(ResourceFactory.of(server).newResource(file.getParent()));
    files.setHandler(new WebHandler());
    server.setHandler(files);
    server.start();
    int port = connector.getLocalPort();
    System.out.println("port " + port);
    WebClients.check(port, true);
    server.stop();
    WebClients.checkRefused(port);
    System.exit(0);
  }
}
