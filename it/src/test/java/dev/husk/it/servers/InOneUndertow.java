package dev.husk.it.servers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Undertow, with its clients in the same JVM; sends its file with {@code sendfile}. */
final class InOneUndertow {
  private InOneUndertow() {}

  public static void main(String[] args) throws Exception {
    Path file = WebClients.file();
    PathHandler handler =
        new PathHandler(
                new BlockingHandler(
                    exchange ->
                        WebClients.serve(
                            exchange.getRequestPath(),
                            exchange.getInputStream(),
                            exchange.getOutputStream())))
            .addExactPath(
                "/file",
                new ResourceHandler(
                    (exchange, path) -> {
                      // 1 byte: every larger file is sent by the kernel where it can.
                      return new PathResourceManager(file.getParent(), 1).getResource("/file");
                    }));
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setHandler(handler)
            .build();
    server.start();
    int port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    System.out.println("port " + port);
    WebClients.check(port, true);
    // Its thread still asks for one more connection after the last, and logs it where it finds the
    // listener closed, on either JVM.
    Thread.sleep(200);
    server.stop();
    WebClients.checkRefused(port);
    System.exit(0);
  }
}
