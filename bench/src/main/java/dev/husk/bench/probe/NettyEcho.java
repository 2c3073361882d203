package dev.husk.bench.probe;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/**
 * Netty clients and a Netty server in one JVM: each of {@code connections} sends 64 bytes, and
 * again when they have come back. Prints {@code requests/s}. {@code transport=nio|epoll}.
 */
public final class NettyEcho {
  private static final int SIZE = 64;
  private static final LongAdder replies = new LongAdder();

  private NettyEcho() {}

  /** See the class comment. */
  public static void main(String[] args) throws Exception {
    ProbeArgs probe = ProbeArgs.parse(args);
    boolean epoll = probe.text("transport", "nio").equals("epoll");
    int connections = probe.number("connections", 16);
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> listens =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Class<? extends Channel> connects = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, handlers);
    EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, handlers);
    try {
      Channel listener =
          new ServerBootstrap()
              .group(servers)
              .channel(listens)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(new EchoHandler())
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .sync()
              .channel();
      Bootstrap client =
          new Bootstrap()
              .group(clients)
              .channel(connects)
              .option(ChannelOption.TCP_NODELAY, true)
              .handler(new ClientHandler());
      for (int i = 0; i < connections; i++) {
        client.connect(listener.localAddress()).sync();
      }
      Thread.sleep(probe.warmUpNanos() / 1_000_000);
      long before = replies.sum();
      long start = System.nanoTime();
      Thread.sleep(probe.measureNanos() / 1_000_000);
      Metrics.print("requests/s", (replies.sum() - before) * 1e9 / (System.nanoTime() - start));
    } finally {
      clients.shutdownGracefully();
      servers.shutdownGracefully();
    }
    Runtime.getRuntime().halt(0);
  }

  @ChannelHandler.Sharable
  private static final class EchoHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message, context.voidPromise());
    }
  }

  @ChannelHandler.Sharable
  private static final class ClientHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.writeAndFlush(Unpooled.directBuffer(SIZE).writeZero(SIZE));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (((ByteBuf) message).readableBytes() != SIZE) {
        throw new IllegalStateException("a reply in pieces");
      }
      replies.increment();
      context.writeAndFlush(message, context.voidPromise());
    }
  }
}
