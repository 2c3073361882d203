package dev.husk.it.servers;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** Netty on NIO, several event loops: an echo and an HTTP server, with clients in the same JVM. */
final class InOneNetty {
  private static final int MB = 1 << 20;
  private static final int CONNECTIONS = 16;
  private static final int LARGE = 4 * MB;

  private InOneNetty() {}

  public static void main(String[] args) throws Exception {
    EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    EventLoopGroup servers = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
    EventLoopGroup clients = new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
    Path file = WebClients.file();
    Channel echo = serve(boss, servers, pipeline -> pipeline.addLast(new Echo()));
    Channel http =
        serve(
            boss,
            servers,
            pipeline ->
                pipeline.addLast(
                    new HttpServerCodec(), new HttpObjectAggregator(8 * MB), new Web(file)));
    int echoPort = ((InetSocketAddress) echo.localAddress()).getPort();
    int httpPort = ((InetSocketAddress) http.localAddress()).getPort();
    System.out.println("port " + echoPort);
    echoes(clients, echoPort);
    closeRaces(clients, echoPort);
    WebClients.check(httpPort, false);
    echo.close().sync();
    http.close().sync();
    System.out.println("stopped: " + refused(clients, echoPort));
    for (EventLoopGroup group : List.of(boss, servers, clients)) {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
    System.exit(0);
  }

  /**
   * Whether connections come to be refused. A channel that is registered is open until its selector
   * has been asked again, which may be a moment after Netty has told that it is closed.
   */
  private static boolean refused(EventLoopGroup clients, int port) throws Exception {
    for (int tries = 0; tries < 100; tries++) {
      try {
        new Bootstrap()
            .group(clients)
            .channel(NioSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect("127.0.0.1", port)
            .sync()
            .channel()
            .close()
            .sync();
      } catch (Exception e) {
        return e instanceof ConnectException;
      }
      Thread.sleep(20);
    }
    return false;
  }

  private interface Setup {
    void on(ChannelPipeline pipeline);
  }

  private static ChannelInitializer<SocketChannel> initializer(Setup setup) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        setup.on(channel.pipeline());
      }
    };
  }

  private static Channel serve(EventLoopGroup boss, EventLoopGroup servers, Setup setup)
      throws InterruptedException {
    return new ServerBootstrap()
        .group(boss, servers)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 200)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(initializer(setup))
        .bind("127.0.0.1", 0)
        .sync()
        .channel();
  }

  private static Channel connect(EventLoopGroup clients, int port, ChannelHandler handler)
      throws InterruptedException {
    return new Bootstrap()
        .group(clients)
        .channel(NioSocketChannel.class)
        .handler(initializer(pipeline -> pipeline.addLast(handler)))
        .connect("127.0.0.1", port)
        .sync()
        .channel();
  }

  /** Sends back what comes, at the pace at which it's taken; closes when the peer has finished. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Sends much in small and large pieces, and sums up what comes back. */
  private static final class Sender extends ChannelInboundHandlerAdapter {
    final CompletableFuture<String> done = new CompletableFuture<>();
    private final int own;
    private final CRC32 sent = new CRC32();
    private final CRC32 received = new CRC32();
    private int at;
    private long got;

    Sender(int own) {
      this.own = own;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      send(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      send(context);
    }

    private void send(ChannelHandlerContext context) {
      while (at < LARGE && context.channel().isWritable()) {
        int length = Math.min(LARGE - at, 1 + (at * 7 + own * 1000) % 70_000);
        byte[] piece = new byte[length];
        for (int i = 0; i < length; i++) {
          piece[i] = (byte) ((at + i) * 17 + own);
        }
        at += length;
        sent.update(piece);
        if (length % 3 == 0) {
          // A gathering write of several buffers.
          context.write(Unpooled.wrappedBuffer(piece, 0, length / 2));
          context.writeAndFlush(Unpooled.wrappedBuffer(piece, length / 2, length - length / 2));
        } else {
          context.writeAndFlush(Unpooled.wrappedBuffer(piece));
        }
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      got += bytes.readableBytes();
      for (ByteBuffer part : bytes.nioBuffers()) {
        received.update(part);
      }
      bytes.release();
      if (got == LARGE && at == LARGE) {
        done.complete("sums agree: " + (sent.getValue() == received.getValue()));
        context.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      done.complete("closed after " + got);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      done.complete(cause.toString());
    }
  }

  private static void echoes(EventLoopGroup clients, int port) throws Exception {
    List<Sender> senders = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Sender sender = new Sender(i);
      senders.add(sender);
      connect(clients, port, sender);
    }
    for (Sender sender : senders) {
      System.out.println("echo " + sender.own + ": " + sender.done.get(60, TimeUnit.SECONDS));
    }
  }

  /** Connections that are closed while bytes are under way in both directions. */
  private static void closeRaces(EventLoopGroup clients, int port) throws Exception {
    int closed = 0;
    for (int i = 0; i < 200; i++) {
      Channel channel =
          connect(
              clients,
              port,
              new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {}

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  context.close();
                }
              });
      if (i % 4 == 1) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      for (int n = 0; n < 4; n++) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[50_000]));
      }
      if (i % 4 == 2) {
        ((SocketChannel) channel).shutdownOutput().sync();
      }
      if (i % 4 == 3) {
        channel.write(Unpooled.wrappedBuffer(new byte[100])).addListener(f -> {});
        channel.flush();
      }
      channel.close();
      if (channel.closeFuture().await(10, TimeUnit.SECONDS)) {
        closed++;
      }
    }
    System.out.println("closed " + closed);
  }

  /** What {@link WebClients} asks for. */
  private static final class Web extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Path file;

    Web(Path file) {
      this.file = file;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
        throws IOException {
      if (request.uri().equals("/file")) {
        long size = file.toFile().length();
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, size);
        context.write(head);
        context.write(new DefaultFileRegion(file.toFile(), 0, size));
        context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        return;
      }
      byte[] body = new byte[request.content().readableBytes()];
      request.content().readBytes(body);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      WebClients.serve(request.uri(), new ByteArrayInputStream(body), out);
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.OK,
              Unpooled.wrappedBuffer(out.toByteArray()));
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, out.size());
      context.writeAndFlush(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close().addListener(ChannelFutureListener.CLOSE);
    }
  }
}
