package dev.husk.it.servers;

import io.undertow.Undertow;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;

/** Undertow with one handler on its worker threads. */
final class UndertowProgram {
  private UndertowProgram() {}

  public static void main(String[] args) {
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                new BlockingHandler(
                    exchange -> {
                      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
                      Pages.serve(
                          exchange.getRequestPath(),
                          exchange.getInputStream(),
                          exchange.getOutputStream());
                    }))
            .build();
    server.start();
    InetSocketAddress address =
        (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    System.out.println("port " + address.getPort());
  }
}
