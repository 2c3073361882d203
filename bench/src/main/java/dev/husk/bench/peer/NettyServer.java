package dev.husk.bench.peer;

import dev.husk.examples.http.BlockingServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The event-loop server that Husk is measured against, as lean as an honest one can be: one event
 * loop per core, pooled direct buffers, no codec, no object per request (see {@link
 * TerminatorHandler}), one read and one write per request. It sends the bytes that {@link
 * BlockingServer} sends.
 */
public final class NettyServer {
  private static final int READ_BUFFER = 2048;

  private NettyServer() {}

  /**
   * Listens on the loopback address and serves until the process ends.
   *
   * @param args {@code --transport=nio|epoll}, {@code --port=<n>} (default 0, any free one) and
   *     {@code --loops=<n>} (default one per core)
   */
  public static void main(String[] args) throws Exception {
    int port = 0;
    int loops = Runtime.getRuntime().availableProcessors();
    boolean epoll = false;
    for (String arg : args) {
      if (arg.startsWith("--port=")) {
        port = Integer.parseInt(arg.substring("--port=".length()));
      } else if (arg.startsWith("--loops=")) {
        loops = Integer.parseInt(arg.substring("--loops=".length()));
      } else if (arg.equals("--transport=epoll")) {
        epoll = true;
      } else if (!arg.equals("--transport=nio")) {
        System.err.println("NettyServer: unknown argument " + arg);
        System.err.println("usage: NettyServer [--transport=nio|epoll] [--port=<n>] [--loops=<n>]");
        System.exit(2);
      }
    }
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    // The loop that accepts is one of the loops that serve: no thread beyond the cores.
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, handlers);
    byte[] response = BlockingServer.response();
    Channel channel =
        new ServerBootstrap()
            .group(group)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BUFFER))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    child.pipeline().addLast(new TerminatorHandler(response));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sync()
            .channel();
    System.out.println("ready " + ((InetSocketAddress) channel.localAddress()).getPort());
    channel.closeFuture().sync();
  }
}
